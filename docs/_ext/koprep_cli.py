"""The reference of the `koprep` command, written from the command itself.

On a MyST page, under its title:

    ```{koprep-cli}
    ```

writes one section for every command, with its usage, arguments and options. Other pages link to a
command by {ref}`cli-koprep-train` and to an option by {option}`koprep train --out`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import typer
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from koprep.cli.app import app

BARE_OPTION = re.compile(r"(?<![\w-])--[a-z-]+")


class CommandReference(SphinxDirective):
    """All commands, one section each."""

    def run(self) -> list[nodes.Node]:
        root = typer.main.get_command(app)
        page = "\n".join(_sections(root, "koprep", None))
        return self.parse_text_to_nodes(page, allow_section_headings=True)


def _sections(command: Any, path: str, parent: Any) -> Iterator[str]:
    """Write a command, then the commands below it, as MyST."""
    context = command.context_class(command, info_name=path.split()[-1], parent=parent)
    commands: dict[str, Any] = getattr(command, "commands", {})
    yield f"(cli-{path.replace(' ', '-')})="
    yield f"## {path}\n"
    yield f"{_prose(command.help or '')}\n"
    yield f"```text\n{_usage(command, context)}\n```\n"
    yield f"```{{program}} {path}\n```\n"
    for parameter in command.params:
        record = parameter.get_help_record(context)
        if record is not None:
            signature, told = record
            yield f"````{{option}} {signature.strip()}\n{_prose(told)}\n````\n"
    for name, below in commands.items():
        yield from _sections(below, f"{path} {name}", context)


def _prose(told: str) -> str:
    """Mark options as code: typography would make one dash of two."""
    parts = told.split("`")
    parts[::2] = [BARE_OPTION.sub(r"`\g<0>`", part) for part in parts[::2]]
    return "`".join(parts)


def _usage(command: Any, context: Any) -> str:
    return str(command.get_usage(context)).removeprefix("Usage:").strip()


def setup(app: Sphinx) -> ExtensionMetadata:
    """Give pages the directive `koprep-cli`."""
    app.add_directive("koprep-cli", CommandReference)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
