"""`Ragged` on disk: one file of two arrays, whose ids are read where they are used."""

from __future__ import annotations

import os
import zlib
from pathlib import Path
from tokenize import TokenError
from typing import BinaryIO
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy

from koprep.replacing import naming_unfinished, replacing_file

DAMAGED_ARRAY = (
    ValueError, EOFError, NotImplementedError, SyntaxError, TokenError, BadZipFile, zlib.error,
)  # fmt: skip
"""What NumPy raises for a file of arrays that is damaged."""


def write_ragged(
    path: Path, token_ids: npt.NDArray[np.int32], offsets: npt.NDArray[np.int64]
) -> None:
    """Write both arrays, in NumPy's .npy format one after the other, in one step.

    Raises:
        OSError: the disk refuses; what stood there before stays.
    """
    with naming_unfinished(path), replacing_file(path) as part, part.open("xb") as file:
        for values in (offsets, token_ids):
            npy.write_array(file, values, allow_pickle=False)


def read_ragged(path: Path) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """Return the ids, memory-mapped, and the offsets.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it is no file that `write_ragged` wrote, or not the whole of it.
    """
    with path.open("rb") as file:
        try:
            offsets = npy.read_array(file, allow_pickle=False)
            token_ids = _map(file)
        except DAMAGED_ARRAY as error:
            raise ValueError(f"holds no rows of ids ({error}); save them again") from error
    return token_ids, offsets


def _map(file: BinaryIO) -> npt.NDArray[np.int32]:
    version = npy.read_magic(file)
    shape, _, dtype = npy.read_array_header_1_0(file) if version == (1, 0) else ((), False, None)
    if dtype != np.int32 or len(shape) != 1:
        raise ValueError(f"expected one array of int32, got {dtype} of shape {shape}")
    start, size = file.tell(), os.fstat(file.fileno()).st_size
    if size - start != 4 * shape[0]:
        raise ValueError(f"{size - start} bytes in the place of {4 * shape[0]}")
    if not shape[0]:
        return np.empty(0, np.int32)  # what is empty cannot be mapped
    return np.memmap(file, np.int32, mode="r", offset=start, shape=shape)
