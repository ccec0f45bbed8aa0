"""Files cut into the rows of shards: nothing lost, in order, and every bad row told."""

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from koprep.sharding import Inputs
from koprep.sharding.rows import Cutter
from koprep.sharding.writers import _table

FORMATS = ["a.txt", "a.csv", "a.tsv", "a.jsonl", "a.csv.gz", "a.jsonl.xz", "a.parquet"]
COLUMNS = {"txt": ["text"], "jsonl": ["text", "other_columns"]}


def cut(*paths, size=3, column="text", keeps_columns=True, **options):
    adds = options.pop("adds", ())
    if all(path.name.startswith("a.txt") for path in paths):
        column = None
    inputs = Inputs.find(paths, column=column, **options)
    return list(Cutter(inputs=inputs, rows_per_shard=size, adds=adds, keeps_columns=keeps_columns))


def table(rows):
    return pa.concat_tables(map(_table, rows.chunks))


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_its_texts_in_shards_of_one_size(write, texts, name):
    shards = cut(write(name), size=3)
    assert [shard.texts for shard in shards] == [texts[:3], texts[3:6], texts[6:]]
    assert [shard.number for shard in shards] == [0, 1, 2]
    for shard in shards:
        kind = name.split(".")[1]
        assert table(shard).column_names == COLUMNS.get(kind, ["id", "text", "label"])
        assert table(shard)["text"].to_pylist() == shard.texts
        assert shard.bad == []


def test_parquet_keeps_its_types_and_text_formats_are_texts(write):
    (parquet,), (csv,) = cut(write("a.parquet"), size=99), cut(write("a.csv"), size=99)
    types = [str(kind) for kind in table(parquet).schema.types]
    assert types == ["int64", "large_string", "int8"]
    assert [str(kind) for kind in table(csv).schema.types] == ["string"] * 3


def test_what_else_a_json_object_holds_is_kept_as_json(tmp_path):
    rows = [{"text": "가", "n": 1, "of": {"a": [None]}}, {"text": "나"}, {"더": "1", "text": "다"}]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    (shard,) = cut(path)
    others = [json.loads(one) for one in table(shard)["other_columns"].to_pylist()]
    assert others == [{"n": 1, "of": {"a": [None]}}, {}, {"더": "1"}]


@given(
    sizes=st.lists(st.integers(0, 7), min_size=1, max_size=5),
    size=st.integers(min_value=1, max_value=9),
)
def test_files_are_read_as_if_they_were_one(tmp_path_factory, sizes, size):
    folder = tmp_path_factory.mktemp("parts")
    texts = [f"{file}-{row}" for file, rows in enumerate(sizes) for row in range(rows)]
    paths = []
    for file, rows in enumerate(sizes):
        path = folder / f"a.txt{file}"
        path.write_text("".join(f"{file}-{row}\n" for row in range(rows)))
        paths.append(path)
    shards = cut(*paths, size=size, format="txt")
    assert [text for shard in shards for text in shard.texts] == texts
    assert all(len(shard) == size for shard in shards[:-1])
    assert all(1 <= len(shard) <= size for shard in shards)
    assert sum(shard.span for shard in shards) == sum(path.stat().st_size for path in paths)
    for shard in shards:
        file, row = shard.texts[0].split("-")
        assert shard.first == f"{paths[int(file)]} line {int(row) + 1}"


def test_a_shard_may_begin_in_one_file_and_end_in_another_of_other_format(write, texts):
    first, second = write("a.txt"), write("b.parquet", ["가", "나"])
    plain = pq.read_table(second).select(["text"]).cast(pa.schema({"text": pa.string()}))
    pq.write_table(plain, second)
    inputs = Inputs(files=(second, first))
    with pytest.raises(ValueError, match="name the column"):
        list(Cutter(inputs=inputs, rows_per_shard=5))
    csv = first.with_name("c.csv")
    csv.write_text("text\n다\n라\n", encoding="utf-8")
    shards = cut(second, csv, size=3)
    assert [table(shard)["text"].to_pylist() for shard in shards] == [["가", "나", "다"], ["라"]]


def test_a_folder_stands_for_its_files_in_order_of_name(write, tmp_path):
    for name in ("b.csv", "c.csv", "a.csv"):
        write(name, [name])
    (tmp_path / "notes.md").write_text("no rows")
    (tmp_path / ".d.csv").write_text("hidden")
    (tmp_path / "a.csv.bad.jsonl").write_text('{"line": 3, "reason": "two columns", "row": "x"}\n')
    (tmp_path / "below.csv").mkdir()
    (shard,) = cut(tmp_path, size=9)
    assert shard.texts == ["a.csv", "b.csv", "c.csv"]


def test_bad_rows_count_and_come_with_file_line_and_reason(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"text,label\na,0\nb\nc,1.0\n\xff\xff,0\nd,-1\ne,1.5\nf, 2 \n")
    inputs = Inputs(files=(path,), column="text", label="label", encoding="utf-8")
    shards = list(Cutter(inputs=inputs, rows_per_shard=3))
    assert [shard.texts for shard in shards] == [["a", "c"], [], ["f"]]
    assert [shard.labels for shard in shards] == [[0, 1], [], [2]]
    bad = [row for shard in shards for row in shard.bad]
    assert [(row.file, row.line) for row in bad] == [(str(path), n) for n in (3, 5, 6, 7)]
    for row, reason in zip(bad, ("columns due: 2", "not utf-8", "got '-1'", "'1.5'"), strict=True):
        assert reason in row.reason
    assert table(shards[1]).schema == table(shards[0]).schema, "a shard of bad rows alone"


def test_a_missing_text_and_half_a_character_are_bad(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "\\ud800 가"}\n{"text": null}\n{"text": "\\ud83d\\ude00"}\n')
    (shard,) = cut(path)
    assert shard.texts == ["😀"]
    assert [row.line for row in shard.bad] == [1, 2]
    assert "half a character" in shard.bad[0].reason


@pytest.mark.parametrize(
    ("value", "label"),
    [
        (0, 0), (7, 7), (2**31 - 1, 2**31 - 1), ("3", 3), (" 4", 4), (1.0, 1), ("٣", 3),
        ("1.0", 1), ("1.5", None), ("1.", 1), (".0", None),
        (-1, None), (2**31, None), (True, None), (0.5, None), ("긍정", None), ("", None),
        ("1_0", None), ("9" * 5000, None), (None, None), (float("nan"), None), ([1], None),
    ],
)  # fmt: skip
def test_labels_are_whole_numbers_from_0(tmp_path, value, label):
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": "가", "y": value}) + "\n")
    (shard,) = cut(path, label="y")
    assert shard.labels == ([] if label is None else [label])
    assert len(shard.bad) == (label is None)


def test_labels_of_parquet_are_read_alike(write):
    (shard,) = cut(write("a.parquet"), size=99, label="label")
    assert shard.labels == [1, 0, 1, 0, 1, 0, 1]
    assert table(shard).column_names == ["id", "text"], "its numbers take the place of the column"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"adds": ("id",)}, "has a column 'id' already", id="added"),
        pytest.param({"label": "id"}, "has a column 'label' already", id="label in the way"),
        pytest.param({"label": "x"}, "no column 'x'; there are id, text, label", id="no label"),
        pytest.param({"column": "x"}, "no column 'x'", id="no column"),
        pytest.param({"format": "x"}, "unknown format 'x'", id="format"),
    ],
)
def test_columns_are_checked_before_any_row(write, options, message):
    for name in ("a.csv", "a.parquet"):
        with pytest.raises(ValueError, match=message):
            cut(write(name), **options)


def test_what_is_in_the_way_of_nothing_is_no_mistake(write):
    (shard,) = cut(write("a.csv"), size=99, adds=("id",), label="id", keeps_columns=False)
    assert shard.labels == [1, 2, 3, 4, 5, 6, 7]
    assert shard.chunks == []


def test_files_of_other_columns_are_refused_when_columns_are_kept(write, tmp_path):
    other = tmp_path / "b.csv"
    other.write_text("text\n가\n", encoding="utf-8")
    first = write("a.csv")
    with pytest.raises(ValueError, match=r"b\.csv has the columns text \(string\);.*a\.csv has id"):
        cut(first, other)
    assert len(cut(first, other, keeps_columns=False, size=99)[0].texts) == 8


@pytest.mark.parametrize("name", ["a.csv.gz", "a.jsonl.xz", "a.parquet"])
def test_a_damaged_file_is_told_after_the_shards_before_it(write, name):
    path = write(name, [f"{n} 번째 {'가나다라' * (n % 50)}" for n in range(5000)])
    content = path.read_bytes()
    half = len(content) // 2
    damaged = content[:half] + bytes(2000) + content[half + 2000 :]
    path.write_bytes(content[:half] if name != "a.parquet" else damaged)
    whole = write("b.csv") if name != "a.parquet" else write("b.parquet")
    inputs = Inputs(files=(whole, path), column="text")
    shards = iter(Cutter(inputs=inputs, rows_per_shard=7, keeps_columns=False))
    assert next(shards).texts == cut(whole, size=99)[0].texts
    with pytest.raises(ValueError, match=rf"{name}.*(damaged|after line)"):
        list(shards)


def test_the_digest_is_of_the_rows_and_of_all_in_them(write, tmp_path):
    """Whatever changes in what a shard holds changes its digest; where it is written does not."""
    csv = write("a.csv")
    digests = [shard.digest for shard in cut(csv)]
    packed = csv.with_name("b.csv.gz")
    packed.write_bytes(gzip.compress(csv.read_bytes()))
    assert [shard.digest for shard in cut(packed)] == digests
    content = csv.read_bytes()
    for old, new in ((b"\n5,", b"\n50,"), ("재밌다".encode(), "재밌네".encode())):
        csv.write_bytes(content.replace(old, new))
        changed = [shard.digest for shard in cut(csv)]
        assert [a == b for a, b in zip(changed, digests, strict=True)] == [True, False, True]
    csv.write_bytes(content.replace(b"\n5,", b"\n50,"))
    without, before = (
        [shard.digest for shard in cut(path, keeps_columns=False)] for path in (csv, packed)
    )
    assert without == before, "a column that is not kept"


def test_the_digest_of_parquet_is_of_its_values(write):
    path = write("a.parquet")
    digests = [shard.digest for shard in cut(path)]
    whole = pq.read_table(path)
    pq.write_table(whole, path, row_group_size=2, compression="gzip")
    assert [shard.digest for shard in cut(path)] == digests, "how it is stored does not matter"
    ids = pa.array([1, 2, 3, 4, 5, 6, 70], pa.int64())
    pq.write_table(whole.set_column(0, "id", ids), path)
    changed = [shard.digest for shard in cut(path)]
    assert [a == b for a, b in zip(changed, digests, strict=True)] == [True, True, False]


@pytest.mark.parametrize(
    ("paths", "error", "message"),
    [
        pytest.param(["none.csv"], FileNotFoundError, "no file none.csv", id="no file"),
        pytest.param(["-", "-"], ValueError, "give - once", id="standard input twice"),
        pytest.param(["notes.md"], ValueError, "tells no format", id="format"),
        pytest.param(["empty"], ValueError, "holds no file that ends in .txt, .csv", id="folder"),
        pytest.param([], ValueError, "at least one file", id="nothing"),
    ],
)
def test_mistakes_in_what_is_read(tmp_path, monkeypatch, paths, error, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.md").touch()
    with pytest.raises(error, match=message):
        Inputs.find(map(Path, paths))
