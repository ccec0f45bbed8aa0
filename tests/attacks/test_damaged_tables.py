"""Files of rows as nobody should write them: what is read, what is told, and at what cost."""

import gzip
import io
import json
import lzma
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koprep.datasets import from_file
from koprep.records import Files, delimited, read_texts, rewrite

ROWS = [{"text": f"정말 좋아요 {number}", "label": number % 2} for number in range(30)]


def as_csv(separator=","):
    lines = [f"{row['text']}{separator}{row['label']}" for row in ROWS]
    return "\n".join([f"text{separator}label", *lines, ""]).encode()


def as_parquet(compression):
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(ROWS), stream, compression=compression)
    return stream.getvalue()


def as_xlsx():
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in [("text", "label"), *(tuple(row.values()) for row in ROWS)]:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


WHOLE = {
    "a.csv": as_csv,
    "a.tsv": lambda: as_csv("\t"),
    "a.jsonl": lambda: "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS).encode(),
    "a.csv.gz": lambda: gzip.compress(as_csv()),
    "a.csv.xz": lambda: lzma.compress(as_csv()),
    "snappy.parquet": lambda: as_parquet("snappy"),
    "plain.parquet": lambda: as_parquet("none"),
    "a.xlsx": as_xlsx,
}


@pytest.fixture(scope="module", params=WHOLE)
def table(request):
    return request.param, WHOLE[request.param]()


@settings(max_examples=40)
@given(data=st.data())
def test_any_bytes_in_a_table_are_read_or_one_error_that_names_the_file(
    tmp_path_factory, table, data
):
    name, content = table
    start = data.draw(st.integers(0, len(content) - 1), label="start")
    length = data.draw(st.sampled_from([0, 1, 1, 20, len(content)]), label="bytes replaced")
    damaged = content[:start] + data.draw(st.binary(max_size=20)) + content[start + length :]
    path = tmp_path_factory.mktemp("tables") / name
    path.write_bytes(damaged)
    try:
        dataset = from_file(path, label="label")
    except ValueError as error:
        assert str(path) in str(error)  # noqa: PT017  # some changes leave a table
    else:
        assert all(isinstance(text, str) for text in dataset.texts)


@settings(max_examples=150)
@given(st.sampled_from(["txt", "csv", "tsv", "jsonl"]), st.binary(max_size=60))
def test_any_small_file_gives_each_line_or_says_why_not(tmp_path_factory, suffix, content):
    folder = tmp_path_factory.mktemp("files")
    path = folder / f"a.{suffix}"
    path.write_bytes((b"" if suffix in ("txt", "jsonl") else b"text\n") + content)
    column = None if suffix == "txt" else "text"
    files = Files(source=path, out=folder / f"b.{suffix}", column=column, encoding="utf-8")
    report = rewrite(files, lambda texts: texts)
    bad = folder / f"b.{suffix}.bad.jsonl"
    assert bad.exists() == (report.bad > 0)
    if suffix == "txt":  # every line is somewhere
        lines = content.count(b"\n") + (not content.endswith(b"\n") and content != b"")
        assert report.written + report.bad == lines


@pytest.mark.parametrize(
    ("name", "content", "texts"),
    [
        pytest.param("a.txt", "a\x00b\nc\n", ["a\x00b", "c"], id="NUL in a line"),
        pytest.param("a.csv", 'text\n"a\x00b"\nc\n', ["a\x00b", "c"], id="NUL in a cell"),
        pytest.param("a.tsv", "text\na\x00b\n", ["a\x00b"], id="NUL in TSV"),
        pytest.param("a.txt", "a\r\nb\nc\r\nd", ["a", "b", "c", "d"], id="mixed line ends"),
        pytest.param("a.csv", "text\r\na\nb\r\n", ["a", "b"], id="mixed line ends of CSV"),
        pytest.param("a.tsv", 'text\n"a\nb"\n""\n', ['"a', 'b"', '""'], id="quotes in TSV"),
        pytest.param("a.csv", 'text\n"a ""b"" c"\n', ['a "b" c'], id="quotes in quotes"),
        pytest.param("a.txt", "a\x85b\u2028c\x0bd\n", ["a\x85b\u2028c\x0bd"], id="no line ends"),
    ],
)
def test_odd_characters_stay_in_their_text(tmp_path, name, content, texts):
    path = tmp_path / name
    path.write_bytes(content.encode())
    assert list(read_texts(path, column=None if name == "a.txt" else "text")) == texts


def test_no_line_is_parsed_again_and_again(tmp_path, monkeypatch):
    """Each of these lines closes the quotation before it and opens another one."""
    handed = []
    step = delimited._Feed.__next__
    monkeypatch.setattr(delimited._Feed, "__next__", lambda feed: handed.append(0) or step(feed))
    path = tmp_path / "a.csv"
    path.write_text("text\n" + 'a","b\n' * 2_000 + "c\n", "utf-8")
    report = rewrite(Files(source=path, out=tmp_path / "b.csv", column="text"), lambda texts: texts)
    assert (report.bad, report.written) == (2_000, 1)
    assert report.first_bad.reason == "a quotation mark opens a cell that is never closed"
    assert len(handed) < 4 * 2_002


def test_a_row_of_many_cells_is_given_up_on(tmp_path, monkeypatch):
    """No cell is long, but the row never ends: it may not take the whole file into memory."""
    monkeypatch.setattr("koprep.records.delimited.FIELD_LIMIT", 100)
    path = tmp_path / "a.csv"
    path.write_text("text\n" + 'a","b\n' * 200, "utf-8")
    report = rewrite(Files(source=path, out=tmp_path / "b.csv", column="text"), lambda texts: texts)
    assert report.bad == 200
    assert "is a quotation mark not closed?" in report.first_bad.reason


ONE_LINE = """
import resource, sys
from pathlib import Path
from koprep.records import read_texts
path, column = Path(sys.argv[1]), sys.argv[2] or None
list(read_texts(path.with_name("small" + path.suffix), column=column))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
lengths = [len(text) for text in read_texts(path, column=column)]
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(lengths, (after - before) * 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted otherwise")
@pytest.mark.parametrize("suffix", ["txt", "tsv", "jsonl"])
def test_a_line_of_many_megabytes_costs_a_few_times_its_size(tmp_path, suffix):
    length = 20_000_000
    around = {"txt": ("", ""), "tsv": ("text\n", ""), "jsonl": ('{"text": "', '"}')}[suffix]
    for name, text in (("small", "가"), ("large", "가" * length)):
        (tmp_path / f"{name}.{suffix}").write_text(f"{around[0]}{text}{around[1]}\n", "utf-8")
    column = "" if suffix == "txt" else "text"
    seen = subprocess.run(
        [sys.executable, "-c", ONE_LINE, tmp_path / f"large.{suffix}", column],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    lengths, memory = seen.stdout.rsplit(" ", 1)
    assert lengths == f"[{length}]"
    assert int(memory) < 8 * 3 * length
