"""Files of rows in every format, written and read back independently of koprep."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from koprep.cleaning import Cleaner
from koprep.records import BadRow, Files, rewrite

clean = Cleaner().clean


@dataclass(frozen=True)
class Format:
    write: Callable[[list[dict]], bytes]
    read: Callable[[bytes], list[dict]]


def csv_bytes(rows):
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
    writer.writerow(["id", "text", "note"])
    writer.writerows((row["id"], row["text"], row["note"]) for row in rows)
    return stream.getvalue().encode()


def tsv_bytes(rows):
    lines = ["id\ttext\tnote", *("\t".join((row["id"], row["text"], row["note"])) for row in rows)]
    return "".join(f"{line}\n" for line in lines).encode()


def jsonl_bytes(rows):
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def parquet_bytes(rows, schema=None):
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    schema = schema or pa.schema({"id": pa.string(), "text": pa.string(), "note": pa.string()})
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema), stream, row_group_size=7)
    return stream.getvalue()


def csv_rows(content):
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def tsv_rows(content):
    header, *lines = content.decode().removesuffix("\n").split("\n")
    return [dict(zip(header.split("\t"), line.split("\t"), strict=True)) for line in lines]


def jsonl_rows(content):
    return [json.loads(line) for line in content.decode().split("\n")[:-1]]


def parquet_rows(content):
    import pyarrow.parquet as pq

    return pq.read_table(io.BytesIO(content)).to_pylist()


FORMATS = {
    ".csv": Format(csv_bytes, csv_rows),
    ".tsv": Format(tsv_bytes, tsv_rows),
    ".jsonl": Format(jsonl_bytes, jsonl_rows),
    ".parquet": Format(parquet_bytes, parquet_rows),
}


@pytest.fixture(scope="session")
def formats():
    """A suffix -> how rows are written to bytes and read from them."""
    return FORMATS


@pytest.fixture(scope="session")
def jsonl(formats):
    return formats[".jsonl"]


@pytest.fixture(scope="session")
def parquet(formats):
    return formats[".parquet"]


@pytest.fixture(scope="session")
def rows():
    return [
        {"id": "1", "text": "배송이 빨라서 좋았어요ㅋㅋㅋㅋ", "note": '"a"'},
        {"id": "2", "text": "", "note": ""},
        {"id": "3", "text": "별로 <br> ㅠㅠㅠㅠ", "note": "\ufeff"},
    ]


def cleaning(texts):
    return map(clean, texts)


@pytest.fixture(scope="session")
def splitting():
    """The work that tokenizes at spaces."""

    def splitting(texts):
        return (text.split() for text in texts)

    return splitting


@pytest.fixture(scope="session")
def run():
    """Rewrite a file of rows, by default with clean texts in its column `text`."""

    def run(source, out=None, work=cleaning, column="text", **options):
        options = {"adds": None, "progress": None} | options
        adds, progress = options.pop("adds"), options.pop("progress")
        if ".txt" in source.name.lower():
            column = None
        given_files = Files(source=source, out=out, column=column, **options)
        return rewrite(given_files, work, adds=adds, progress=progress)

    return run


@pytest.fixture(scope="session")
def bad_rows_of():
    """Read the side file of bad rows beside an output."""

    def bad_rows_of(out):
        path = out.with_name(f"{out.name}.bad.jsonl")
        if not path.exists():
            return []
        return [BadRow(**json.loads(line)) for line in path.read_text("utf-8").splitlines()]

    return bad_rows_of
