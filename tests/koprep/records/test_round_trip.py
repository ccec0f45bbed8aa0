"""What goes in comes out, in order and with its other columns, in every format."""

import gzip
import lzma

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koprep.cleaning import Cleaner

clean = Cleaner().clean
ANY = st.text()  # any characters but surrogates
NO_TABS = st.text(st.characters(exclude_characters="\t\r\n", codec="utf-8"))


def tables(cells):
    columns = {"id": cells, "text": cells, "note": cells}
    return st.lists(st.fixed_dictionaries(columns), max_size=20)


@pytest.mark.parametrize(
    ("suffix", "cells"),
    [(".csv", ANY), (".tsv", NO_TABS), (".jsonl", ANY), (".parquet", ANY)],
    ids=["csv", "tsv", "jsonl", "parquet"],
)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_all_rows_come_back_clean_in_order_with_the_other_columns(
    tmp_path_factory, run, formats, suffix, cells, data
):
    rows = data.draw(tables(cells))
    folder = tmp_path_factory.mktemp("rows")
    format_ = formats[suffix]
    source, out, again = (folder / f"{name}{suffix}" for name in ("source", "out", "again"))
    source.write_bytes(format_.write(rows))
    report = run(source, out)
    cleaned = [row | {"text": clean(row["text"])} for row in rows]
    assert format_.read(out.read_bytes()) == cleaned
    assert (report.written, report.bad) == (len(rows), 0)
    run(out, again)
    assert again.read_bytes() == out.read_bytes(), "cleaning twice is cleaning once"
    assert {path.name for path in folder.iterdir()} == {path.name for path in (source, out, again)}


@settings(max_examples=40, deadline=None)
@given(st.lists(NO_TABS))
def test_lines_of_text_come_back_clean(tmp_path_factory, run, texts):
    folder = tmp_path_factory.mktemp("lines")
    (folder / "a.txt").write_bytes("".join(f"{text}\n" for text in texts).encode())
    run(folder / "a.txt", folder / "b.txt")
    assert (folder / "b.txt").read_bytes().decode() == "".join(f"{clean(t)}\n" for t in texts)


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl", ".parquet"])
@pytest.mark.parametrize("goal", ["own", ".jsonl", ".jsonl.gz"])
def test_tokens_are_a_new_column_and_the_others_stay(
    tmp_path, run, formats, jsonl, rows, splitting, suffix, goal
):
    format_ = formats[suffix]
    own = goal == "own"
    source, out = tmp_path / f"a{suffix}", tmp_path / f"b{suffix if own else goal}"
    source.write_bytes(format_.write(rows))
    run(source, out, splitting, adds="tokens")
    content = gzip.decompress(out.read_bytes()) if goal.endswith(".gz") else out.read_bytes()
    joined = own and suffix in (".csv", ".tsv")
    expected = [
        row | {"tokens": " ".join(row["text"].split()) if joined else row["text"].split()}
        for row in rows
    ]
    found = format_.read(content) if own else jsonl.read(content)
    assert found == expected
    assert [list(row) for row in found] == [["id", "text", "note", "tokens"]] * 3


def test_lines_of_text_become_lines_of_tokens_or_json(tmp_path, run, jsonl, splitting):
    source = tmp_path / "a.txt"
    source.write_bytes("너무  좋아요\n\n별로\n".encode())
    run(source, tmp_path / "b.txt", splitting, adds="tokens")
    assert (tmp_path / "b.txt").read_text("utf-8") == "너무 좋아요\n\n별로\n"
    run(source, tmp_path / "b.jsonl", splitting, adds="tokens")
    assert jsonl.read((tmp_path / "b.jsonl").read_bytes()) == [
        {"text": "너무  좋아요", "tokens": ["너무", "좋아요"]},
        {"text": "", "tokens": []},
        {"text": "별로", "tokens": ["별로"]},
    ]
    run(source, tmp_path / "c.jsonl")
    assert jsonl.read((tmp_path / "c.jsonl").read_bytes())[0] == {"text": "너무 좋아요"}


@pytest.mark.parametrize("suffix", [".txt.gz", ".csv.xz", ".tsv.gz", ".jsonl.xz"])
def test_compressed_files_come_out_compressed(tmp_path, run, suffix):
    opener = gzip.open if suffix.endswith("gz") else lzma.open
    content = "text\n좋아요\n" if "json" not in suffix else '{"text": "좋아요"}\n'
    with opener(tmp_path / f"a{suffix}", "wb") as stream:
        stream.write(content.encode())
    run(tmp_path / f"a{suffix}", tmp_path / f"b{suffix}")
    with opener(tmp_path / f"b{suffix}") as stream:
        assert stream.read().decode() == content
