import gzip
import sys
from types import SimpleNamespace

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from koprep.datasets import from_file
from koprep.datasets.tables import _file_rows

ROWS = [("재밌어요", "긍정"), ("지루해요", "부정"), ("또 봤어요", "긍정")]
TEXTS = tuple(text for text, _ in ROWS)
LABELS = [label for _, label in ROWS]
COLUMNS = {"document": list(TEXTS), "label": LABELS}


def delimited(separator):
    lines = [separator.join(row) for row in [("document", "label"), *ROWS]]
    return ("\n".join(lines) + "\n").encode()


def jsonl():
    lines = [f'{{"document": "{text}", "label": "{label}"}}' for text, label in ROWS]
    return "\n".join(lines).encode()


class HuggingFace:
    """What `datasets.Dataset` shows of itself."""

    def __init__(self, columns, names=None):
        self._columns = columns
        self.column_names = list(columns)
        self.features = dict.fromkeys(columns, SimpleNamespace())
        if names:
            self.features["label"] = SimpleNamespace(names=names)

    def __getitem__(self, column):
        return self._columns[column]


def written(content):
    def write(folder, suffix):
        path = folder / f"reviews.{suffix}"
        path.write_bytes(content)
        return path

    return write


def write_parquet(folder, suffix):
    parquet.write_table(pa.table(COLUMNS), folder / "reviews.parquet")
    return folder / "reviews.parquet"


def write_xlsx(folder, suffix, rows=None):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in rows or [("document", "label"), *ROWS]:
        book.active.append(row)
    book.create_sheet("empty")
    book.save(folder / "reviews.xlsx")
    return folder / "reviews.xlsx"


FILES = {
    "csv": written(delimited(",")),
    "csv.gz": written(gzip.compress(delimited(","))),
    "tsv": written(delimited("\t")),
    "jsonl": written(jsonl()),
    "parquet": write_parquet,
    "xlsx": write_xlsx,
}

TABLES = {
    "pandas": pd.DataFrame(COLUMNS),
    "polars": pl.DataFrame(COLUMNS),
    "polars lazy": pl.LazyFrame(COLUMNS),
    "arrow": pa.table(COLUMNS),
    "hugging face": HuggingFace(COLUMNS),
    "hugging face, labels named": HuggingFace({**COLUMNS, "label": [1, 0, 1]}, ["부정", "긍정"]),
}


@pytest.mark.parametrize("suffix", FILES)
@pytest.mark.parametrize("as_text", [True, False], ids=["str", "Path"])
def test_every_kind_of_file_gives_the_same_dataset(tmp_path, suffix, as_text):
    path = FILES[suffix](tmp_path, suffix)
    dataset = from_file(str(path) if as_text else path, text="document", label="label")
    assert dataset.texts == TEXTS
    assert dataset.label_names == ("긍정", "부정")
    assert dataset.labels.tolist() == [0, 1, 0]
    assert (dataset.skipped, dataset.name) == ((), str(path))


@pytest.mark.parametrize("kind", TABLES)
def test_every_kind_of_table_gives_the_same_dataset(kind):
    dataset = from_file(TABLES[kind], text="document", label="label")
    assert dataset.texts == TEXTS
    assert [dataset.label_names[label] for label in dataset.labels] == LABELS
    named = kind.endswith("named")
    assert dataset.label_names == (("부정", "긍정") if named else ("긍정", "부정"))


def test_without_a_label_column_there_are_no_labels(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("재밌어요\n\n또 봤어요\n", encoding="utf-8")
    dataset = from_file(path)
    assert (dataset.texts, dataset.labels) == (("재밌어요", "또 봤어요"), None)
    assert [(row.line, row.reason) for row in dataset.skipped] == [(2, "no text")]
    assert from_file(TABLES["pandas"], text="document").labels is None


HOLES = {"text": ["가", None, " ", "라", "마", "바"], "label": ["1", "1", "1", None, "", "0"]}
HOLES_LEFT = [(2, "no text"), (3, "no text"), (4, "no label"), (5, "no label")]


@pytest.mark.parametrize(
    "table",
    [
        pytest.param(pd.DataFrame(HOLES), id="pandas"),
        pytest.param(pd.DataFrame(HOLES).convert_dtypes(), id="pandas NA"),
        pytest.param(pl.DataFrame(HOLES), id="polars"),
        pytest.param(pa.table(HOLES), id="arrow"),
        pytest.param(HuggingFace(HOLES), id="hugging face"),
    ],
)
def test_rows_without_text_or_label_are_listed(table):
    dataset = from_file(table, label="label")
    assert (dataset.texts, dataset.label_names) == (("가", "바"), ("0", "1"))
    assert [(row.line, row.reason) for row in dataset.skipped] == HOLES_LEFT


@pytest.mark.parametrize(
    ("name", "content", "skipped"),
    [
        pytest.param("a.csv", 'text,label\n"가\n나",1\n,1\n다,\n라\n마,0\n',
                     [(4, "no text"), (5, "no label"), (6, "columns due: 2")], id="csv"),
        pytest.param("a.tsv", "text\tlabel\n가\t1\n\t1\n다\t\n라\n마\t0\n",
                     [(3, "no text"), (4, "no label"), (5, "columns due: 2")], id="tsv"),
        pytest.param("a.jsonl",
                     '{"text":"가","label":1}\n{"label":1}\n{"text":"다"}\n{"text":7,"label":1}\n[]\n'
                     '{"text":"라","label":null}\n{"text":"마","label":[1]}\n{"text":"바","label":0}',
                     [(2, "no column 'text'"), (3, "no label"), (4, "expected a text, got int 7"),
                      (5, "expected a JSON object"), (6, "no label"), (7, "label [1] is no label")],
                     id="jsonl"),
    ],
)  # fmt: skip
def test_rows_of_files_that_cannot_be_used_are_listed_by_line(tmp_path, name, content, skipped):
    (tmp_path / name).write_text(content, encoding="utf-8")
    dataset = from_file(tmp_path / name, label="label")
    assert (len(dataset), dataset.labels.tolist()) == (2, [1, 0])
    assert [row.line for row in dataset.skipped] == [line for line, _ in skipped]
    for row, (_, reason) in zip(dataset.skipped, skipped, strict=True):
        assert reason in row.reason


def test_cells_of_a_sheet_that_cannot_be_used_are_listed_by_row(tmp_path):
    rows = [("text", "label"), ("가", 1), (None, 1), (None, None), (7, 1), ("마", None), ("바", 2)]
    path = write_xlsx(tmp_path, "xlsx", rows)
    dataset = from_file(path, label="label")
    assert (dataset.texts, dataset.label_names) == (("가", "바"), ("1", "2"))
    assert [(row.line, row.reason) for row in dataset.skipped] == [
        (3, "no text"), (5, "expected a text, got int 7"), (6, "no label"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("labels", "names", "expected"),
    [
        pytest.param([10, 9, 10], None, [("9", "10"), [1, 0, 1]], id="numbers by size"),
        pytest.param(["10", "9", "10"], None, [("9", "10"), [1, 0, 1]], id="numbers as texts"),
        pytest.param([1.0, 2.0, 1.0], None, [("1", "2"), [0, 1, 0]], id="numbers as fractions"),
        pytest.param([True, False, True], None, [("False", "True"), [1, 0, 1]], id="booleans"),
        pytest.param(["나", "가", "나"], None, [("가", "나"), [1, 0, 1]], id="texts"),
        pytest.param(["01", "1", "1"], None, [("1", "01"), [1, 0, 0]], id="01 is another than 1"),
        pytest.param(["나", "가", "나"], ["나", "가"], [("나", "가"), [0, 1, 0]], id="given order"),
        pytest.param([5, 1, 5], {1: "악", 5: "호"}, [("악", "호"), [1, 0, 1]], id="renamed"),
        pytest.param(["1", "0", "1"], [0, 1, 2], [("0", "1", "2"), [1, 0, 1]], id="one not met"),
    ],
)  # fmt: skip
def test_labels_are_numbered_from_0(labels, names, expected):
    table = pd.DataFrame({"text": TEXTS, "label": labels})
    dataset = from_file(table, label="label", label_names=names)
    assert [dataset.label_names, dataset.labels.tolist()] == expected


@given(
    st.lists(
        st.one_of(st.integers(), st.booleans(), st.text(min_size=1), st.none(), st.floats()),
        min_size=1,
    )
)
def test_no_row_is_lost_silently(labels):
    column = np.empty(len(labels), object)
    column[:] = labels
    table = pd.DataFrame({"text": ["가"] * len(labels), "label": column})
    table.loc[len(table)] = ["나", "0"]  # one row is usable, whatever the others are
    dataset = from_file(table, label="label")
    assert len(dataset) + len(dataset.skipped) == len(table)


def test_hugging_faces_missing_label_is_no_label():
    dataset = from_file(
        HuggingFace({"text": ["가", "나"], "label": [-1, 0]}, ["부정"]), label="label"
    )
    assert dataset.texts == ("나",)
    assert str(dataset.skipped[0]) == "line 1: no label"


NAMED = {"text": "document", "label": "label"}


@pytest.mark.parametrize(
    ("source", "options", "error", "message"),
    [
        pytest.param("/nowhere/a.csv", {}, FileNotFoundError, "no file", id="no file"),
        pytest.param("/nowhere/a.xlsx", {}, FileNotFoundError, "no file", id="no sheet file"),
        pytest.param("a.docx", {}, ValueError, r"must end in \.txt.*\.xlsx", id="format"),
        pytest.param("a.csv", {"sheet": "s"}, ValueError, "has no sheets", id="sheet of csv"),
        pytest.param("a.txt", {"label": "x"}, ValueError, "it has no label 'x'", id="txt label"),
        pytest.param(TABLES["pandas"], {}, ValueError, "'text'; there are document, label",
                     id="text column"),
        pytest.param(TABLES["arrow"], {"text": "document", "label": "x"}, ValueError,
                     "no column 'x'", id="label column"),
        pytest.param(TABLES["hugging face"], {}, ValueError, "no column 'text'", id="hf column"),
        pytest.param(TABLES["pandas"], {"encoding": "cp949"}, ValueError, "leave it out",
                     id="encoding of a table"),
        pytest.param(TABLES["pandas"]["label"], {}, TypeError, "expected a path", id="a column"),
        pytest.param(["가"], {}, TypeError, "expected a path", id="a list"),
        pytest.param(TABLES["pandas"], {**NAMED, "label_names": ["긍정"]}, ValueError,
                     "line 2: label '부정' is not one of 긍정", id="unknown label"),
        pytest.param(TABLES["pandas"], {**NAMED, "label_names": ["긍정", "긍정"]}, ValueError,
                     "'긍정' twice", id="named twice"),
        pytest.param(pd.DataFrame({"text": [None], "label": [1]}), {"label": "label"}, ValueError,
                     "no usable row; line 1: no text", id="nothing usable"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_with_its_mend(source, options, error, message):
    with pytest.raises(error, match=message):
        from_file(source, **options)


@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl", "parquet", "xlsx"])
def test_an_unknown_label_column_lists_the_columns(tmp_path, suffix):
    path = FILES[suffix](tmp_path, suffix)
    with pytest.raises(ValueError, match="no column 'stars'; there are document, label"):
        from_file(path, text="document", label="stars")


def test_a_choice_of_splits_is_asked_for():
    class DatasetDict(dict):
        column_names = None

    with pytest.raises(TypeError, match="choose one of 'train', 'test'"):
        from_file(DatasetDict(train=1, test=2))


def test_sheets_are_chosen_by_name(tmp_path):
    path = write_xlsx(tmp_path, "xlsx")
    assert len(from_file(path, text="document", sheet="Sheet")) == 3
    with pytest.raises(ValueError, match="no sheet 'x'; there are Sheet, empty"):
        from_file(path, text="document", sheet="x")
    with pytest.raises(ValueError, match="no column 'document'; there are none"):
        from_file(path, text="document", sheet="empty")
    path.write_bytes(b"no zip")
    with pytest.raises(ValueError, match=r"is no \.xlsx file"):
        from_file(path)


def test_a_missing_openpyxl_says_what_to_install(tmp_path, monkeypatch):
    (tmp_path / "a.xlsx").write_bytes(b"")
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(ModuleNotFoundError, match="pip install openpyxl"):
        from_file(tmp_path / "a.xlsx")


def test_a_wrong_column_of_labels_is_told_before_a_row_is_read(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("text,label\n" + "가,1\n" * 9, "utf-8")
    read = _file_rows(path, "text", "lable", None)
    with pytest.raises(ValueError, match="no column 'lable'; there are text, label"):
        next(read)


def test_whole_numbers_that_pandas_wrote_as_fractions_are_whole(tmp_path):
    path = tmp_path / "a.csv"
    pd.DataFrame({"text": list("가나다"), "label": [1, None, 0]}).to_csv(path, index=False)
    assert "1.0" in path.read_text("utf-8")
    dataset = from_file(path, label="label", label_names={0: "부정", 1: "긍정"})
    assert [dataset.label_names[label] for label in dataset.labels] == ["긍정", "부정"]
    path.write_text("text,label\n가,1.0\n나,0.5\n다,1.5\n", "utf-8")
    assert from_file(path, label="label").label_names == ("0.5", "1.0", "1.5")


def test_a_stream_that_does_not_know_its_columns_is_told():
    stream = HuggingFace(COLUMNS)
    stream.column_names = None
    with pytest.raises(TypeError, match="does not know its columns"):
        from_file(stream, text="document")


def test_cp949_is_told_or_given(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("text\n배송이 빠르고 포장이 좋아요\n".encode("cp949"))
    assert from_file(path).texts == ("배송이 빠르고 포장이 좋아요",)
    path.write_bytes("text\n좋아\n".encode("cp949"))
    with pytest.raises(ValueError, match="too little speaks for CP949"):
        from_file(path)
    assert from_file(path, encoding="cp949").texts == ("좋아",)


def test_a_sheet_may_have_columns_without_a_name_and_stand_behind_a_chart(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    from openpyxl.chart import BarChart

    book = openpyxl.Workbook()
    book.create_chartsheet("chart", 0).add_chart(BarChart())
    for row in (("text", None, None), ("가", 1, 2)):
        book.worksheets[0].append(row)
    book.save(tmp_path / "a.xlsx")
    assert from_file(tmp_path / "a.xlsx").texts == ("가",)
    with pytest.raises(ValueError, match="no sheet 'chart'; there are Sheet"):
        from_file(tmp_path / "a.xlsx", sheet="chart")


def test_a_cell_that_holds_many_values_is_no_text():
    (skipped,) = from_file(pd.DataFrame({"text": ["가", np.array([1, 2])]})).skipped
    assert "got ndarray" in str(skipped)
