"""What was measured, from the record that is kept in `docs/reference/benchmarks.json`.

On a page:

    ```{benchmark} pipeline growth
    ```

shows the findings of these questions as one table, the newest run's and no other's;
`{benchmark-run}` says when, where and with what it was made, and `{benchmark-picture} ratios`
draws it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from benchmarks import pictures
from benchmarks.record import Record
from benchmarks.tables import Row, to_rows

DOCS = Path(__file__).parents[1]
KEPT = DOCS / "reference" / "benchmarks.json"
DRAWN = DOCS / "_build" / "benchmarks"

WORDS = {
    "ratios": "How many times as fast koprep is as each other side, on a logarithmic scale",
    "growth": "Seconds over the number of reviews, both logarithmic: nearly a straight line",
}
"""For those who do not see a picture."""


class _OfRecord(SphinxDirective):
    def record(self) -> Record:
        self.env.note_dependency(str(KEPT))
        return Record.load(KEPT)


class Benchmark(_OfRecord):
    """A table of what the named questions found."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        found = self.record().findings
        names = self.arguments[0].split()
        missing = [name for name in names if name not in found]
        if missing:
            raise self.error(f"the record answers no {', '.join(missing)}")
        rows = [row for name in names for row in to_rows(found[name])]
        return self.parse_text_to_nodes("\n".join(_table(rows)))


class BenchmarkRun(_OfRecord):
    """How, where and with what the record was made."""

    def run(self) -> list[nodes.Node]:
        return self.parse_text_to_nodes(told_run(self.record()))


class BenchmarkPicture(_OfRecord):
    """One of the pictures of a record."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        if name not in WORDS:
            raise self.error(f"no picture {name!r}; choose from {', '.join(WORDS)}")
        pictures.draw(self.record(), DRAWN)
        drawn = f"/{DRAWN.relative_to(DOCS).as_posix()}/{name}.svg"
        return self.parse_text_to_nodes(f"![{WORDS[name]}]({drawn})")


def told_run(record: Record) -> str:
    """Write when, where and with what a record was made."""
    machine = record.machine
    versions = ", ".join(f"{name} {version}" for name, version in record.versions.items())
    return (
        f"`{record.command}`, on {record.date} at commit `{record.commit}`; {machine.cores} cores "
        f"({_escaped(machine.processor)}), {machine.memory_gb:.0f} GB of memory, "
        f"{_escaped(machine.system)}; {versions}."
    )


def _table(rows: Iterable[Row]) -> Iterator[str]:
    yield "| work | koprep | other side | ratio | due |"
    yield "|---|---|---|---:|---:|"
    for row in rows:
        cells = [_escaped(cell).replace("\n", "<br>") for cell in row.cells]
        if row.missed:
            cells[row.judged] += " (missed)"
        yield f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    return re.sub(r"([\\*_{}\[\]<>|$])", r"\\\1", text)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Give pages the directives that show the record."""
    app.add_directive("benchmark", Benchmark)
    app.add_directive("benchmark-run", BenchmarkRun)
    app.add_directive("benchmark-picture", BenchmarkPicture)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
