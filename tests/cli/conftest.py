"""The command run in the process of the tests."""

import io
import sys
import warnings
from dataclasses import dataclass

import pytest

from koprep.cli import main


@dataclass(frozen=True)
class Result:
    code: int
    output: str
    errors: str


@pytest.fixture
def koprep(monkeypatch, capsysbinary, tmp_path):
    """The command in this process, in an empty folder."""
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)  # main() replaces it
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)

    def run(*arguments, stdin=b""):
        monkeypatch.setattr(sys, "argv", ["koprep", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as caught:
            main()
        output, errors = capsysbinary.readouterr()
        return Result(caught.value.code or 0, output.decode(), errors.decode())

    return run
