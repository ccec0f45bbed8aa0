"""Findings as rows of text, and as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.table import Table

from benchmarks.record import Comparison, Finding, Measure, Other, Side


@dataclass(frozen=True)
class Row:
    """One line of a table."""

    work: str
    koprep: str
    other: str
    ratio: str
    due: str
    missed: bool = False
    """Whether what was found is not what is due."""

    @property
    def cells(self) -> tuple[str, ...]:
        """What stands in the columns."""
        return self.work, self.koprep, self.other, self.ratio, self.due

    @property
    def judged(self) -> int:
        """The column that is held against what is due."""
        return 3 if self.ratio else 1


def to_rows(findings: Iterable[Finding]) -> Iterator[Row]:
    """Yield a row for each other side, and for each measure."""
    for finding in findings:
        if isinstance(finding, Measure):
            yield _of_measure(finding)
        else:
            for number, other in enumerate(finding.others):
                yield _of_other(finding, other, is_first=not number)


def to_table(name: str, findings: Iterable[Finding]) -> Table:
    """Return one question's findings."""
    table = Table("work", "koprep", "other side", "ratio", "due", title=name, title_justify="left")
    for row in to_rows(findings):
        cells = list(row.cells)
        if row.missed:
            cells[row.judged] = f"[red]{cells[row.judged]}[/]"
        table.add_row(*cells)
    return table


def to_number(value: float, unit: str) -> str:
    """Write a measure with four digits or so."""
    digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 100 else 2 if abs(value) >= 10 else 3
    return f"{value:,.{digits}f} {unit}".rstrip()


def _of_other(comparison: Comparison, other: Other, *, is_first: bool) -> Row:
    return Row(
        work=comparison.title if is_first else "",
        koprep=_side(comparison, comparison.koprep) if is_first else "",
        other=_side(comparison, other),
        ratio=f"{other.ratio:.2f}",
        due="-" if other.due is None else f"{other.due:g}",
        missed=other.due is not None and other.ratio < other.due,
    )


def _side(comparison: Comparison, side: Side) -> str:
    unit = comparison.unit
    spread = f"{to_number(min(side.rounds), '')} to {to_number(max(side.rounds), unit)}"
    return f"{side.name}\n{to_number(side.median, unit)} ({spread})"


def _of_measure(measure: Measure) -> Row:
    limits = [
        f"{word} {to_number(limit, measure.unit)}"
        for word, limit in (("at least", measure.least), ("at most", measure.most))
        if limit is not None
    ]
    return Row(
        work=measure.what,
        koprep=to_number(measure.found, measure.unit),
        other=measure.detail,
        ratio="",
        due=", ".join(limits) or "-",
        missed=measure.reached is False,
    )
