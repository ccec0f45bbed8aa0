"""`koprep compare` and `koprep doctor` as a user runs them."""

import json
import os
import subprocess
import sys

import pytest

REVIEWS = [
    "배송이 빨라서 좋아요",
    "색이 사진이랑 달라요",
    "두 번은 안 살 듯",
    "[b]좋아요[/b]:joy:",
]


def koprep(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "koprep", *map(str, arguments)],
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1", **environment},
        timeout=200,
        check=False,
    )


@pytest.fixture
def reviews(tmp_path):
    path = tmp_path / "reviews.jsonl"
    path.write_text("".join(json.dumps({"review": text}) + "\n" for text in REVIEWS))
    return path


def test_compare_shows_figures_agreement_and_samples(reviews):
    result = koprep(
        "compare", reviews, "--column", "review", "--tokenizers", "kiwi,whitespace,syllable",
        "--samples", 4,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    for shown in (
        "4 texts, OOV at 8000 ids",
        "kiwi – syllable",
        "색이 사진이랑 달라요",
        "[b]좋",
        ":joy:",
    ):
        assert shown in result.stdout
    whitespace = next(line for line in result.stdout.splitlines() if "│ whitespace" in line)
    assert "3.0" in whitespace  # 12 eojeols in 4 texts


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["--tokenizers", "kiwi,khaiii"], "unknown tokenizer 'khaiii'", id="name"),
        pytest.param(["--column", "text"], "no column 'text'", id="column"),
        pytest.param([], "--column", id="no column"),
        pytest.param(["--limit", -1], "--limit", id="limit"),
        pytest.param(["--samples", -1], "--samples", id="samples"),
        pytest.param(["--vocabulary-size", 1], "--vocabulary-size", id="size"),
    ],
)
def test_a_mistake_is_told_without_a_traceback(reviews, arguments, message):
    result = koprep("compare", reviews, *arguments)
    assert result.returncode == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_doctor_names_every_part_and_the_mend_of_what_is_missing(tmp_path):
    # a folder in front of all others, where MeCab cannot be imported
    (tmp_path / "mecab.py").write_text("raise ModuleNotFoundError(name='mecab')\n")
    result = koprep("doctor", PYTHONPATH=str(tmp_path))
    for part in ("Python", "Kiwi", "Java", "TensorFlow", "font"):
        assert part.lower() in result.stdout.lower(), result.stdout
    assert "pip install 'koprep[mecab]'" in result.stdout
    assert "Traceback" not in result.stderr
