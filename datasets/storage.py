"""Encoded datasets on disk: a folder of .npy files, read by memory-mapping, and `spec.json`.

They are data that can be made again, not models: unlike a bundle the files carry no checksums,
which would have to read every byte before the first batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, ValidationError

from koprep.bundle import foreign_names
from koprep.manifest import first_problem
from koprep.ragged_file import DAMAGED_ARRAY
from koprep.replacing import finish_replacing, naming_unfinished, replacing

from .encoded import Task, TaskSpec

if TYPE_CHECKING:
    from .encoded import EncodedDataset

SPEC_FILE = "spec.json"
ARRAYS = ("token_ids", "labels", "sample_weight")


class _SavedSpec(BaseModel):
    """What `spec.json` holds."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    task: Task
    vocabulary_size: int
    maxlen: int
    num_labels: int
    label_names: tuple[str, ...]


def save_encoded(dataset: EncodedDataset, folder: Path) -> Path:
    """Write a dataset, replacing an earlier one, in one step; see `EncodedDataset.save`.

    Killed at any moment, it leaves the earlier one or the new one, whole.
    """
    if folder.exists() and not folder.is_dir():
        raise FileExistsError(f"{folder} is a file; give a folder to save to")
    names = {entry.name for entry in folder.iterdir()} if folder.exists() else set()
    own = {SPEC_FILE, *map(_file_name, ARRAYS)} if SPEC_FILE in names else set()
    if foreign := foreign_names(names, own):
        raise FileExistsError(f"{folder} holds {', '.join(foreign)}; give another folder")
    with replacing(folder) as fresh:
        for name in ARRAYS:
            values: npt.NDArray[Any] | None = getattr(dataset, name)
            if values is not None:
                _write(fresh / _file_name(name), values)
        saved = _SavedSpec(**asdict(dataset.spec))
        (fresh / SPEC_FILE).write_bytes(f"{saved.model_dump_json(indent=2)}\n".encode())
    return folder


def load_encoded(folder: Path) -> dict[str, Any]:
    """Return the arguments of the `EncodedDataset` in a folder; see `EncodedDataset.load`."""
    finish_replacing(folder)
    if not folder.is_dir():
        raise FileNotFoundError(f"no encoded dataset at {folder}: there is no such folder")
    if not (folder / SPEC_FILE).is_file():
        raise ValueError(f"{folder} holds no encoded dataset: it has no {SPEC_FILE}")
    try:
        saved = _SavedSpec.model_validate_json((folder / SPEC_FILE).read_bytes())
    except ValidationError as error:
        raise ValueError(
            f"{folder / SPEC_FILE}: {first_problem(error)}; encode and save again"
        ) from None
    with naming(folder / SPEC_FILE):
        spec = TaskSpec(**saved.model_dump(exclude={"format"}))
    names = ARRAYS if spec.per_token else ARRAYS[:2]
    return {"spec": spec, **{name: _open(folder / _file_name(name)) for name in names}}


@contextmanager
def naming(place: Path) -> Iterator[None]:
    """Name the folder, or the file of it, whose values are refused where they are used."""
    try:
        yield
    except (TypeError, ValueError) as error:
        raise ValueError(f"{place}: {error}; encode and save again") from None


def _write(path: Path, values: npt.NDArray[Any]) -> None:
    with naming_unfinished(path):
        np.save(path, values, allow_pickle=False)


def _open(path: Path) -> npt.NDArray[Any]:
    try:
        values: npt.NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    except FileNotFoundError:
        raise ValueError(f"{path} is missing; encode and save again") from None
    except DAMAGED_ARRAY as error:
        raise ValueError(f"{path} is damaged ({error}); encode and save again") from None
    return values


def _file_name(array: str) -> str:
    return f"{array}.npy"
