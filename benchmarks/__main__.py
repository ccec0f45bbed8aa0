"""Measure koprep beside what people use: without names, every question is asked."""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from benchmarks.record import ROOT, Finding, Record
from benchmarks.rounds import Run
from benchmarks.tables import to_table

QUESTIONS = sorted(
    path.stem
    for path in Path(__file__).with_name("questions").glob("*.py")
    if not path.stem.startswith("_")
)


def main() -> None:
    """Measure and print a table a question; with `--out`, keep the record."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(QUESTIONS))
    parser.add_argument("--rounds", type=int, default=5, help="of every comparison (5)")
    parser.add_argument(
        "--minutes", type=float, default=1, help="that the server's memory is watched for (1)"
    )
    parser.add_argument("--out", type=Path, help="a JSON file for the record, written as it grows")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error("--rounds must be at least 1")
    for name in arguments.names:
        if name not in QUESTIONS:
            parser.error(f"unknown benchmark {name!r}; choose from {', '.join(QUESTIONS)}")
    if arguments.out and arguments.out.exists():
        parser.error(f"{arguments.out} holds a record already: give another file")
    run = Run(rounds=arguments.rounds, minutes=arguments.minutes)
    record = Record.begin(" ".join(["python -m benchmarks", *sys.argv[1:]]), run.rounds)
    names = arguments.names or QUESTIONS
    for name in names:
        findings = _asked(name, run) if len(names) == 1 else _asked_apart(name, run)
        record = record.with_findings(name, findings)
        if arguments.out:
            record.save(arguments.out)


def _asked(name: str, run: Run) -> tuple[Finding, ...]:
    module = importlib.import_module(f"benchmarks.questions.{name}")
    findings = tuple(module.ask(run))
    Console(width=140).print(to_table(name, findings))
    return findings


def _asked_apart(name: str, run: Run) -> tuple[Finding, ...]:
    """Ask in a process of its own: what one question leaves in memory slows the next."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "record.json")
        options = ["--rounds", str(run.rounds), "--minutes", str(run.minutes), "--out", str(out)]
        command = [sys.executable, "-m", "benchmarks", name, *options]
        if code := subprocess.run(command, cwd=ROOT, check=False).returncode:
            sys.exit(code)
        return Record.load(out).findings[name]


if __name__ == "__main__":
    main()
