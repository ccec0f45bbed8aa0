"""Training, comparing and listing models as a person meets it."""

import json
import os
import subprocess
import sys
import time

import pytest

TRAIN = (
    "train", "mini_reviews", "--model", "simple_rnn", "--tokenizer", "whitespace", "--units", 4,
    "--embedding-size", 4, "--epochs", 3, "--checkpoint-seconds", 0,
)  # fmt: skip


def command(*arguments):
    return [sys.executable, "-m", "koprep", *map(str, arguments)]


def koprep(*arguments):
    return subprocess.run(
        command(*arguments),
        capture_output=True,
        env={**os.environ, "COLUMNS": "200"},
        timeout=300,
        check=False,
        encoding="utf-8",
    )


def test_a_killed_training_is_kept_and_goes_on(tmp_path):
    out, checkpoint = tmp_path / "model", tmp_path / "model.checkpoint" / "checkpoint.npz"
    with subprocess.Popen(command(*TRAIN, "--out", out), stderr=subprocess.DEVNULL) as training:
        while not checkpoint.exists() and training.poll() is None:
            time.sleep(0.01)
        training.kill()
    assert checkpoint.exists()
    assert not out.exists()

    anew = koprep(*TRAIN, "--out", out)
    assert anew.returncode == 2
    assert "holds a training that was stopped: resume it" in anew.stderr
    resumed = koprep(*TRAIN, "--out", out, "--resume")
    assert resumed.returncode == 0, resumed.stderr
    assert "going on in epoch" in resumed.stderr
    assert "validation accuracy 0." in resumed.stdout
    assert (out / "manifest.json").exists()
    assert not checkpoint.parent.exists()


def test_the_baseline_trains_and_is_evaluated(tmp_path):
    notes = tmp_path / "linear.checkpoint" / "notes.txt"  # none of koprep's
    notes.parent.mkdir()
    notes.write_text("mine")
    trained = koprep(
        "train", "mini_reviews", "--model", "tfidf_logreg", "--tokenizer", "syllable",
        "--out", tmp_path / "linear", "--resume", "--pictures",
    )  # fmt: skip
    assert trained.returncode == 0, trained.stderr
    assert notes.read_text() == "mine"
    assert "pictures in" in trained.stderr
    drawn = {path.name for path in (tmp_path / "linear.pictures").iterdir()}
    assert drawn == {"labels.png", "lengths.png"}
    predicted = koprep("predict", "--model", tmp_path / "linear", "정말 최악입니다")
    assert predicted.stdout.endswith("리뷰입니다.\n"), predicted.stderr
    figures = koprep(
        "evaluate", tmp_path / "linear", "mini_reviews", "--json", "--mistakes", 3,
        "--pictures", tmp_path / "seen",
    )  # fmt: skip
    assert (tmp_path / "seen" / "confusion.png").exists()
    result = json.loads(figures.stdout)
    assert result["accuracy"] > 0.6
    assert len(result["mistakes"]) == 3
    assert sum(part["examples"] for part in result["by_length"]) == result["examples"] == 160


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="gensim has no wheel for Python 3.14 yet")
def test_the_embedding_is_learned_from_the_file_that_is_named(tmp_path):
    raw = tmp_path / "raw.txt"
    raw.write_text("none of these words is known\n", encoding="utf-8")
    result = koprep(*TRAIN, "--embeddings", raw, "--out", tmp_path / "model")
    assert result.returncode == 2
    assert "no text to learn embeddings from" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_leaderboard_holds_the_baseline_and_is_written(tmp_path):
    out = tmp_path / "board.json"
    result = koprep(
        "leaderboard", "mini_reviews", "--models", "mlp", "--epochs", 1, "--limit", 700,
        "--tokenizer", "whitespace", "--out", out,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    rows = json.loads(out.read_text())["rows"]
    assert {row["model"] for row in rows} == {"mlp", "tfidf_logreg"}
    assert all(row["model"] in result.stdout for row in rows)


def test_models_by_task_and_what_is_known_of_one():
    listed = koprep("zoo", "list", "*gru*", "--task", "tagging").stdout
    assert "stacked_gru" in listed
    assert "bigru_pool" not in listed
    assert "lstm" not in listed
    info = koprep(
        "zoo", "info", "simple_rnn", "--task", "classification", "--vocabulary-size", 8000
    ).stdout
    assert "parameters: 1,057,025" in info
    assert "recurrent_dropout" in info


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "mini_reviews", "--out", "a", "--embeddings", "a.csv"], "takes a .txt file"),
        (
            ["train", "mini_reviews", "--out", "a", "--freeze-embedding"],
            "random vectors must learn",
        ),
        (["zoo", "list", "--task", "sing"], "unknown task 'sing'"),
        (["leaderboard", "mini_reviews", "--models", "gruu"], "did you mean 'gru'"),
        (["leaderboard", "mini_reviews", "--out", "a.txt"], ".json or .md"),
        (["leaderboard", "mini_reviews", "--out", "no-such/a.md"], "there is no folder no-such"),
    ],
)
def test_what_is_wrong_is_named(arguments, message):
    result = koprep(*arguments)
    assert result.returncode == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr
