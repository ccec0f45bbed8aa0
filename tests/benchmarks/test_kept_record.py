"""The record that the docs show is that of one whole run, and README's figures are its figures."""

import re
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2]))  # benchmarks/ is not installed

from benchmarks.__main__ import QUESTIONS
from benchmarks.questions.growth import growth_of
from benchmarks.record import Record

ROOT = Path(__file__).parents[2]

IN_README = [
    ("pipeline", 0, 0),
    ("pipeline", 1, 0),
    ("pipeline", 2, 0),
    ("gru_epoch", 0, 0),
    ("single_prediction", 0, 0),
    ("startup", 2, 1),
]
"""Question, comparison and other side, in the order of README's table."""

READMES = {"README.md": "Measured", "README.ko.md": "재어 보니"}


@pytest.fixture(scope="module")
def record():
    return Record.load(ROOT / "docs/reference/benchmarks.json")


def test_it_is_one_run_of_every_question(record):
    assert sorted(record.findings) == QUESTIONS
    assert record.rounds >= 5
    assert re.fullmatch("[0-9a-f]{12}", record.commit)


@pytest.mark.parametrize(("name", "heading"), READMES.items())
def test_readme_tells_its_ratios(record, name, heading):
    text = (ROOT / name).read_text(encoding="utf-8")
    section = re.search(rf"^## {heading}\n(.*?)^## ", text, re.MULTILINE | re.DOTALL)[1]
    ratios = [
        record.findings[question][finding].others[other].ratio
        for question, finding, other in IN_README
    ]
    assert re.findall(r"\| ([\d.,]+) × \|$", section, re.MULTILINE) == [
        f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.3g}" for ratio in ratios
    ]
    _, slope = growth_of(record.findings["growth"])
    assert f" {slope:.3f} " in section
