"""An output is replaced in one step, or nothing is left of it."""

import gzip
import lzma
import time

import pytest


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".csv.gz", ".parquet"])
def test_nothing_half_written_stays(tmp_path, run, formats, rows, suffix, error):
    write = formats[suffix.removesuffix(".gz")].write
    content = write(rows) + (b"x\n" if suffix != ".parquet" else b"")
    source, out = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
    source.write_bytes(gzip.compress(content) if suffix.endswith(".gz") else write(rows))
    out.write_bytes(b"old")

    def work(texts):
        yield next(texts)
        list(texts)
        raise error

    with pytest.raises(error):
        run(source, out, work)
    assert out.read_bytes() == b"old"
    assert sorted(tmp_path.iterdir()) == [source, out]


def test_the_output_replaces_an_older_one_through_a_link_with_ordinary_rights(tmp_path, run):
    (tmp_path / "a.txt").write_bytes(b"a\n")
    (tmp_path / "plain").touch()
    (tmp_path / "old.txt").write_bytes(b"old")
    (tmp_path / "link.txt").symlink_to("old.txt")
    run(tmp_path / "a.txt", tmp_path / "link.txt")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "old.txt").read_bytes() == b"a\n"
    assert (tmp_path / "old.txt").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_the_same_rows_give_the_same_bytes(tmp_path, run, monkeypatch):
    (tmp_path / "a.txt").write_bytes(b"a\n" * 100)
    for year, name in enumerate(["b.txt.gz", "c.txt.gz"]):
        monkeypatch.setattr(time, "time", lambda year=year: 3.2e7 * (40 + year))
        run(tmp_path / "a.txt", tmp_path / name)
    assert (tmp_path / "b.txt.gz").read_bytes() == (tmp_path / "c.txt.gz").read_bytes()


@pytest.mark.parametrize(
    ("name", "content", "options", "message"),
    [
        pytest.param("a.csv", b"id,body\n", {}, "no column 'text'; there are id, body", id="csv"),
        pytest.param("a.tsv", b"id\tbody\n", {}, "no column 'text'; there are id, body", id="tsv"),
        pytest.param(
            "a.csv", b"id,b\n", {"column": None}, "--column; there are id, b", id="none named"
        ),
        pytest.param(
            "a.jsonl", b'{"id": 1, "b": 2}', {"column": None}, "there are id, b", id="jsonl"
        ),
        pytest.param("a.jsonl", b"", {"column": None}, "--column", id="none named, none there"),
        pytest.param("a.csv", b"text,text\n", {}, "two columns 'text'", id="twice"),
        pytest.param(
            "a.csv", b"text,tokens\n", {"adds": "tokens"}, "'tokens' already", id="tokens"
        ),
        pytest.param("a.csv", b"", {}, "is empty", id="empty CSV"),
        pytest.param("a.tsv", b"\n\n", {}, "is empty", id="blank TSV"),
        pytest.param("a.csv", b'"a\n', {}, "line 1: a quotation mark", id="bad header"),
        pytest.param("a.csv", b"\xb0\n", {"encoding": "utf-8"}, "line 1: not utf-8", id="header"),
        pytest.param("a.csv", b"\xb0\xa1\n", {}, "is not UTF-8", id="encoding can't be told"),
        pytest.param("a.csv", b"text\n", {"encoding": "x"}, "unknown encoding 'x'", id="encoding"),
        pytest.param("a.csv", b"text\n", {"format": "x"}, "choose from txt, csv", id="format"),
        pytest.param("a.md", b"text\n", {}, "give --format", id="no format by the name"),
        pytest.param("a.csv", b"a\n", {"format": "txt"}, "leave out --column", id="text: column"),
        pytest.param("a.csv.gz", b"text\n", {}, "damaged: Not a gzipped", id="no gzip"),
        pytest.param(
            "a.csv.gz", gzip.compress(b"text\n" * 99)[:-9], {}, "damaged: Comp", id="cut gzip"
        ),
        pytest.param("a.csv.xz", b"text\n", {}, "damaged: ", id="no xz"),
        pytest.param(
            "a.csv.xz", lzma.compress(b"text\n" * 99)[:-9], {}, "damaged: Comp", id="cut xz"
        ),
        pytest.param("a.parquet", b"PAR1", {}, "is no Parquet file", id="no Parquet"),
        pytest.param("a.parquet.gz", b"", {}, "give --format", id="Parquet in gzip"),
    ],
)
def test_what_is_refused_leaves_nothing(tmp_path, run, name, content, options, message):
    source, out = tmp_path / name, tmp_path / "out.jsonl"
    source.write_bytes(content)
    with pytest.raises(ValueError, match=message):
        run(source, out, **options)
    assert list(tmp_path.iterdir()) == [source]


def test_a_link_that_is_named_as_compressed_leads_to_compressed_bytes(tmp_path, run):
    (tmp_path / "a.txt").write_bytes(b"a\n")
    (tmp_path / "stored").touch()
    (tmp_path / "link.txt.gz").symlink_to("stored")
    run(tmp_path / "a.txt", tmp_path / "link.txt.gz")
    assert gzip.decompress((tmp_path / "stored").read_bytes()) == b"a\n"
