"""The command line as a person meets it: a process, its output, its exit code."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from koprep._version import __version__
from koprep.cli.evaluate import _print_tables
from koprep.zoo.evaluation import evaluate


def koprep(*arguments, stdin=None, **environment):
    return subprocess.run(
        [sys.executable, "-m", "koprep", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        env={**os.environ, "COLUMNS": "200", **environment},
        timeout=300,
        check=False,
    )


def fails(result, message):
    """One message, exit code 2, no traceback, nothing on standard output."""
    errors = result.stderr.decode()
    assert result.returncode == 2, errors
    assert message in errors
    assert "Traceback" not in errors
    assert result.stdout == b""


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "model"
    result = koprep(
        "train", "mini_reviews", "--model", "gru", "--units", 16, "--embedding-size", 16,
        "--learning-rate", 0.005, "--batch-size", 16, "--epochs", 6, "--out", folder,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr.decode()
    assert "validation accuracy 0." in result.stdout.decode()
    return folder


def test_a_prediction_reads_like_a_sentence(model):
    result = koprep("predict", "--model", model, "배송도 빠르고 정말 좋아요. 추천합니다")
    assert result.stderr == b""
    sentence = result.stdout.decode()
    assert sentence.endswith("% 확률로 긍정 리뷰입니다.\n"), sentence


def test_lines_of_standard_input_keep_their_order(model):
    texts = ["정말 최고예요 만족합니다", "", "최악입니다 환불해 주세요"]
    piped = koprep("predict", "--model", model, "--json", stdin="\n".join(texts).encode())
    rows = [json.loads(line) for line in piped.stdout.decode().splitlines()]
    assert [row["text"] for row in rows] == texts
    assert (rows[0]["label"], rows[2]["label"]) == ("긍정", "부정")
    for row in rows:
        assert sum(row["probabilities"].values()) == pytest.approx(1)
        assert row["probabilities"][row["label"]] == row["probability"]
    named = koprep("predict", "--model", model, "--json", texts[0], texts[2])
    assert [json.loads(line)["label"] for line in named.stdout.decode().splitlines()] == [
        "긍정",
        "부정",
    ]


def test_korean_comes_out_in_a_plain_locale(model):
    environment = {"LC_ALL": "C", "LANG": "C"}
    assert (
        "리뷰입니다" in koprep("predict", "--model", model, "좋아요", **environment).stdout.decode()
    )


def test_evaluate_prints_tables_or_json(model):
    tables = koprep("evaluate", model, "mini_reviews").stdout.decode()
    for part in ("accuracy 0.", "precision", "recall", "F1", "confusion matrix", "긍정", "부정"):
        assert part in tables
    result = json.loads(koprep("evaluate", model, "mini_reviews", "--json").stdout)
    assert result["examples"] == 160
    assert result["accuracy"] > 0.7
    assert sum(map(sum, result["confusion"])) == 160


def test_lists_name_every_choice():
    for group, names in (
        ("zoo", ("simple_rnn", "lstm", "gru")),
        ("datasets", ("nsmc", "naver_shopping", "mini_reviews", "lecture_sentences")),
    ):
        listed = koprep(group, "list").stdout.decode()
        assert all(name in listed for name in names)


def test_version_and_help():
    assert koprep("--version").stdout.decode() == f"koprep {__version__}\n"
    assert "predict" in koprep("--help").stdout.decode()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["train", "nope"], "unknown dataset 'nope'", id="dataset"),
        pytest.param(["train", "nsmc"], "--data-dir", id="no folder"),
        pytest.param(["train", "nsmc", "--data-dir", "/nowhere"], "ratings_train", id="no file"),
        pytest.param(["train", "mini_reviews", "--model", "grue"], "unknown model", id="model"),
        pytest.param(["train", "mini_reviews", "--tokenizer", "x"], "unknown tokenizer", id="tok"),
        pytest.param(["train", "mini_reviews", "--epochs", "0"], "epochs must be", id="epochs"),
        pytest.param(["train", "mini_reviews", "--epochs", "x"], "--epochs", id="no number"),
        pytest.param(
            ["train", "lecture_sentences", "--task", "classification"], "no labels", id="no labels"
        ),
        pytest.param(["train", "mini_reviews", "--stopwords", "x.txt"], "x.txt", id="stopwords"),
    ],
)
def test_a_wrong_train_command_writes_nothing(tmp_path, arguments, message):
    fails(koprep(*arguments, "--out", tmp_path / "out"), message)
    assert list(tmp_path.iterdir()) == []


def test_an_output_folder_with_other_files_is_refused_before_training(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    fails(koprep("train", "mini_reviews", "--out", tmp_path), "not empty and no bundle")
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_data_files_that_cannot_be_used(tmp_path):
    data = tmp_path / "ratings_train.txt"
    command = ("train", "nsmc", "--data-dir", tmp_path, "--out", tmp_path / "out")
    data.write_bytes(b"")
    fails(koprep(*command), "is empty")
    data.write_bytes("id\tdocument\tlabel\n1\t보통이에요\t7\n".encode())
    fails(koprep(*command), "line 2: label '7' is not one of 0, 1")
    data.write_bytes("id\tdocument\tlabel\n1\t보통\t1\n".encode("utf-16"))
    fails(koprep(*command), "encoding")


def test_folders_that_hold_no_model(tmp_path, model):
    fails(koprep("predict", "--model", tmp_path / "none", "좋아요"), "does not exist")
    fails(koprep("predict", "--model", tmp_path, "좋아요"), "manifest.json")
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    for file in model.iterdir():
        (damaged / file.name).write_bytes(file.read_bytes())
    (damaged / "model.keras").write_bytes(b"damaged")
    fails(koprep("predict", "--model", damaged, "좋아요"), "model.keras was changed")


def test_input_that_is_not_utf8_names_its_line(model):
    result = koprep(
        "predict", "--model", model, stdin="좋아요\n".encode() + "좋아요\n".encode("cp949")
    )
    assert result.returncode == 2
    assert "line 2 is not UTF-8" in result.stderr.decode()


def test_input_in_cp949_is_told_from_utf8(model):
    lines = "배송도 빠르고 정말 좋아요\n정말 최악입니다\n"
    told = koprep("predict", "--model", model, stdin=lines.encode("cp949"))
    assert told.stdout == koprep("predict", "--model", model, stdin=lines.encode()).stdout
    short = koprep(
        "predict", "--model", model, "--encoding", "cp949", stdin="좋아요\n".encode("cp949")
    )
    assert short.stdout == koprep("predict", "--model", model, stdin="좋아요\n".encode()).stdout


def test_a_missing_extra_says_what_to_install(tmp_path):
    """TensorFlow is hidden, as in an environment without the extra."""
    (tmp_path / "tensorflow.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'tensorflow'\", name='tensorflow')"
    )
    result = koprep(
        "train", "mini_reviews", "--limit", 40, "--out", tmp_path / "out", PYTHONPATH=str(tmp_path)
    )
    assert result.returncode == 2
    assert "pip install 'koprep[train]'" in result.stderr.decode()
    assert "Traceback" not in result.stderr.decode()
    assert not (tmp_path / "out").exists()


def test_what_is_piped_on_is_utf8_whatever_the_terminal_is(model):
    told = koprep("predict", "--model", model, "--json", "최고😂", PYTHONIOENCODING="cp949")
    assert told.returncode == 0, told.stderr.decode("cp949")
    assert json.loads(told.stdout.decode())["text"] == "최고😂"


@pytest.mark.parametrize("command", ["predict", "tag"])
def test_a_folder_in_the_place_of_a_text_is_told_before_the_model_is_opened(model, command):
    fails(koprep(command, model, "--model", "nowhere"), f"give it as --model {model}")


def test_labels_are_shown_as_they_are(capsys):
    names = ("[/b]", ":joy:")
    probabilities = np.array([[0.9, 0.1], [0.8, 0.2]], np.float32)
    result = evaluate(
        np.array([0, 1]), probabilities, names, texts=["[i]글[/i]", ":100:"], mistakes=2
    )
    _print_tables(result, "labels")
    shown = capsys.readouterr().out
    assert all(word in shown for word in (*names, ":100:"))
