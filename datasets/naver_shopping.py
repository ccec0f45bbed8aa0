"""Naver shopping reviews: `rating<TAB>text`, no header."""

from __future__ import annotations

from pathlib import Path

from .card import DatasetCard, DatasetFile
from .delimited import read_labelled
from .examples import TextDataset

CARD = DatasetCard(
    name="naver_shopping",
    title="Naver shopping reviews",
    description="Shopping reviews with stars: 1-2 are negative, 4-5 positive.",
    license="public domain",
    commercial_use="yes by the corpus' own licence; its texts were collected from Naver Shopping",
    source="https://github.com/bab2min/corpus",
    revision="62f3097b6c6974cecda5571f2cd2b64aa3b7f01e",
    files={
        "train": DatasetFile(
            name="naver_shopping.txt",
            rows=200_000,
            path="sentiment/naver_shopping.txt",
            blob="25afff322fd86ee54d7813acedafe4990d83b18c",
        )
    },
    columns={"rating": "1, 2, 4 or 5 stars (no header)", "text": "the review"},
    label_rule="1 and 2 stars are 부정 (negative), 4 and 5 긍정 (positive)",
    label_names=("부정", "긍정"),
    citation="bab2min: corpus, sentiment, 2020. https://github.com/bab2min/corpus",
    options={"neutral": "'refuse' a file with 3 stars (the default) or 'drop' such rows"},
)

_LABELS = {"1": 0, "2": 0, "4": 1, "5": 1}


def read(data_dir: Path, split: str, *, neutral: str = "refuse") -> TextDataset:
    """Read the reviews from the folder that holds the corpus' file.

    Args:
        data_dir: the folder.
        split: `"train"`, the only one there is.
        neutral: what to do with 3 stars, which the official file does not hold: `"refuse"` the
            file or `"drop"` the row.

    Raises:
        ValueError: a rating other than 1, 2, 4, 5 (and 3 with `neutral="drop"`).
    """
    if neutral not in ("refuse", "drop"):
        raise ValueError(f"neutral must be 'refuse' or 'drop', got {neutral!r}")

    def rule(rating: str) -> int | None:
        if rating == "3" and neutral == "drop":
            return None
        if rating == "3":
            raise ValueError("'3' is neither negative nor positive; neutral='drop' leaves it out")
        if rating not in _LABELS:
            raise ValueError(f"{rating!r} is not one of {', '.join(_LABELS)}")
        return _LABELS[rating]

    return read_labelled(
        data_dir / CARD.files[split].name,
        columns=("rating", "text"),
        header=False,
        text_column="text",
        label_column="rating",
        label_rule=rule,
        label_names=CARD.label_names,
        name=CARD.name,
        split=split,
    )
