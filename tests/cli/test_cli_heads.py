"""`koprep generate` and `koprep tag` as a person meets them."""

import json
import os
import subprocess
import sys

import pytest

from koprep import Preprocessor
from koprep.zoo import SequenceTagger, TextGenerator, TrainingConfig

TRAINING = TrainingConfig(epochs=40, learning_rate=0.02, batch_size=8, validation_split=0)
OPTIONS = {"embedding_size": 8, "units": 16}
SENTENCES = ["나는 밥을 먹는다", "새가 난다"]
NAMED = ["김하나 씨가 서울에 갔다", "이둘 씨가 부산에 갔다"]
TAGS = [["B-PS", *["I-PS"] * (name - 1), *["O"] * 4, "B-LC", "I-LC", *["O"] * 4] for name in (3, 2)]


def koprep(*arguments, stdin=None, **environment):
    return subprocess.run(
        [sys.executable, "-m", "koprep", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        env={**os.environ, "COLUMNS": "200", **environment},
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def generator(tmp_path_factory):
    preprocessor = Preprocessor(tokenizer="character")
    model = TextGenerator(
        "gru", preprocessor=preprocessor, model_options=OPTIONS, training=TRAINING
    )
    return model.fit(SENTENCES).save(tmp_path_factory.mktemp("runs") / "generator")


@pytest.fixture(scope="module")
def tagger(tmp_path_factory):
    preprocessor = Preprocessor(tokenizer="character")
    model = SequenceTagger(
        "gru", preprocessor=preprocessor, model_options=OPTIONS, training=TRAINING
    )
    return model.fit(NAMED, TAGS).save(tmp_path_factory.mktemp("runs") / "tagger")


def test_a_generator_writes_on(generator):
    result = koprep("generate", "--model", generator, "새")
    assert (result.stdout.decode(), result.stderr) == ("새가 난다\n", b"")


def test_on_a_terminal_the_text_grows(generator):
    result = koprep("generate", "--model", generator, "나", FORCE_COLOR="1", TTY_COMPATIBLE="1")
    shown = result.stdout.decode()
    assert "나는 밥을 먹는다" in shown
    assert shown.index("나는") < shown.index("나는 밥을") < shown.index("나는 밥을 먹는다")


def test_spans_are_marked_or_told_as_json(tagger):
    marked = koprep("tag", "--model", tagger, NAMED[0]).stdout.decode()
    assert marked == "[김하나:PS] 씨가 [서울:LC]에 갔다\n"
    lines = koprep(
        "tag", "--model", tagger, "--json", stdin="\n".join(["", *NAMED]).encode()
    ).stdout
    rows = [json.loads(line) for line in lines.decode().splitlines()]
    assert [row["text"] for row in rows] == ["", *NAMED]
    assert rows[0]["spans"] == []
    assert rows[2]["spans"] == [
        {"label": "PS", "start": 0, "end": 2, "text": "이둘"},
        {"label": "LC", "start": 6, "end": 8, "text": "부산"},
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["tag", "--model", "{generator}", "새"], "koprep generate", id="a generator"),
        pytest.param(
            ["evaluate", "{generator}", "lecture_sentences", "--split", "train", "--pictures", "."],
            "perplexity has no picture",
            id="pictures of a generator",
        ),
        pytest.param(
            ["predict", "--model", "{generator}", "새"], "koprep generate", id="no classifier"
        ),
        pytest.param(
            ["predict", "--model", "{tagger}", "새"], "koprep tag", id="no classifier, a tagger"
        ),
        pytest.param(
            ["generate", "--model", "{generator}", "--top-k", 3], "temperature above 0", id="top-k"
        ),
    ],
)
def test_mistakes_are_told_in_one_message(arguments, message, generator, tagger):
    folders = {"{tagger}": tagger, "{generator}": generator}
    result = koprep(*(folders.get(argument, argument) for argument in arguments))
    errors = result.stderr.decode()
    assert result.returncode == 2, errors
    assert message in errors
    assert "Traceback" not in errors


def test_a_text_longer_than_any_file_name_is_a_text():
    result = koprep("tag", "--json", "가" * 90 + " 김하나 씨")
    assert result.returncode == 0, result.stderr.decode()


@pytest.mark.parametrize(
    "command",
    [
        ("tokenize", "--tokenizer", "whitespace"),
        ("datasets", "list"),
        ("predict", "--json", "좋다"),
    ],
    ids=["more than a pipe holds", "a table", "a line"],
)
def test_who_stops_reading_our_output_is_no_bad_row(tmp_path, command):
    (tmp_path / "lines.txt").write_text("배송이 빨라요\n" * 50_000)
    with (tmp_path / "lines.txt").open() as lines, subprocess.Popen(
        [sys.executable, "-m", "koprep", *command],
        stdin=lines, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 141
