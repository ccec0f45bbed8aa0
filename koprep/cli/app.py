"""The `koprep` command: its groups, and how errors reach the person who typed it."""

from __future__ import annotations

import io
import os
import sys
import warnings
from typing import Annotated, Any, TextIO

import typer
import typer.core
from rich.console import Console
from rich.markup import escape

from koprep._version import __version__
from koprep.cli import (
    clean,
    compare,
    datasets,
    doctor,
    encode,
    evaluate,
    generate,
    leaderboard,
    predict,
    profile,
    serve,
    tag,
    tokenize,
    train,
    verify,
    zoo,
)


class Commands(typer.core.TyperGroup):
    """The commands; Typer would make exit code 1, some rows being bad, of a closed pipe."""

    def invoke(self, ctx: Any) -> Any:
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()
        except BrokenPipeError:  # the reader of our output stopped reading
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(CLOSED_PIPE) from None


app: typer.Typer = typer.Typer(
    cls=Commands,
    help="Korean text preprocessing and small recurrent models.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("clean")(clean.clean)
app.command("tokenize")(tokenize.tokenize)
app.command("encode")(encode.encode)
app.command("compare")(compare.compare)
app.command("profile")(profile.profile)
app.command("train")(train.train)
app.command("evaluate")(evaluate.evaluate)
app.command("leaderboard")(leaderboard.leaderboard)
app.command("predict")(predict.predict)
app.command("verify")(verify.verify)
app.command("generate")(generate.generate)
app.command("tag")(tag.tag)
app.command("serve")(serve.serve)
app.command("doctor")(doctor.doctor)
app.add_typer(zoo.app, name="zoo")
app.add_typer(datasets.app, name="datasets")

CLOSED_PIPE = 141
"""The exit code that a shell shows for what SIGPIPE ends."""

USER_ERRORS = (ValueError, TypeError, OSError, ModuleNotFoundError)
"""What wrong input raises: shown as one message, exit code 2. `KOPREP_TRACEBACK=1` shows all."""

errors: Console = Console(stderr=True, emoji=False)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"koprep {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line."""
    warnings.showwarning = _show_warning
    if isinstance(sys.stdout, io.TextIOWrapper) and not sys.stdout.isatty():
        # files and pipes, which Windows would write otherwise
        sys.stdout.reconfigure(encoding="utf-8", errors=sys.stdout.errors)
    try:
        app(prog_name="koprep")
    except USER_ERRORS as error:
        if os.environ.get("KOPREP_TRACEBACK"):
            raise
        errors.print(f"[bold red]error:[/] {escape(str(error))}", soft_wrap=True, highlight=False)
        sys.exit(2)


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    errors.print(f"[yellow]warning:[/] {escape(str(message))}", soft_wrap=True, highlight=False)
