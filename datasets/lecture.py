"""The course's three sentences for next-word generation."""

from __future__ import annotations

from pathlib import Path

from .card import DatasetCard, DatasetFile
from .examples import TextDataset

CARD = DatasetCard(
    name="lecture_sentences",
    title="Three sentences around the word 말",
    description="The course's example for next-word generation: one word, several meanings.",
    license="course example",
    commercial_use=True,
    source="part of koprep",
    files={"train": DatasetFile(name="", rows=3)},
    columns={"text": "the sentence"},
    label_rule="no labels: every next word is one",
    citation="The example sentences of a Korean NLP course, as koprep's lessons retell it.",
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
