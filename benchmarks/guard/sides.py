"""The two sides: koprep as it was and as it is, each laid out to be imported, and counted."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SOURCES = ("koprep", "datasets", "zoo")

_COUNT = re.compile(r"^desc: Trigger: Client Request: (.+?)$.*?^totals: (\d+)$", re.DOTALL | re.M)


class NotMeasured(Exception):
    """This machine or clone lacks what counting needs."""


def lay_out_working_tree(folder: Path) -> Path:
    """Copy the working tree as it installs: `datasets` and `zoo` inside `koprep`."""
    for name in SOURCES:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return _nested(folder)


def lay_out_commit(commit: str, folder: Path) -> Path:
    """Unpack a commit in the same way.

    Raises:
        NotMeasured: a shallow clone that does not hold it.
        ValueError: a whole repository that does not hold it.
    """
    archive = _git("archive", commit, *SOURCES)
    if archive.returncode != 0:
        if _git("rev-parse", "--is-shallow-repository").stdout.strip() == b"true":
            raise NotMeasured(f"this shallow clone lacks the base {commit}: git fetch --unshallow")
        raise ValueError(
            f"the base {commit} is no commit of this repository: "
            "check out one that is and run python -m benchmarks.guard --renew"
        )
    with tarfile.open(fileobj=BytesIO(archive.stdout)) as files:
        files.extractall(folder, filter="data")
    return _nested(folder)


def head() -> str:
    """Return the commit that is checked out."""
    return _git("rev-parse", "HEAD").stdout.decode().strip()


def compile_marks(folder: Path) -> Path:
    """Return the library that `paths.py` asks callgrind through.

    Raises:
        NotMeasured: there is no valgrind with its headers, or no C compiler.
    """
    compiler = shutil.which("cc")
    if compiler is None or shutil.which("valgrind") is None:
        raise NotMeasured("counting needs valgrind and a C compiler: apt-get install valgrind gcc")
    library = folder / "marks.so"
    made = subprocess.run(
        [compiler, "-shared", "-fPIC", "-o", library, HERE / "marks.c"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode:
        raise NotMeasured(f"valgrind's headers are due, as apt-get brings them: {made.stderr}")
    return library


def write_material(tree: Path, folder: Path) -> None:
    """Write texts, tokens and a model with the koprep of `tree`."""
    folder.mkdir()
    subprocess.run(
        [sys.executable, HERE / "material.py", folder], env=environment(tree), check=True
    )


def count(tree: Path, material: Path, marks: Path, folder: Path) -> dict[str, int]:
    """Return the instructions of each path with the koprep of `tree`."""
    folder.mkdir()
    subprocess.run(
        [
            *("valgrind", "--tool=callgrind", "--instr-atstart=no", "--quiet"),
            *(f"--callgrind-out-file={folder / 'counts'}", f"--log-file={folder / 'log'}"),
            *(sys.executable, HERE / "paths.py", material, marks),
        ],
        env=environment(tree),
        check=True,
    )
    return read_counts({file.name: file.read_text() for file in sorted(folder.glob("counts.*"))})


def read_counts(dumps: Mapping[str, str]) -> dict[str, int]:
    """Return the count under each name that callgrind's files hold."""
    found = (match for text in dumps.values() if (match := _COUNT.search(text)))
    return {match[1]: int(match[2]) for match in found}


def _nested(folder: Path) -> Path:
    for name in SOURCES[1:]:
        (folder / name).rename(folder / "koprep" / name)
    return folder


def environment(tree: Path) -> dict[str, str]:
    """The tree comes before an installed koprep; hashes, and with them dicts, repeat."""
    return {**os.environ, "PYTHONPATH": str(tree), "PYTHONHASHSEED": "0"}


def _git(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, check=False)
