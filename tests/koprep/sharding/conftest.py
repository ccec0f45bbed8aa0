"""Small bundles, and files of rows in every format."""

from __future__ import annotations

import gzip
import json
import lzma

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from koprep import Preprocessor

TEXTS = [
    "배송이 빨라서 좋았어요",
    "별로예요 두 번 안 사요",
    "",
    '따옴표 " 하나, 쉼표 둘,,',
    "재밌다ㅋㅋㅋㅋ 또 보고 싶다 정말 정말 정말 정말",
    "처음 보는 말",
    "   ",
]


@pytest.fixture(scope="session")
def texts():
    return TEXTS


@pytest.fixture(scope="session")
def preprocessor():
    return Preprocessor(tokenizer="whitespace", maxlen=4).fit(TEXTS[:5])


@pytest.fixture(scope="session")
def bundle(preprocessor, tmp_path_factory):
    return preprocessor.save(tmp_path_factory.mktemp("bundles") / "words")


def _csv(rows):
    quoted = [
        "id,text,label",
        *(f'{i},"{t.replace(chr(34), chr(34) * 2)}",{n}' for i, t, n in rows),
    ]
    return "".join(f"{line}\n" for line in quoted).encode()


def _tsv(rows):
    return "".join(
        f"{line}\n" for line in ("id\ttext\tlabel", *(f"{i}\t{t}\t{n}" for i, t, n in rows))
    ).encode()


def _jsonl(rows):
    return "".join(
        json.dumps({"id": i, "text": t, "label": n}, ensure_ascii=False) + "\n" for i, t, n in rows
    ).encode()


def _parquet(rows):
    ids, texts, labels = (list(column) for column in zip(*rows, strict=True))
    table = pa.table(
        {
            "id": pa.array(ids, pa.int64()),
            "text": pa.array(texts, pa.large_string()),
            "label": pa.array(labels, pa.int8()),
        }
    )
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return sink.getvalue().to_pybytes()


WRITTEN = {
    "a.txt": lambda rows: "".join(f"{t}\n" for _, t, _ in rows).encode(),
    "a.csv": _csv,
    "a.tsv": _tsv,
    "a.jsonl": _jsonl,
    "a.csv.gz": lambda rows: gzip.compress(_csv(rows)),
    "a.jsonl.xz": lambda rows: lzma.compress(_jsonl(rows)),
    "a.parquet": _parquet,
}
"""A file's name -> the bytes of rows of id, text and label, independently of koprep."""


@pytest.fixture
def write(tmp_path):
    """Write texts to a file whose name tells the format, numbered from 1, labels 0 and 1."""

    def write(name, texts=TEXTS):
        rows = [(i, text, i % 2) for i, text in enumerate(texts, 1)]
        kind = "a" + name[name.index(".") :]
        path = tmp_path / name
        path.write_bytes(WRITTEN[kind](rows))
        return path

    return write
