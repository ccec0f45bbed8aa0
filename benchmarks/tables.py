"""Findings as tables for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from benchmarks.record import Comparison, Finding, Measure, Side


def to_table(name: str, findings: Sequence[Finding]) -> Table:
    """Return one question's findings: a row for each other side, and for each measure."""
    table = Table("work", "koprep", "other side", "ratio", "due", title=name, title_justify="left")
    for finding in findings:
        if isinstance(finding, Measure):
            table.add_row(*_measure(finding))
            continue
        for number, other in enumerate(finding.others):
            due = "-" if other.due is None else f"{other.due:g}"
            missed = other.due is not None and other.ratio < other.due
            table.add_row(
                finding.title if not number else "",
                _side(finding, finding.koprep) if not number else "",
                _side(finding, other),
                f"[red]{other.ratio:.2f}[/]" if missed else f"{other.ratio:.2f}",
                due,
            )
    return table


def to_number(value: float, unit: str) -> str:
    """Write a measure with four digits or so."""
    digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 100 else 2 if abs(value) >= 10 else 3
    return f"{value:,.{digits}f} {unit}".rstrip()


def _side(comparison: Comparison, side: Side) -> str:
    unit = comparison.unit
    spread = f"{to_number(min(side.rounds), '')} to {to_number(max(side.rounds), unit)}"
    told = f"{side.name}\n{to_number(side.median, unit)} ({spread})"
    return told if side.figure is None else f"{told}\n{comparison.figure} {side.figure:.4f}"


def _measure(measure: Measure) -> tuple[str, ...]:
    limits = [
        f"{word} {to_number(limit, measure.unit)}"
        for word, limit in (("at least", measure.least), ("at most", measure.most))
        if limit is not None
    ]
    found = to_number(measure.found, measure.unit)
    return (
        measure.what,
        f"[red]{found}[/]" if measure.reached is False else found,
        measure.detail,
        "",
        ", ".join(limits) or "-",
    )
