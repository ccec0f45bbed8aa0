"""The reviews that are measured on."""

from __future__ import annotations

import lzma
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from koprep.datasets import TextDataset, load

DATA = Path(os.environ.get("KOPREP_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))


@cache
def reviews(count: int) -> list[str]:
    """Return the first raw movie reviews."""
    return list(load("nsmc", data_dir=DATA / "nsmc", limit=count).texts)


def labelled_reviews(count: int) -> TextDataset:
    """Return movie reviews with their labels, chosen at random."""
    return load("nsmc", data_dir=DATA / "nsmc", limit=count, seed=0)


def all_reviews() -> Iterator[str]:
    """Yield all raw movie reviews, those of the training and test part and the others."""
    with lzma.open(DATA / "nsmc" / "raw_reviews.tsv.xz", "rt", encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            yield line.rstrip("\n").split("\t")[2]
