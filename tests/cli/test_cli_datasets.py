"""`koprep datasets …` as a person meets it."""

import csv
import json
import os
import subprocess
import sys

import pytest

from koprep.datasets import dataset_card, from_file, list_datasets, load


def datasets(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "koprep", "datasets", *map(str, arguments)],
        capture_output=True,
        env={**os.environ, "COLUMNS": "200", "KOPREP_OFFLINE": "1", **environment},
        timeout=120,
        check=False,
    )


def test_the_list_says_what_is_here(tmp_path):
    (tmp_path / "nsmc").mkdir()
    (tmp_path / "nsmc" / "ratings_test.txt").write_text("")
    listed = datasets("list", KOPREP_DATA_HOME=str(tmp_path)).stdout.decode()
    rows = {line.split()[0]: line for line in listed.splitlines() if line.strip()}
    assert set(list_datasets()) < set(rows)
    assert " yes " in rows["mini_reviews"]
    assert " no " in rows["klue_ner"]
    assert "CC BY-SA 4.0" in rows["klue_ner"]
    assert rows["nsmc"].split("CC0 1.0")[1].split()[0] == "test"


@pytest.mark.parametrize("name", ["klue_ner", "weather_menu"])
def test_info_prints_the_whole_card(name):
    card = dataset_card(name)
    shown = " ".join(datasets("info", name).stdout.decode().split())
    facts = [card.title, card.license, card.source, card.citation, *card.columns, *card.options]
    facts += [file.blob for file in card.files.values()]
    for fact in facts:
        assert fact in shown, fact
    as_json = json.loads(datasets("info", name, "--json").stdout)
    assert as_json["license"] == card.license
    assert as_json["files"]["train"]["rows"] == card.files["train"].rows


@pytest.mark.parametrize("suffix", ["csv", "csv.gz", "tsv", "jsonl"])
def test_an_export_reads_back(tmp_path, suffix):
    out = tmp_path / f"reviews.{suffix}"
    result = datasets("export", "mini_reviews", "--out", out, "--split", "test")
    assert result.stdout.decode() == f"160 examples in {out}\n"
    dataset = load("mini_reviews", split="test")
    again = from_file(out, label="label", label_names=dataset.label_names)
    assert again.texts == dataset.texts
    assert again.labels.tolist() == dataset.labels.tolist()


def test_tagged_texts_are_exported_with_their_tags(tmp_path):
    dataset = load("weather_menu", limit=4)
    arguments = ("export", "weather_menu", "--limit", 4, "--out")
    assert datasets(*arguments, tmp_path / "menu.jsonl").returncode == 0
    rows = [json.loads(line) for line in (tmp_path / "menu.jsonl").open(encoding="utf-8")]
    assert [tuple(row["units"]) for row in rows] == list(dataset.texts)
    names = [[dataset.tag_names[tag] for tag in tags] for tags in dataset.tags]
    assert [row["tags"] for row in rows] == names
    assert datasets(*arguments, tmp_path / "menu.csv").returncode == 0
    with (tmp_path / "menu.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["text"] for row in rows] == list(dataset.raw_texts)
    assert [row["tags"].split() for row in rows] == names


def test_texts_without_labels_have_one_column(tmp_path):
    out = tmp_path / "s.csv"
    datasets("export", "lecture_sentences", "--out", out)
    assert out.read_text(encoding="utf-8").splitlines() == [
        "text", *load("lecture_sentences").texts,
    ]  # fmt: skip


def test_there_is_nothing_to_download_of_koprep_itself():
    result = datasets("download", "hello")
    assert (result.returncode, result.stdout) == (0, b"")
    assert "part of koprep" in result.stderr.decode()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["info", "nope"], "unknown dataset 'nope'", id="name"),
        pytest.param(["download", "nsmc"], "KOPREP_OFFLINE", id="offline"),
        pytest.param(["download", "nsmc", "--split", "dev"], "no split 'dev'", id="split"),
        pytest.param(["export", "hello", "--out", "a.parquet"], ".csv, .tsv, .jsonl", id="format"),
        pytest.param(["export", "hello", "--out", "no/a.csv"], "there is no folder", id="folder"),
        pytest.param(["export", "nsmc", "--out", "a.csv"], "--data-dir", id="no data"),
    ],
)
def test_a_wrong_command_says_the_mend_and_writes_nothing(tmp_path, arguments, message):
    result = subprocess.run(
        [sys.executable, "-m", "koprep", "datasets", *arguments],
        capture_output=True,
        cwd=tmp_path,
        env={**os.environ, "KOPREP_OFFLINE": "1", "KOPREP_DATA_HOME": str(tmp_path)},
        timeout=120,
        check=False,
    )
    errors = result.stderr.decode()
    assert (result.returncode, result.stdout) == (2, b"")
    assert message in errors
    assert "Traceback" not in errors
    assert list(tmp_path.iterdir()) == []


def test_a_text_that_tsv_cannot_hold_is_named(tmp_path):
    (tmp_path / "ChatbotData.csv").write_text('Q,A,label\n"가\t나",다,0\n', encoding="utf-8")
    for suffix, status in (("tsv", 2), ("csv", 0), ("jsonl", 0)):
        out = tmp_path / f"a.{suffix}"
        result = datasets("export", "chatbot", "--data-dir", tmp_path, "--out", out)
        assert (result.returncode, out.exists()) == (status, status == 0)
        if status:
            assert "holds a tab or a line end" in result.stderr.decode()
        else:
            assert from_file(out).texts == ("가\t나",)
