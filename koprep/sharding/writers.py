"""One shard's rows to a file: Parquet, NumPy's npz or TensorFlow's records."""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from koprep.native_tensorflow import import_tensorflow
from koprep.records.parquet import import_pyarrow
from koprep.sharding.encoding import Column
from koprep.sharding.manifest import ShardFormat
from koprep.sharding.rows import LABEL, Chunk, Rows

if TYPE_CHECKING:
    import pyarrow as pa

PACKAGES: Mapping[ShardFormat, str] = {
    "parquet": "pyarrow",
    "npz": "numpy",
    "tfrecord": "tensorflow",
}
"""What writes each format."""


def to_shard_format(name: str) -> ShardFormat:
    """Return a format by its name.

    Raises:
        ValueError: an unknown one.
    """
    for files in PACKAGES:
        if files == name:
            return files
    raise ValueError(f"unknown --files {name!r}; choose from {', '.join(PACKAGES)}")


def writer_version(files: ShardFormat) -> dict[str, str]:
    """Return the package that writes a format and its version, without importing it.

    Raises:
        ModuleNotFoundError: it is not installed.

    >>> list(writer_version("npz"))
    ['numpy']
    """
    package = PACKAGES[files]
    if find_spec(package) is None:
        if package == "pyarrow":
            import_pyarrow(package)  # which says how it is installed
        import_tensorflow("tfrecord files")
    try:
        return {package: version(package)}
    except PackageNotFoundError:  # installed under another name, such as tensorflow-cpu
        return {package: "unknown"}


def write_parquet(path: Path, rows: Rows, added: Mapping[str, Column]) -> None:
    """Write the input's columns as they are, then those that were added."""
    pa = import_pyarrow("pyarrow")
    table = pa.concat_tables([_table(chunk) for chunk in rows.chunks])
    for name, column in _with_label(rows, added).items():
        table = table.append_column(name, _arrow_array(column))
    with path.open("wb") as stream:
        import_pyarrow("pyarrow.parquet").write_table(table, stream, compression="zstd")


def write_npz(path: Path, rows: Rows, added: Mapping[str, Column]) -> None:
    """Write the added columns, and `label`, as arrays of a file for `numpy.load`."""
    arrays: dict[str, Any] = {
        name: np.asarray(column) for name, column in _with_label(rows, added).items()
    }
    with path.open("wb") as stream:
        np.savez(stream, **arrays)


def write_tfrecord(path: Path, rows: Rows, added: Mapping[str, Column]) -> None:
    """Write one `tf.train.Example` a row, of the added columns and `label`, as int64."""
    tf = import_tensorflow("tfrecord files")
    columns = {
        name: array.tolist() if array.ndim == 2 else array[:, None].tolist()
        for name, column in _with_label(rows, added).items()
        for array in [np.asarray(column)]
    }
    train = tf.train
    try:
        with tf.io.TFRecordWriter(str(path)) as writer:
            for i in range(len(rows.texts)):
                feature = {
                    name: train.Feature(int64_list=train.Int64List(value=values[i]))
                    for name, values in columns.items()
                }
                example = train.Example(features=train.Features(feature=feature))
                writer.write(example.SerializeToString(deterministic=True))
    except tf.errors.OpError as error:  # of the disk; no OSError by itself
        raise OSError(errno.EIO, error.message) from None


WRITERS: Mapping[ShardFormat, Callable[[Path, Rows, Mapping[str, Column]], None]] = {
    "parquet": write_parquet,
    "npz": write_npz,
    "tfrecord": write_tfrecord,
}


def _with_label(rows: Rows, added: Mapping[str, Column]) -> dict[str, Column]:
    if rows.labels is None:
        return dict(added)
    return {**added, LABEL: np.array(rows.labels, np.int32)}


def _table(chunk: Chunk) -> pa.Table:
    pa = import_pyarrow("pyarrow")
    if isinstance(chunk, bytes):
        return pa.ipc.open_stream(chunk).read_all()
    return pa.table({name: pa.array(texts, pa.string()) for name, texts in chunk.items()})


def _arrow_array(column: Column) -> Any:
    pa = import_pyarrow("pyarrow")
    if isinstance(column, Mapping):
        return pa.StructArray.from_arrays(list(map(pa.array, column.values())), list(column))
    if isinstance(column, np.ndarray) and column.ndim == 2:
        flat = pa.array(column.reshape(-1))
        return pa.FixedSizeListArray.from_arrays(flat, column.shape[1])
    return pa.array(column) if isinstance(column, np.ndarray) else pa.array(column, pa.string())
