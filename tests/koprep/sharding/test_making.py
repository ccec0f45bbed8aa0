"""One shard: what stands in its file, and that it appears whole or not at all."""

import errno
import hashlib
import json
import os
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from koprep.sharding import Inputs
from koprep.sharding.making import ShardMaker
from koprep.sharding.rows import Cutter
from koprep.sharding.writers import write_tfrecord


@pytest.fixture
def rows(write):
    """Make rows of a file with labels; of the last two, one is bad."""
    path = write("a.csv")
    path.write_bytes(path.read_bytes() + b"8,x,no\n")
    (found,) = Cutter(inputs=Inputs(files=(path,), column="text", label="label"), rows_per_shard=99)
    return found


@pytest.fixture
def engine(preprocessor):
    return lambda texts: {"token_ids": preprocessor.transform(texts)}


def examples(path):
    tf = pytest.importorskip("tensorflow")
    for raw in tf.data.TFRecordDataset(str(path)).as_numpy_iterator():
        feature = tf.train.Example.FromString(raw).features.feature
        yield {name: list(values.int64_list.value) for name, values in feature.items()}


def content(path, files):
    """Return the ids and the labels in a shard, as another program reads them."""
    if files == "parquet":
        table = pq.read_table(path)
        return table["token_ids"].to_pylist(), table["label"].to_pylist()
    if files == "npz":
        with np.load(path) as arrays:
            assert {name: array.dtype for name, array in arrays.items()} == {
                "token_ids": np.int32,
                "label": np.int32,
            }
            return arrays["token_ids"].tolist(), arrays["label"].tolist()
    found = list(examples(path))
    return [one["token_ids"] for one in found], [one["label"][0] for one in found]


@pytest.mark.parametrize("files", ["parquet", "npz", "tfrecord"])
def test_each_format_holds_the_same(rows, engine, preprocessor, texts, tmp_path, files):
    (tmp_path / "out").mkdir()
    maker = ShardMaker(engine, files, tmp_path / "out")
    shard = maker.make(rows)
    path = tmp_path / "out" / f"part-00000.{files}"
    assert content(path, files) == (preprocessor.transform(texts).tolist(), [1, 0, 1, 0, 1, 0, 1])
    assert (shard.file, shard.rows, shard.bad_rows) == (path.name, 7, 1)
    assert shard.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    bad = [json.loads(line) for line in path.with_suffix(".bad.jsonl").open(encoding="utf-8")]
    assert [(row["line"], row["row"]) for row in bad] == [
        (9, '{"id": "8", "text": "x", "label": "no"}')
    ]
    assert bad[0]["file"].endswith("a.csv")
    before = path.read_bytes()
    assert maker.make(rows) == shard
    assert path.read_bytes() == before, "the same rows, the same bytes"
    assert len(list(path.parent.iterdir())) == 2


def test_parquet_holds_the_columns_then_what_was_added(rows, engine, tmp_path):
    ShardMaker(engine, "parquet", tmp_path).make(rows)
    schema = pq.read_schema(tmp_path / "part-00000.parquet")
    assert [(field.name, str(field.type)) for field in schema] == [
        ("id", "string"),
        ("text", "string"),
        ("token_ids", "fixed_size_list<element: int32>[4]"),
        ("label", "int32"),
    ]


@pytest.mark.parametrize("files", ["parquet", "npz", "tfrecord"])
def test_a_shard_of_bad_rows_alone_is_an_empty_file_of_the_same_columns(
    write, engine, tmp_path, files
):
    path = write("a.csv", ["가", "나"])
    path.write_bytes(path.read_bytes().replace(b",1\n", b",x\n"))
    inputs = Inputs(files=(path,), column="text", label="label")
    maker = ShardMaker(engine, files, tmp_path)
    bad, good = [maker.make(rows) for rows in Cutter(inputs=inputs, rows_per_shard=1)]
    assert [(shard.rows, shard.bad_rows) for shard in (bad, good)] == [(0, 1), (1, 0)]
    assert content(tmp_path / bad.file, files) == ([], [])
    if files == "parquet":
        assert pq.read_schema(tmp_path / bad.file) == pq.read_schema(tmp_path / good.file)


def test_bad_rows_of_other_rows_that_came_here_before_go(rows, write, engine, tmp_path):
    (tmp_path / "out").mkdir()
    maker = ShardMaker(engine, "npz", tmp_path / "out")
    maker.make(rows)
    (good,) = Cutter(inputs=Inputs(files=(write("b.txt"),)), rows_per_shard=99)
    maker.make(good)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["part-00000.npz"]


def test_a_disk_that_refuses_leaves_what_stood_there(rows, engine, tmp_path, monkeypatch):
    maker = ShardMaker(engine, "npz", tmp_path)
    maker.make(rows)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def full(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=r"part-00000\.npz could not be written: No space") as caught:
        maker.make(rows)
    assert caught.value.errno == errno.ENOSPC
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_shard_is_on_disk_before_it_takes_its_place(rows, engine, tmp_path, monkeypatch):
    steps = []
    sync, rename = os.fsync, os.replace

    def spied_sync(descriptor):
        steps.append(f"sync {Path(f'/proc/self/fd/{descriptor}').readlink().name}")
        sync(descriptor)

    def spied_rename(source, target):
        steps.append(f"rename to {str(target).split('/')[-1]}")
        rename(source, target)

    monkeypatch.setattr(os, "fsync", spied_sync)
    monkeypatch.setattr(os, "replace", spied_rename)
    ShardMaker(engine, "parquet", tmp_path).make(rows)
    number = os.getpid()
    assert steps == [
        f"sync .part-00000.bad.jsonl.{number}",
        "rename to part-00000.bad.jsonl",
        f"sync .part-00000.parquet.{number}",
        "rename to part-00000.parquet",
        f"sync {tmp_path.name}",
    ]


def test_records_that_the_disk_refuses_are_an_error_of_the_system(rows, engine, tmp_path):
    pytest.importorskip("tensorflow")
    with pytest.raises(OSError, match="nowhere"):
        write_tfrecord(tmp_path / "nowhere" / "a", rows, engine(rows.texts))
