"""What is kept of a run: machine, versions and every finding, as JSON."""

from __future__ import annotations

import os
import platform
import re
import statistics
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

ROOT = Path(__file__).parents[1]

PACKAGES = (
    "koprep", "numpy", "pandas", "scikit-learn", "kiwipiepy", "kiwipiepy_model", "konlpy",
    "python-mecab-ko", "tensorflow", "keras", "onnxruntime", "pyarrow", "pyspark",
)  # fmt: skip


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Side(_Kept):
    """What each round of one side measured."""

    name: str
    rounds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle of all rounds."""
        return statistics.median(self.rounds)


class Other(Side):
    """A side that koprep is put beside."""

    ratio: float
    """This side's median over koprep's: of seconds, how many times as fast koprep is."""
    due: float | None = None
    """The ratio that is asked for."""


class Comparison(_Kept):
    """Sides that did the same work in turn."""

    kind: Literal["comparison"] = "comparison"
    title: str
    unit: str
    koprep: Side
    others: tuple[Other, ...]


class Measure(_Kept):
    """One number, and how much or how little it may be."""

    kind: Literal["measure"] = "measure"
    what: str
    found: float
    unit: str = ""
    least: float | None = None
    most: float | None = None
    detail: str = ""

    @property
    def reached(self) -> bool | None:
        """Whether it is within what is due; None where nothing is."""
        if self.least is None and self.most is None:
            return None
        return (self.least is None or self.found >= self.least) and (
            self.most is None or self.found <= self.most
        )


Finding = Comparison | Measure


class Machine(_Kept):
    """What it was measured on."""

    processor: str
    cores: int
    memory_gb: float
    system: str

    @classmethod
    def this(cls) -> Machine:
        """Look at this machine."""
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        return cls(
            processor=_processor(),
            cores=cores or 1,
            memory_gb=round(pages / 1e9, 1),
            system=f"{platform.system()} {platform.machine()}",
        )


class Record(_Kept):
    """A whole run."""

    format: Literal[1] = 1
    command: str
    date: str
    commit: str
    machine: Machine
    versions: dict[str, str]
    rounds: int
    findings: dict[str, tuple[Finding, ...]]
    """By the name of the question."""

    @classmethod
    def begin(cls, command: str, rounds: int) -> Record:
        """Note where and when a run begins."""
        return cls(
            command=command,
            date=datetime.now(UTC).date().isoformat(),
            commit=_commit(),
            machine=Machine.this(),
            versions={"python": platform.python_version(), **_versions()},
            rounds=rounds,
            findings={},
        )

    def with_findings(self, name: str, findings: tuple[Finding, ...]) -> Record:
        """Return the record with what one question found."""
        return self.model_copy(update={"findings": {**self.findings, name: findings}})

    def save(self, path: Path) -> None:
        """Write the record."""
        path.write_text(f"{self.model_dump_json(indent=1)}\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Record:
        """Read what `save` wrote."""
        return cls.model_validate_json(path.read_bytes())


def _commit() -> str:
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=12"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return told.stdout.strip() or "unknown"


def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _processor() -> str:
    try:
        content = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return platform.processor() or platform.machine()
    found = re.search(r"^model name\s*:\s*(.+)$", content, re.MULTILINE)
    return found[1] if found else platform.machine()
