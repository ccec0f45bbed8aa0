"""The reviews that are measured on."""

from __future__ import annotations

import os
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
