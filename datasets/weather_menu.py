"""The course's cook: what is on the menu follows from the weather and from yesterday's menu.

On a sunny day the cook makes the same dish as yesterday, on a rainy day the next one of the
rotation. The weather alone does not tell the dish: a model must remember, as a recurrent one does.
"""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .card import DatasetCard, DatasetFile
from .examples import TaggedDataset

SUNNY, RAINY = "맑음", "비"
DISHES = ("비빔밥", "칼국수", "김치찌개")
"""The rotation; the day before the first, the cook made the first dish."""

LISTED_DAYS = 16
"""Sequences up to this length are chosen from the list of all there are."""

CARD = DatasetCard(
    name="weather_menu",
    title="The cook's menu",
    description="Generated: each day's weather in, each day's dish out; memory is needed.",
    license="course example",
    commercial_use=True,
    source="part of koprep",
    files={"train": DatasetFile(name="", rows=200), "test": DatasetFile(name="", rows=200)},
    columns={"text": f"{SUNNY} (sunny) or {RAINY} (rainy), one a day", "tags": "that day's dish"},
    label_rule=f"the dish moves on by one with each {RAINY}: {', '.join(DISHES)}, and over again",
    kind="tagged",
    label_names=DISHES,
    citation="The example of a Korean NLP course, as koprep's lessons retell it.",
    included=True,
    options={
        "length": "days a sequence (10)",
        "count": "sequences a split (200)",
        "seed": "of the weather (0)",
    },
)


def read(
    data_dir: Path, split: str, *, length: int = 10, count: int = 200, seed: int = 0
) -> TaggedDataset:
    """Make sequences of days; `data_dir` is not looked at.

    With one seed no weather comes twice, in one split or in both: the test split asks for what
    was never seen.

    Args:
        data_dir: not used.
        split: `"train"` or `"test"`.
        length: days a sequence.
        count: sequences.
        seed: of the weather; the same seed gives the same data.

    >>> dataset = read(Path(), "train", length=4, count=2)
    >>> len(dataset), dataset.tag_names
    (2, ('비빔밥', '칼국수', '김치찌개'))

    Raises:
        ValueError: `length` or `count` below 1, or fewer different weathers than two splits need.
    """
    for name, value in (("length", length), ("count", count)):
        if value < 1:
            raise ValueError(f"{name} must be at least 1, got {value}")
    possible = 1 << length
    if 2 * count > possible:
        raise ValueError(
            f"{length} days have {possible} different weathers: count must be at most "
            f"{possible // 2} for two splits, got {count}"
        )
    rainy = _different_weathers(length, count, split, seed)
    dishes = np.cumsum(rainy, axis=1) % len(DISHES)
    return TaggedDataset(
        texts=tuple(tuple(RAINY if wet else SUNNY for wet in row) for row in rainy.tolist()),
        tags=tuple(map(tuple, dishes.tolist())),
        tag_names=DISHES,
        separator=" ",
        name=CARD.name,
        split=split,
    )


def _different_weathers(length: int, count: int, split: str, seed: int) -> npt.NDArray[np.bool_]:
    """Return `count` different rows of `length` days, True for rain."""
    test = split == "test"
    rng = np.random.default_rng(seed)
    if length <= LISTED_DAYS:  # all there are, shuffled: one half for each split
        half = 1 << (length - 1)
        numbers = rng.permutation(1 << length)[half * test :][:count]
        bits = (numbers[:, None] >> np.arange(length)) & 1
        return bits.astype(np.bool_)
    seen: dict[bytes, None] = {}
    while len(seen) < count:
        row = rng.integers(0, 2, length, np.uint8).tobytes()
        if zlib.crc32(row) & 1 == test:  # each weather belongs to one split
            seen[row] = None
    return np.frombuffer(b"".join(seen), np.bool_).reshape(count, length)
