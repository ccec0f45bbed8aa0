"""Parquet keeps its types, and says what it does not hold."""

import json
import math
import sys

import pytest

from koprep.records import BadRow


def test_the_types_of_parquet_stay(tmp_path, run, splitting):
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    columns = {
        "text": pa.array(["a ㅋㅋㅋ", None, "b"] * 3000, pa.large_string()),
        "label": pa.array(["x", "y", "x"] * 3000).dictionary_encode(),
        "at": pa.array([1, None, 1_700_000_000_000_000_001] * 3000, pa.timestamp("ns")),
        "score": pa.array([0.5, math.nan, None] * 3000, pa.float32()),
        "nested": pa.array([[{"a": 1}], [], None] * 3000),
        "raw": pa.array([b"\xff", b"", None] * 3000),
    }
    table = pa.table(columns).replace_schema_metadata({"by": "someone"})
    pq.write_table(table, tmp_path / "a.parquet")
    report = run(tmp_path / "a.parquet", tmp_path / "b.parquet", splitting, adds="tokens")
    assert (report.written, report.bad) == (6000, 3000)
    written = pq.read_table(tmp_path / "b.parquet")
    kept = table.filter(pa.compute.is_valid(table["text"]))
    assert written.drop_columns("tokens") == kept.cast(written.schema.remove(6))
    assert written.schema.remove(6) == pq.read_schema(tmp_path / "a.parquet")
    assert written["tokens"].to_pylist() == [["a", "ㅋㅋㅋ"], ["b"]] * 3000
    run(tmp_path / "a.parquet", tmp_path / "c.parquet")
    cleaned = pq.read_table(tmp_path / "c.parquet")
    assert cleaned["text"].to_pylist() == ["a ㅋㅋ", "b"] * 3000
    assert cleaned.drop_columns("text") == kept.cast(cleaned.schema).drop_columns("text")


@pytest.mark.parametrize("kind", ["string", "large_string", "string_view", "dictionary"])
def test_every_kind_of_text_in_parquet(tmp_path, run, parquet, kind):
    pa = pytest.importorskip("pyarrow")
    type_ = pa.dictionary(pa.int8(), pa.string()) if kind == "dictionary" else getattr(pa, kind)()
    rows = [*({"text": f"{number} ㅋㅋㅋ"} for number in range(100)), {"text": None}]
    (tmp_path / "a.parquet").write_bytes(parquet.write(rows, pa.schema({"text": type_})))
    report = run(tmp_path / "a.parquet", tmp_path / "b.parquet")
    cleaned = parquet.read((tmp_path / "b.parquet").read_bytes())
    assert cleaned == [{"text": f"{number} ㅋㅋ"} for number in range(100)]
    assert report.first_bad == BadRow(101, "the text is missing (None)", '{"text": null}')


def test_parquet_text_that_is_not_utf8_is_a_bad_row(tmp_path, run):
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    broken = pa.Array.from_buffers(
        pa.string(), 2, pa.array([b"ok", b"\xb0\xa1"]).buffers(), null_count=0
    )
    pq.write_table(pa.table({"text": broken}), tmp_path / "a.parquet")
    report = run(tmp_path / "a.parquet", tmp_path / "b.jsonl")
    assert (report.written, report.bad) == (1, 1)
    assert report.first_bad.reason == r"expected a text, got bytes b'\xb0\xa1'"


def test_what_json_does_not_have_becomes_null(tmp_path, run):
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    columns = {"text": ["가", "나"], "score": [math.nan, 0.5], "all": [[math.inf, 1.0], []]}
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    run(tmp_path / "a.parquet", tmp_path / "b.jsonl")
    first, second = (tmp_path / "b.jsonl").read_text("utf-8").splitlines()
    assert first == '{"text": "가", "score": null, "all": [null, 1.0]}'
    assert json.loads(second)["score"] == 0.5


@pytest.mark.parametrize("ordered", [True, False])
def test_categories_stay_categories(tmp_path, run, ordered):
    """As pandas writes them: codes of one byte, every row group with the same categories."""
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    texts = pa.array([f"{number}ㅋㅋㅋ" for number in range(127)])
    codes = pa.array(list(range(127)) * 20, pa.int8())
    column = pa.DictionaryArray.from_arrays(codes, texts, ordered=ordered)
    pq.write_table(pa.table({"text": column}), tmp_path / "a.parquet", row_group_size=300)
    assert run(tmp_path / "a.parquet", tmp_path / "b.parquet").written == 127 * 20
    written = pq.read_table(tmp_path / "b.parquet")
    assert written["text"].to_pylist() == [f"{number}ㅋㅋ" for number in range(127)] * 20
    assert written.schema == pq.read_table(tmp_path / "a.parquet").schema


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"column": "body"}, "no column 'body'; there are id, text, note", id="column"),
        pytest.param({"column": "id"}, "column 'id' holds int64, not texts", id="no texts"),
        pytest.param({"adds": "note"}, "a column 'note' already", id="new column"),
        pytest.param({"encoding": "cp949"}, "leave it out", id="encoding"),
    ],
)
def test_parquet_refusals(tmp_path, run, parquet, options, message):
    pa = pytest.importorskip("pyarrow")
    schema = pa.schema({"id": pa.int64(), "text": pa.string(), "note": pa.string()})
    (tmp_path / "a.parquet").write_bytes(parquet.write([], schema))
    with pytest.raises(ValueError, match=message):
        run(tmp_path / "a.parquet", tmp_path / "b.jsonl", **options)


def test_parquet_without_pyarrow_says_what_to_install(tmp_path, run, parquet, rows, monkeypatch):
    (tmp_path / "a.parquet").write_bytes(parquet.write(rows))

    class Nowhere:
        def find_spec(self, name, path, target=None):
            if name == "pyarrow":
                raise ModuleNotFoundError("No module named 'pyarrow'", name=name)

    for module in [name for name in sys.modules if name.split(".")[0] == "pyarrow"]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setattr(sys, "meta_path", [Nowhere(), *sys.meta_path])
    with pytest.raises(ModuleNotFoundError, match="pip install pyarrow"):
        run(tmp_path / "a.parquet", tmp_path / "b.parquet")
