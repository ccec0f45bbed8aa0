"""`Guard`: what every request passes, whatever it asks for: key, body limit, headers, records."""

from __future__ import annotations

import hmac
import json
import logging
import time
import traceback
from collections.abc import Collection
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .admission import Admission
from .config import ServerConfig
from .metrics import Metrics
from .problems import Problem

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)

SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_RAW_HEADERS = [(name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]

LOCKED = ("/v1/", "/metrics")
"""Where paths begin that ask for the key; page, description and health are for everybody."""

TEXTS = "koprep.texts"
"""Key of the scope: how many texts a request holds."""

log: logging.Logger = logging.getLogger("koprep.serving")


class Guard:
    """An ASGI application around the API.

    Args:
        app: the API.
        config: limits and key.
        metrics: where requests are counted.
        admission: while it is full, no body is even read.
        paths: the API's own; others are recorded as one, whatever a client makes up.
    """

    def __init__(
        self,
        app: ASGIApp,
        config: ServerConfig,
        metrics: Metrics,
        admission: Admission,
        paths: Collection[str],
    ) -> None:
        self.app = app
        self._limit = config.limits.body_bytes
        self._key = None if config.api_key is None else config.api_key.encode()
        self._metrics = metrics
        self.admission = admission
        self._paths = frozenset(paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start = time.perf_counter()
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message.setdefault("headers", [])
                headers += _RAW_HEADERS
                if scope["path"].startswith("/v1/"):
                    headers.append((b"cache-control", b"no-store"))
            await send(message)

        scope[TEXTS] = 0
        try:
            problem = self._refusal(scope)
            if problem is not None:
                await problem.response()(scope, receive, send_with_headers)
            else:
                await self.app(scope, self._limited(receive), send_with_headers)
        except Exception as error:  # noqa: BLE001  # a request's fault must not end the server
            _log_crash(error)
            if not status:
                await Problem.internal().response()(scope, receive, send_with_headers)
        finally:
            self._record(scope, status, time.perf_counter() - start)

    def _refusal(self, scope: Scope) -> Problem | None:
        """Return why a request is not even looked at; None if it is."""
        headers = Headers(scope=scope)
        if self._key is not None and scope["path"].startswith(LOCKED):
            shown = headers.get("x-api-key", "").encode("latin-1")
            if not hmac.compare_digest(shown, self._key):
                return Problem.unauthorized()
        length = headers.get("content-length", "0")
        if length.isdecimal() and int(length) > self._limit:
            return Problem.body_too_large(self._limit)
        if scope["method"] == "POST" and self.admission.full:
            return Problem.overloaded()
        return None

    def _limited(self, receive: Receive) -> Receive:
        """Count the body as it comes, whatever length was announced."""
        read = 0

        async def limited() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._limit:
                raise Problem.body_too_large(self._limit)
            return message

        return limited

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        path = scope["path"]
        if path not in self._paths:
            path = "/static" if path.startswith("/static/") else "other"
        self._metrics.request(path, status, seconds, scope[TEXTS])
        log.info(
            "request",
            extra={
                "fields": {
                    "method": scope["method"],
                    "path": path,
                    "status": status,
                    "ms": round(1000 * seconds, 2),
                    "texts": scope[TEXTS],
                }
            },
        )


def _log_crash(error: Exception) -> None:
    """Log where an error came from, without its message, which may hold a text."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    log.error("crash", extra={"fields": {"error": type(error).__name__, "where": where}})


class JsonLines(logging.Formatter):
    """A log line as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        return json.dumps(line, ensure_ascii=False)
