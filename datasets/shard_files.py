"""Shards on disk: Parquet files of encoded rows, found in a folder and read one at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
import numpy.typing as npt

from koprep.manifest import MANIFEST
from koprep.padding import PAD_ID
from koprep.records.parquet import import_pyarrow
from koprep.sharding.manifest import TOKEN_IDS, ShardManifest

from .encoded import EncodedDataset, TaskSpec
from .labels import label_text

if TYPE_CHECKING:
    import pyarrow as pa

_MAGIC = b"PAR1"


@dataclass(frozen=True, kw_only=True)
class ShardFile:
    """A Parquet file of encoded rows, as it was when its folder was opened."""

    path: Path
    rows: int
    footer: str
    """SHA-256 of the Parquet footer, which tells where each column lies and what it holds."""
    sha256: str | None = None
    """Of the file, where a manifest knows it."""

    @property
    def checksum(self) -> str:
        """What is known of the content."""
        return self.sha256 or self.footer


def find_shards(folder: Path, label: str) -> tuple[tuple[ShardFile, ...], dict[str, Any]]:
    """Return the shards of a folder that hold rows, and the settings they were made with.

    With a `manifest.json` these are the files it lists; without one all `*.parquet` files, by
    name, and the settings are empty.

    Raises:
        FileNotFoundError: there is no such folder.
        ValueError: it holds no encoded rows as Parquet, a file is missing or no Parquet, or has
            no column of ids or of labels.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"there is no folder {folder}")
    checksums: dict[str, str | None]
    if (folder / MANIFEST).exists():
        manifest = ShardManifest.read(folder)
        if manifest.work != "encode" or manifest.files != "parquet":
            raise ValueError(
                f"{folder} holds {manifest.files} files of the work {manifest.work!r}: training "
                "reads encoded rows as Parquet; encode the texts to Parquet files"
            )
        checksums = {shard.file: shard.sha256 for shard in manifest.shards}
        settings: dict[str, Any] = manifest.settings
    else:
        names = sorted(path.name for path in folder.glob("*.parquet"))
        checksums = {name: None for name in names if not name.startswith((".", "_"))}
        settings = {}
    shards = [_opened(folder / name, label, sha256) for name, sha256 in checksums.items()]
    with_rows = tuple(shard for shard in shards if shard.rows)
    if not with_rows:
        raise ValueError(f"{folder} holds no encoded rows: {len(shards)} Parquet files, all empty")
    return with_rows, settings


def read_shard(shard: ShardFile, spec: TaskSpec, label: str) -> EncodedDataset:
    """Read a shard into memory and check every value.

    Args:
        shard: what `find_shards` found.
        spec: of the dataset.
        label: the column of labels: numbers from 0, as texts too, or the names of
            `spec.label_names`.

    Raises:
        ValueError: the file is missing, was changed or is damaged, or a value the task does not
            allow, named with its file and its row in it.
    """
    pa = import_pyarrow("pyarrow")
    try:
        content = shard.path.read_bytes()
    except FileNotFoundError:
        _missing(shard.path)
    if shard.sha256 is None:
        changed = _footer(content[-8:], content, shard.path) != shard.footer
    else:
        changed = hashlib.sha256(content).hexdigest() != shard.sha256
    if changed:
        raise ValueError(
            f"{shard.path} was changed since it was written or opened: encode again, or put the "
            "file back"
        )
    try:
        table = import_pyarrow("pyarrow.parquet").read_table(
            pa.BufferReader(content), columns=[TOKEN_IDS, label]
        )
    except (OSError, pa.ArrowException) as error:
        _damaged(shard.path, error)
    try:
        return EncodedDataset(
            spec=spec,
            token_ids=_token_ids(table[TOKEN_IDS].combine_chunks(), spec.maxlen),
            labels=_labels(table[label].combine_chunks(), label, spec.label_names),
        )
    except ValueError as error:
        raise ValueError(f"{shard.path}: {error}") from None


def _opened(path: Path, label: str, sha256: str | None) -> ShardFile:
    pa, parquet = import_pyarrow("pyarrow"), import_pyarrow("pyarrow.parquet")
    try:
        with path.open("rb") as stream:
            size = path.stat().st_size
            stream.seek(max(0, size - 8))
            end = stream.read()
            stream.seek(max(0, size - 8 - int.from_bytes(end[:4], "little")))
            footer = _footer(end, stream.read(), path)
            metadata = parquet.ParquetFile(stream).metadata
            names = metadata.schema.to_arrow_schema().names
    except FileNotFoundError:
        _missing(path)
    except (OSError, pa.ArrowException) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # it cannot be read, which says nothing of what it holds
        _damaged(path, error)
    for column, meaning in ((TOKEN_IDS, "encoded rows"), (label, "labels")):
        if column not in names:
            raise ValueError(
                f"{path} has no column {column!r} of {meaning}: it has {', '.join(names)}"
            )
    return ShardFile(path=path, rows=metadata.num_rows, footer=footer, sha256=sha256)


def _footer(end: bytes, content: bytes, path: Path) -> str:
    """Return the checksum of the footer in the last bytes of a file, the last eight given apart."""
    if len(end) < 8 or end[4:] != _MAGIC:
        raise ValueError(f"{path} is no whole Parquet file: encode again")
    return hashlib.sha256(content[-8 - int.from_bytes(end[:4], "little") :]).hexdigest()


def _token_ids(column: pa.Array, maxlen: int) -> npt.NDArray[np.int32]:
    pa, compute = import_pyarrow("pyarrow"), import_pyarrow("pyarrow.compute")
    kind = column.type
    lists = pa.types.is_list(kind) or pa.types.is_large_list(kind)
    if not (lists or pa.types.is_fixed_size_list(kind)) or not pa.types.is_integer(kind.value_type):
        raise ValueError(f"{TOKEN_IDS} must be lists of whole numbers, not {kind}")
    lengths = compute.fill_null(compute.list_value_length(column), -1).to_numpy()
    if len(wrong := np.flatnonzero(lengths != maxlen)):
        length = lengths[wrong[0]]
        found = "no ids" if length < 0 else f"{length} ids"
        raise ValueError(f"{TOKEN_IDS} row {wrong[0]}: {found}, not maxlen ({maxlen})")
    values = compute.list_flatten(column)
    if values.null_count:
        row = np.flatnonzero(values.is_null().to_numpy(zero_copy_only=False))[0] // maxlen
        raise ValueError(f"{TOKEN_IDS} row {row}: an id is missing")
    return _padded_left(_int32(values, TOKEN_IDS).reshape(-1, maxlen))


def _padded_left(token_ids: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """Move the PAD of rows that are filled on the right, and only there, to the left."""
    turned = np.flatnonzero((token_ids[:, 0] != PAD_ID) & (token_ids[:, -1] == PAD_ID))
    if not len(turned):
        return token_ids
    rows = token_ids[turned]
    filled = (rows[:, ::-1] != PAD_ID).argmax(axis=1)  # places at the end
    places = (np.arange(rows.shape[1]) - filled[:, None]) % rows.shape[1]
    moved = token_ids.copy()
    moved[turned] = np.take_along_axis(rows, places, axis=1)
    return moved


def _labels(column: pa.Array, name: str, label_names: Sequence[str]) -> npt.NDArray[np.int32]:
    pa = import_pyarrow("pyarrow")
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if column.null_count:
        row = np.flatnonzero(column.is_null().to_numpy(zero_copy_only=False))[0]
        raise ValueError(f"{name} row {row}: the label is missing")
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        distinct = column.dictionary_encode()
        places = {label_text(name): place for place, name in enumerate(label_names)}
        if not any(name.isdecimal() for name in places):  # CSV makes texts of numbers
            places |= {str(place): place for place in range(len(label_names))}
        known = [places.get(label_text(given), -1) for given in distinct.dictionary.to_pylist()]
        numbers: npt.NDArray[np.int32] = np.array(known, np.int32)[distinct.indices.to_numpy()]
        if len(wrong := np.flatnonzero(numbers < 0)):
            row = int(wrong[0])
            names = ", ".join(label_names)
            raise ValueError(f"{name} row {row}: {column[row].as_py()!r} is none of {names}")
        return numbers
    if not pa.types.is_integer(kind):
        raise ValueError(f"{name} must be whole numbers or the names of labels, not {kind}")
    return _int32(column, name)


def _int32(column: pa.Array, name: str) -> npt.NDArray[np.int32]:
    pa = import_pyarrow("pyarrow")
    try:
        values: npt.NDArray[np.int32] = column.cast(pa.int32()).to_numpy()
    except pa.ArrowInvalid as error:
        raise ValueError(f"{name}: {error}") from None
    return values


def _damaged(path: Path, error: Exception) -> NoReturn:
    raise ValueError(f"{path} is damaged ({error}): encode again") from None


def _missing(path: Path) -> NoReturn:
    raise ValueError(f"{path} is missing: put it back, or encode again") from None
