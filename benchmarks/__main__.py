"""Run measurements: `python -m benchmarks [--rounds N] [NAME …]`; without names, all."""

from __future__ import annotations

import argparse
import importlib
import statistics
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.rounds import Answer, measure

SUPPORT = {"__init__", "__main__", "rounds", "data", "lecture", "http_load"}
QUESTIONS = sorted(
    path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in SUPPORT
)


def _row(name: str, answer: Answer) -> tuple[str, ...]:
    question = answer.question
    sides = (
        (question.koprep_name, answer.koprep_rounds),
        (question.other_name, answer.other_rounds),
    )
    unit = question.unit
    digits = 3 if unit in ("s", "ms") else 0
    cells = [
        f"{side}\n{statistics.median(rounds):,.{digits}f} {unit} "
        f"({min(rounds):,.{digits}f} to {max(rounds):,.{digits}f})"
        for side, rounds in sides
    ]
    if question.figure:
        cells = [
            f"{cell}\n{question.figure} {figure:.4f}"
            for cell, figure in zip(cells, answer.figures, strict=True)
        ]
    due = f"{question.least_ratio:g}" if question.least_ratio else "-"
    return name, question.title, *cells, f"{answer.ratio:.2f}", due


def main() -> None:
    """Measure and print a table of ratios."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(QUESTIONS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--minutes", type=float, default=1, help="that the server's memory is watched for"
    )
    arguments = parser.parse_args()
    for name in arguments.names:
        if name not in QUESTIONS:
            parser.error(f"unknown benchmark {name!r}; choose from {', '.join(QUESTIONS)}")
    table = Table("benchmark", "work", "koprep", "other side", "ratio", "due")
    for name in arguments.names or QUESTIONS:
        module = importlib.import_module(f"benchmarks.{name}")
        if hasattr(module, "report"):  # more than one ratio: it prints its own table
            module.report(arguments.minutes)
        else:
            table.add_row(*_row(name, measure(module.question(), arguments.rounds)))
    if table.row_count:
        Console(width=140).print(table)


if __name__ == "__main__":
    main()
