"""The course's three sentences for next-word generation."""

from __future__ import annotations

from pathlib import Path

from .card import DatasetCard
from .examples import TextDataset

CARD = DatasetCard(
    name="lecture_sentences",
    title="Three sentences around the word 말",
    description="The course's example for next-word generation: one word, several meanings.",
    license="facts of the course",
    source="part of koprep",
    files={"train": ""},
    included=True,
)

SENTENCES = (
    "경마장에 있는 말이 뛰고 있다",
    "그의 말이 법이다",
    "가는 말이 고와야 오는 말이 곱다",
)


def read(data_dir: Path, split: str) -> TextDataset:
    """Return the sentences; they have no labels, and `data_dir` is not looked at."""
    return TextDataset(texts=SENTENCES, name=CARD.name, split=split)
