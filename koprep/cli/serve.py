"""`koprep serve`."""

from __future__ import annotations

import ipaddress
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console


def serve(
    model: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FOLDER",
            help="A trained model's folder, served under its name beside the models that come "
            "with koprep; may be given several times.",
        ),
    ] = None,
    host: Annotated[
        str, typer.Option(help="The interface to listen on; 0.0.0.0 is every one.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes any that is free.", min=0, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="Processes; each has all models open.", min=1)] = 1,
    api_key: Annotated[
        str | None,
        typer.Option(
            envvar="KOPREP_API_KEY",
            show_default=False,
            help="What a request has to show in the header X-API-Key; better given by the "
            "environment, which other users cannot read.",
        ),
    ] = None,
    max_body: Annotated[int, typer.Option(help="Bytes of a request's body.")] = 1 << 20,
    max_texts: Annotated[int, typer.Option(help="Texts of a request.")] = 1024,
    max_characters: Annotated[int, typer.Option(help="Characters of a text.")] = 10_000,
    max_queue: Annotated[
        int,
        typer.Option(help="Texts taken on and not yet answered; beyond, a request gets 503."),
    ] = 2048,
    max_new_tokens: Annotated[int, typer.Option(help="Tokens a request may have written.")] = 200,
) -> None:
    """Serve models as a web page and an HTTP API, until Ctrl+C or SIGTERM.

    One JSON line a request is written to standard error; it holds no text.
    """
    for package in ("fastapi", "onnx", "prometheus_client", "uvicorn"):
        if find_spec(package) is None:
            raise ModuleNotFoundError(
                f"koprep serve needs {package}: pip install 'koprep[serve]'", name=package
            )
    from koprep.zoo.serving.config import Limits, ServerConfig
    from koprep.zoo.serving.server import serve as run_server

    config = ServerConfig(
        folders=tuple(model or ()),
        limits=Limits(
            body_bytes=max_body,
            texts=max_texts,
            characters=max_characters,
            queue=max_queue,
            new_tokens=max_new_tokens,
        ),
        api_key=api_key,
    )
    console = Console(stderr=True, emoji=False)
    if api_key is None and not _is_loopback(host):
        console.print(
            f"[yellow]warning:[/] {host} can be reached by other machines, and there is no key: "
            "whoever reaches it may use it. Give KOPREP_API_KEY.",
            highlight=False,
            soft_wrap=True,
        )
    run_server(
        config,
        host=host,
        port=port,
        workers=workers,
        started=lambda address: print(f"koprep: {address} (Ctrl+C stops)", flush=True),
    )


def _is_loopback(host: str) -> bool:
    """Return whether only this machine reaches the address.

    >>> _is_loopback("127.0.0.1"), _is_loopback("localhost"), _is_loopback("0.0.0.0")
    (True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
