"""Rows of unequal length: `Ragged` in memory, `pad_sequences` to one array."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import index
from pathlib import Path
from typing import Literal, get_args, overload

import numpy as np
import numpy.typing as npt

from koprep.ragged_file import read_ragged, write_ragged

PAD_ID = 0
"""The id that fills padded places; never the id of a token."""

WHOLE_SHARE = 0.99
"""The share of rows that a length chosen for them keeps whole."""

Side = Literal["pre", "post"]
"""The left (`"pre"`) or the right end of a row."""
SIDES = get_args(Side)


@dataclass(frozen=True, eq=False)
class Ragged(Sequence[npt.NDArray[np.int32]]):
    """Many rows of ids in one flat array.

    `token_ids` is int32 of shape (total,); `offsets` is int64 of shape (rows + 1,), and row `i`
    is `token_ids[offsets[i]:offsets[i + 1]]`.

    >>> rows = Ragged.from_rows([[2, 3], [], [4]])
    >>> len(rows), rows[0].tolist(), rows.lengths.tolist()
    (3, [2, 3], [2, 0, 1])
    """

    token_ids: npt.NDArray[np.int32]
    offsets: npt.NDArray[np.int64]

    def __post_init__(self) -> None:
        if self.token_ids.dtype != np.int32 or self.token_ids.ndim != 1:
            raise ValueError(
                "token_ids must be int32 of one dimension, "
                f"got {self.token_ids.dtype} of shape {self.token_ids.shape}"
            )
        offsets = self.offsets
        if offsets.dtype != np.int64 or offsets.ndim != 1 or not len(offsets):
            raise ValueError(f"offsets must be int64 of shape (rows + 1,), got {offsets!r}")
        if (
            offsets[0] != 0
            or offsets[-1] != len(self.token_ids)
            or (offsets[1:] < offsets[:-1]).any()
        ):
            raise ValueError(f"offsets must rise from 0 to {len(self.token_ids)}, got {offsets!r}")

    @classmethod
    def from_rows(cls, rows: Sequence[Sequence[int] | npt.NDArray[np.integer]]) -> Ragged:
        """Join rows of ids.

        Raises:
            ValueError: an id does not fit int32.
            TypeError: an id is no whole number.
        """
        lengths = np.fromiter(map(len, rows), np.int64, count=len(rows))
        ids = map(index, chain.from_iterable(rows))
        try:
            flat = np.fromiter(ids, np.int64, count=int(lengths.sum()))
        except OverflowError:
            raise ValueError("ids must fit int32, one does not even fit int64") from None
        except TypeError as error:
            raise TypeError(f"ids must be whole numbers: {error}") from None
        limits = np.iinfo(np.int32)
        if len(flat) and (flat.min() < limits.min or flat.max() > limits.max):
            raise ValueError(f"ids must fit int32, got {flat.min()} to {flat.max()}")
        return cls.from_lengths(flat.astype(np.int32), lengths)

    @classmethod
    def from_lengths(
        cls, token_ids: npt.NDArray[np.int32], lengths: npt.NDArray[np.integer]
    ) -> Ragged:
        """Cut a flat array into rows of the given lengths."""
        offsets = np.zeros(len(lengths) + 1, np.int64)
        np.cumsum(lengths, out=offsets[1:])
        return cls(token_ids, offsets)

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """Tokens a row, int64 of shape (rows,)."""
        return np.diff(self.offsets)

    def part(self, start: int, end: int) -> Ragged:
        """Return the rows from `start` up to `end`, without a copy of their ids.

        >>> [row.tolist() for row in Ragged.from_rows([[2, 3], [], [4]]).part(1, 3)]
        [[], [4]]
        """
        first, last = self.offsets[start], self.offsets[end]
        return Ragged(self.token_ids[first:last], self.offsets[start : end + 1] - first)

    def save(self, path: str | Path) -> None:
        """Write the rows to a file, in the place of an earlier one in one step."""
        write_ragged(Path(path), self.token_ids, self.offsets)

    @classmethod
    def load(cls, path: str | Path) -> Ragged:
        """Open what `save` wrote, memory-mapped: ids are read from disk when they are used.

        Raises:
            FileNotFoundError: there is no such file.
            ValueError: the file holds something else, or was damaged.
        """
        try:
            return cls(*read_ragged(Path(path)))
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error

    def replaced(self, parts: Ragged) -> Ragged:
        """Return these rows with every id `i` replaced by the ids of row `i` of `parts`.

        >>> parts = Ragged.from_rows([[7], [], [8, 9]])
        >>> [row.tolist() for row in Ragged.from_rows([[2, 0], [1]]).replaced(parts)]
        [[8, 9, 7], []]
        """
        if (parts.lengths == 1).all():
            return Ragged(parts.token_ids[self.token_ids], self.offsets)
        lengths = parts.lengths[self.token_ids]
        ends = np.concatenate(([0], np.cumsum(lengths)))
        # place of each new id: where its part begins, and how far into the part it stands
        first = np.repeat(parts.offsets[:-1][self.token_ids] - ends[:-1], lengths)
        token_ids = parts.token_ids[first + np.arange(ends[-1])]
        return Ragged(token_ids, ends[self.offsets])

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @overload
    def __getitem__(self, index: int) -> npt.NDArray[np.int32]: ...
    @overload
    def __getitem__(self, index: slice) -> Ragged: ...
    def __getitem__(self, index: int | slice) -> npt.NDArray[np.int32] | Ragged:
        if isinstance(index, slice):
            return Ragged.from_rows([self[i] for i in range(*index.indices(len(self)))])
        if not -len(self) <= index < len(self):
            raise IndexError(f"row {index} of {len(self)} rows")
        index %= len(self)
        return self.token_ids[self.offsets[index] : self.offsets[index + 1]]

    def __iter__(self) -> Iterator[npt.NDArray[np.int32]]:
        return (self[i] for i in range(len(self)))


def pad_sequences(
    rows: Ragged | Sequence[Sequence[int]],
    maxlen: int | None = None,
    *,
    padding: Side = "pre",
    truncating: Side = "pre",
) -> npt.NDArray[np.int32]:
    """Bring rows of ids to one length: `PAD_ID` fills short ones, long ones lose tokens.

    Args:
        rows: ids, row by row.
        maxlen: tokens a row; None takes the longest row.
        padding: the side that is filled, `"pre"` (left) or `"post"`.
        truncating: the side that long rows lose, `"pre"` or `"post"`.

    Returns:
        int32, shape (len(rows), maxlen).

    >>> pad_sequences([[2, 3], [2, 3, 1, 4]], maxlen=3)
    array([[0, 2, 3],
           [3, 1, 4]], dtype=int32)

    Raises:
        ValueError: `maxlen` below 1, or a side that is neither `"pre"` nor `"post"`.
    """
    check_sides(padding=padding, truncating=truncating)
    if maxlen is not None and maxlen < 1:
        raise ValueError(f"maxlen must be at least 1 token, got {maxlen}")
    ragged = rows if isinstance(rows, Ragged) else Ragged.from_rows(rows)
    lengths = ragged.lengths
    width = maxlen if maxlen is not None else int(lengths.max(initial=0))
    kept = np.minimum(lengths, width)

    # Both masks run row by row, left to right, so the kept tokens fall into place in order.
    column = np.arange(width)
    first = (width - kept if padding == "pre" else np.zeros_like(kept))[:, None]
    destination = (column >= first) & (column < first + kept[:, None])
    padded = np.full((len(ragged), width), PAD_ID, np.int32)
    if (kept == lengths).all():
        padded[destination] = ragged.token_ids
    else:
        place = np.arange(len(ragged.token_ids)) - np.repeat(ragged.offsets[:-1], lengths)
        dropped = lengths - kept if truncating == "pre" else np.zeros_like(kept)
        source = (place >= np.repeat(dropped, lengths)) & (
            place < np.repeat(dropped + kept, lengths)
        )
        padded[destination] = ragged.token_ids[source]
    return padded


def check_sides(**sides: object) -> None:
    """Refuse what is no side, by the name of the setting.

    Raises:
        ValueError: a side that is neither `"pre"` nor `"post"`.
    """
    for name, side in sides.items():
        if side not in SIDES:
            raise ValueError(f"{name} must be 'pre' or 'post', got {side!r}")


def padding_mask(token_ids: npt.NDArray[np.integer]) -> npt.NDArray[np.bool_]:
    """Return where rows hold tokens: True for a token, False for PAD; the shape is the input's.

    >>> padding_mask(np.array([[0, 0, 5]], np.int32))
    array([[False, False,  True]])
    """
    mask: npt.NDArray[np.bool_] = token_ids != PAD_ID
    return mask


def row_lengths(token_ids: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """Return the tokens of each padded row, PAD not counted; int64, shape (rows,).

    >>> row_lengths(np.array([[0, 0, 5], [4, 5, 6]], np.int32))
    array([1, 3])
    """
    lengths: npt.NDArray[np.int64] = padding_mask(token_ids).sum(axis=-1, dtype=np.int64)
    return lengths


def whole_length(
    lengths: npt.NDArray[np.integer], counts: npt.NDArray[np.integer] | None = None
) -> int:
    """Return the shortest row length that keeps `WHOLE_SHARE` of the rows whole, at least 1.

    >>> whole_length(np.array([1] * 99 + [500]))
    1
    >>> whole_length(np.array([500, 1]), np.array([1, 99]))
    1

    Args:
        lengths: tokens a row, shape (rows,), at least one.
        counts: rows of each length, of the same shape; None is one each.
    """
    if counts is None:
        rank = math.ceil(WHOLE_SHARE * len(lengths)) - 1
        return max(1, int(np.partition(lengths, rank)[rank]))
    order = np.argsort(lengths)
    rank = math.ceil(WHOLE_SHARE * int(counts.sum())) - 1
    place = np.searchsorted(np.cumsum(counts[order]), rank, side="right")
    return max(1, int(lengths[order][place]))
