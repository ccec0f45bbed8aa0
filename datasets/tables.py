"""`from_file`: labelled texts from any file or table a person has."""

from __future__ import annotations

import importlib
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from koprep.records import BadRow
from koprep.records.base import problem_with
from koprep.records.files import FORMATS, format_of, open_input
from koprep.records.reading import open_reader
from koprep.texts import MISSING, short

from .examples import SkippedRow, TextDataset
from .labels import LabelNames, label_value, name_labels


class _Row(NamedTuple):
    number: int
    text: Any
    label: Any
    problem: str | None = None


class _Source(NamedTuple):
    """A table that was opened."""

    name: str
    rows: Iterable[_Row]
    label_names: LabelNames = None
    """The names the table itself gives its labels."""


def from_file(
    source: Any,
    *,
    text: str = "text",
    label: str | None = None,
    label_names: Sequence[str | int] | Mapping[Any, str] | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    name: str | None = None,
) -> TextDataset:
    r"""Read texts, with or without labels, from a file or a table.

    Labels are texts, whole numbers or booleans. A row without a text or a label is left out and
    listed in `skipped`, with its line (of a table its number, from 1) and the reason.

    Args:
        source: the path of a .csv, .tsv, .jsonl (also .gz, .xz), .txt, .parquet or .xlsx file; or
            a pandas or polars DataFrame, an Arrow table, or one split of a Hugging Face dataset.
        text: the column of texts; a .txt file has none, each of its lines is a text.
        label: the column of labels; None reads the texts alone.
        label_names: the labels in the order they are numbered, or a mapping of each to the name
            it gets; None sorts them, or takes a Hugging Face dataset's own names.
        encoding: of a text file; None tells UTF-8 from CP949.
        sheet: of an .xlsx file; None takes the first.
        name: what the dataset is called; None takes the file's name.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "reviews.csv"
    >>> _ = path.write_text("text,stars\n재밌어요,5\n지루해요,1\n글쎄요,\n", encoding="utf-8")
    >>> dataset = from_file(path, label="stars", label_names={1: "부정", 5: "긍정"})
    >>> dataset.texts, dataset.labels.tolist(), dataset.label_names
    (('재밌어요', '지루해요'), [1, 0], ('부정', '긍정'))
    >>> print(dataset.skipped[0])
    line 4: no stars

    Raises:
        FileNotFoundError: there is no such file.
        ModuleNotFoundError: a Parquet or .xlsx file, and pyarrow or openpyxl is not installed.
        TypeError: `source` is no path and no table.
        ValueError: a column, format, sheet or encoding is wrong, a label is not among
            `label_names`, or no row is usable.
    """
    if isinstance(source, (str, Path)):
        opened = _open_file(Path(source), text, label, encoding, sheet)
    else:
        for option, value in (("encoding", encoding), ("sheet", sheet)):
            if value is not None:
                raise ValueError(
                    f"{option} is of files, and a {_kind(source)} is none: leave it out"
                )
        opened = _open_table(source, text, label)
    texts: list[str] = []
    values: list[str | int] = []
    numbers: list[int] = []
    skipped: list[SkippedRow] = []
    for row in opened.rows:
        found = None
        problem = row.problem or _text_problem(row.text, text)
        if problem is None and label is not None:
            found = label_value(row.label)
            if found is None:
                problem = _label_problem(row.label, label)
        if problem is not None:
            skipped.append(SkippedRow(row.number, problem))
            continue
        texts.append(row.text)
        numbers.append(row.number)
        if found is not None:
            values.append(found)
    if not texts:
        problem = f"; {skipped[0]}" if skipped else ""
        raise ValueError(f"{opened.name} holds no usable row{problem}")
    kept_as = name if name is not None else opened.name
    if label is None:
        return TextDataset(texts=tuple(texts), name=kept_as, skipped=tuple(skipped))
    order = opened.label_names if label_names is None else label_names
    labels, names = name_labels(values, order, lambda row: f"{opened.name} line {numbers[row]}")
    return TextDataset(
        texts=tuple(texts),
        labels=labels,
        label_names=names,
        name=kept_as,
        skipped=tuple(skipped),
    )


def _open_file(
    path: Path, text: str, label: str | None, encoding: str | None, sheet: str | None
) -> _Source:
    if path.suffix.lower() == ".xlsx":
        if encoding is not None:
            raise ValueError(f"{path}: an .xlsx file needs no encoding: leave it out")
        return _Source(str(path), _xlsx_rows(path, text, label, sheet))
    if sheet is not None:
        raise ValueError(f"{path} has no sheets: leave sheet out")
    found = format_of(path)
    if found is None:
        raise ValueError(
            f"{path}: its name tells no format; it must end in "
            f"{', '.join(f'.{name}' for name in FORMATS)} or .xlsx"
        )
    if found == "txt" and label is not None:
        raise ValueError(f"{path} is lines of text without columns, so it has no label {label!r}")
    return _Source(str(path), _file_rows(path, None if found == "txt" else text, label, encoding))


def _file_rows(
    path: Path, text: str | None, label: str | None, encoding: str | None
) -> Iterator[_Row]:
    columns: dict[str, None] = {}
    with open_input(path, None) as source:
        reader = open_reader(source, column=text, encoding=encoding)
        if reader.columns is not None and label not in (None, *reader.columns):
            raise _no_column(path, label, reader.columns)
        for record in reader:
            if isinstance(record, BadRow):
                yield _Row(record.line, None, None, record.reason)
            elif label is None:
                yield _Row(record.line, record.text, None)
            else:
                row = record.row
                columns.update(dict.fromkeys(row))
                yield _Row(record.line, record.text, row.get(label))
    if columns and label is not None and label not in columns:
        raise _no_column(path, label, columns)


def _no_column(path: Path, label: str | None, columns: Iterable[str]) -> ValueError:
    return ValueError(f"{path} has no column {label!r}; there are {', '.join(columns)}")


def _xlsx_rows(path: Path, text: str, label: str | None, sheet: str | None) -> Iterator[_Row]:
    if not path.is_file():
        raise FileNotFoundError(f"no file {path}")
    openpyxl = _import_openpyxl()
    with _naming_xlsx(path):
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    with closing(book):
        sheets = {found.title: found for found in book.worksheets}  # none that is a chart alone
        name = next(iter(sheets), None) if sheet is None else sheet
        if name not in sheets:
            there = ", ".join(sheets) or "none with cells"
            raise ValueError(f"{path} has no sheet {name!r}; there are {there}")
        rows = _sheet_rows(path, sheets[name])
        header = list(next(rows, ()))
        text_at, label_at = _places(str(path), header, text, label)
        for number, cells in enumerate(rows, 2):
            if any(cell is not None for cell in cells):
                yield _Row(number, _cell(cells, text_at), _cell(cells, label_at))


def _sheet_rows(path: Path, sheet: Any) -> Iterator[tuple[Any, ...]]:
    rows = sheet.iter_rows(values_only=True)
    while True:
        with _naming_xlsx(path):
            row = next(rows, None)
        if row is None:
            return
        yield row


@contextmanager
def _naming_xlsx(path: Path) -> Iterator[None]:
    """Name the file where it is no archive of XML documents, or not of those that are due."""
    from xml.etree.ElementTree import ParseError
    from zipfile import BadZipFile

    broken = (AttributeError, IndexError, KeyError, OSError, TypeError, ValueError)
    try:
        yield
    except (*broken, NotImplementedError, EOFError, zlib.error, BadZipFile, ParseError) as error:
        raise ValueError(f"{path} is no .xlsx file, or damaged: {error}; save it again") from None


def _open_table(table: Any, text: str, label: str | None) -> _Source:
    name = _kind(table)
    if isinstance(table, dict) and hasattr(table, "column_names"):
        splits = ", ".join(map(repr, table))
        raise TypeError(
            f"a {name} holds several splits: choose one of {splits}, as in data['train']"
        )
    if hasattr(table, "column_names") and hasattr(table, "features"):  # Hugging Face
        if table.column_names is None:
            raise TypeError(
                f"a {name} after map or filter does not know its columns: load it without "
                "streaming=True"
            )
        _places(name, table.column_names, text, label)
        names = None if label is None else getattr(table.features[label], "names", None)
        labels = None if label is None else list(table[label])
        if labels is not None and names:  # there, -1 says that a label is missing
            labels = [None if value == -1 else value for value in labels]
        rows = _numbered(table[text], labels)
        return _Source(name, rows, dict(enumerate(names)) if names else None)
    import narwhals as nw

    try:
        frame: Any = nw.from_native(table)
    except TypeError:
        raise TypeError(
            f"expected a path, a DataFrame, an Arrow table or a Hugging Face dataset, got {name} "
            f"{short(table)}"
        ) from None
    collected = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    _places(name, collected.columns, text, label)
    texts = collected[text].to_list()
    return _Source(name, _numbered(texts, None if label is None else collected[label].to_list()))


def _numbered(texts: Iterable[Any], labels: Iterable[Any] | None) -> Iterator[_Row]:
    if labels is None:
        return (_Row(number, text, None) for number, text in enumerate(texts, 1))
    pairs = zip(texts, labels, strict=True)
    return (_Row(number, text, label) for number, (text, label) in enumerate(pairs, 1))


def _places(
    source: str, columns: Sequence[Any], text: str, label: str | None
) -> tuple[int, int | None]:
    """Return where the columns stand, refusing those that are not there."""
    for column in [text] if label is None else [text, label]:
        if column not in columns:
            known = ", ".join(str(name) for name in columns if name is not None) or "none"
            raise ValueError(f"{source} has no column {column!r}; there are {known}")
        if list(columns).count(column) > 1:
            raise ValueError(f"{source} has two columns {column!r}; rename one")
    return columns.index(text), None if label is None else columns.index(label)


def _cell(cells: Sequence[Any], at: int | None) -> Any:
    return None if at is None or at >= len(cells) else cells[at]


def _text_problem(value: Any, column: str) -> str | None:
    missing = not value.strip() if isinstance(value, str) else str(value) in MISSING
    return f"no {column}" if missing else problem_with(value)


def _label_problem(value: Any, column: str) -> str:
    missing = not value.strip() if isinstance(value, str) else str(value) in MISSING
    return f"no {column}" if missing else f"{column} {short(value)} is no label"


def _kind(table: Any) -> str:
    return f"{type(table).__module__.partition('.')[0]} {type(table).__name__}"


def _import_openpyxl() -> Any:
    try:
        return importlib.import_module("openpyxl")
    except ModuleNotFoundError as error:
        if error.name != "openpyxl":
            raise
        raise ModuleNotFoundError(
            ".xlsx files need openpyxl: pip install openpyxl", name=error.name
        ) from error
