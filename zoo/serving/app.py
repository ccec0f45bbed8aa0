"""`create_app`: the server as an ASGI application."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from koprep._version import __version__

from .config import ServerConfig
from .guard import Guard
from .problems import ProblemDocument, answer_crash, answer_http_error, answer_invalid_body
from .routes import api_routes, service_routes
from .service import Service

PAGE = Path(__file__).with_name("page")

DESCRIPTION = """Korean text, preprocessed and read by small recurrent models.

Every error is a problem document (RFC 9457) in English (`detail`) and Korean (`detail_ko`).
The server takes on at most {queue} texts at a time, and answers 503 with `Retry-After` beyond.
A request may have {body_bytes} bytes and {texts} texts, a text {characters} characters.
"""


class PageFiles(StaticFiles):
    """The page's files, whose names stay when they change: a browser asks whether they did."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Return the file, or 304 to whom has it."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


def create_app(config: ServerConfig) -> Guard:
    """Return the server's application; it opens its models when it is started.

    Raises:
        FileNotFoundError: a folder that there is not.
        ValueError: a folder that cannot be served.
    """
    service = Service(config)
    limits = config.limits
    app = FastAPI(
        title="koprep",
        version=__version__,
        description=DESCRIPTION.format(
            queue=limits.queue,
            body_bytes=limits.body_bytes,
            texts=limits.texts,
            characters=limits.characters,
        ),
        docs_url=None,
        redoc_url=None,
        lifespan=service.lifespan,
        redirect_slashes=False,
    )
    app.include_router(api_routes(service))
    app.include_router(service_routes(service))
    app.add_exception_handler(HTTPException, answer_http_error)
    app.add_exception_handler(RequestValidationError, answer_invalid_body)
    app.add_exception_handler(Exception, answer_crash)

    page = PageFiles(directory=PAGE)

    @app.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
    async def index(request: Request) -> Response:
        return await page.get_response("index.html", request.scope)

    app.mount("/static", page, name="static")
    described = _described(app, locked=config.api_key is not None)
    app.openapi = lambda: described  # type: ignore[method-assign]
    paths = {"/", "/openapi.json", *described["paths"]}
    return Guard(app, config, service.metrics, service.admission, paths)


def _described(app: FastAPI, *, locked: bool) -> dict[str, Any]:
    """Return the description, with what the routes do not say: problems, and the key."""
    described = app.openapi()
    schemas: dict[str, Any] = described["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):  # the framework's, never sent
        schemas.pop(name, None)
    schemas[ProblemDocument.__name__] = ProblemDocument.model_json_schema()
    if locked:
        described["components"]["securitySchemes"] = {
            "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"}
        }
        for path, operations in described["paths"].items():
            for operation in operations.values():
                if path.startswith(("/v1/", "/metrics")):
                    operation["security"] = [{"key": []}]
    return described
