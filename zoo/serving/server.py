"""`serve`: the application on a socket, in one process or several."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import uvicorn

from .app import create_app
from .config import ServerConfig
from .metrics import MULTIPROCESS_FOLDER
from .models import open_model, sources

CONFIG = "KOPREP_SERVER_CONFIG"
API_KEY = "KOPREP_API_KEY"
"""Variables that tell a worker what to serve."""

GRACE_S = 30
"""Seconds that requests under way have, once the server is told to stop."""

WORKER_S = 60
"""Seconds without a sign of life, after which a worker is replaced: it imports much at first."""

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "koprep.zoo.serving.guard.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "loggers": {
        name: {"handlers": ["stderr"], "level": "INFO", "propagate": False}
        for name in ("koprep.serving", "uvicorn.error")
    },
}

SETTINGS: dict[str, Any] = {
    "access_log": False,  # the guard writes one line a request
    "log_config": LOGGING,
    "proxy_headers": False,
    "server_header": False,
    "timeout_graceful_shutdown": GRACE_S,
    "timeout_worker_healthcheck": WORKER_S,
    "ws": "none",
}


def serve(
    config: ServerConfig,
    *,
    host: str,
    port: int,
    workers: int,
    started: Callable[[str], object] = lambda address: None,
) -> None:
    """Serve until a signal ends it: what is under way is finished first.

    Args:
        config: what is served.
        host: name or number of the interface.
        port: 0 for any that is free.
        workers: processes; each has all models open.
        started: called with the address, just before the models are opened.

    Raises:
        OSError: the address is taken, or is not of this machine.
        FileNotFoundError, ValueError, ModuleNotFoundError: a folder that cannot be served.
    """
    for source in sources(config.folders):
        if source.folder in config.folders:
            open_model(source)  # what is wrong with it shows before the server starts
    listening = _listen(host, port)
    port = listening.getsockname()[1]
    started(f"http://{f'[{host}]' if ':' in host else host}:{port}/")
    with suppress(KeyboardInterrupt):
        if workers == 1:
            uvicorn.Server(uvicorn.Config(create_app(config), **SETTINGS)).run([listening])
            return
        listening.close()  # uvicorn opens it again for all its workers
        with (
            tempfile.TemporaryDirectory(prefix="koprep-metrics-") as folder,
            _environment(
                {
                    CONFIG: config.to_json(),
                    MULTIPROCESS_FOLDER: folder,
                    API_KEY: config.api_key or "",
                }
            ),
        ):
            uvicorn.run(
                "koprep.zoo.serving.server:app_of_worker",
                factory=True,
                host=host,
                port=port,
                workers=workers,
                **SETTINGS,
            )


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Set variables, which the workers inherit, and set them back."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def app_of_worker() -> Any:
    """Return the application of one worker of several; the environment says what it serves."""
    api_key = os.environ.get(API_KEY) or None  # an empty one is none, as on the command line
    return create_app(ServerConfig.from_json(os.environ[CONFIG], api_key))


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends small answers at once only where a socket says that it is TCP
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform == "win32":  # there SO_REUSEADDR would let two servers share a port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(2048)
    except OSError as error:
        listening.close()
        raise OSError(
            f"cannot listen on {host} port {port}: {error.strerror or error}; "
            "choose another with --port, or stop what listens there"
        ) from error
    return listening
