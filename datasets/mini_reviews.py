"""Movie and shopping reviews written for this project: the offline default."""

from __future__ import annotations

from pathlib import Path

from .card import DatasetCard, DatasetFile
from .delimited import known_label, read_labelled
from .examples import TextDataset

CARD = DatasetCard(
    name="mini_reviews",
    title="koprep mini reviews",
    description="920 movie and shopping reviews composed for koprep, balanced by label and kind.",
    license="MIT",
    commercial_use=True,
    source="part of koprep",
    files={
        "train": DatasetFile(name="mini_reviews_train.tsv", rows=760),
        "test": DatasetFile(name="mini_reviews_test.tsv", rows=160),
    },
    columns={"text": "the review", "label": "0 or 1", "domain": "movie or shopping"},
    label_rule="0 is 부정 (negative), 1 is 긍정 (positive)",
    label_names=("부정", "긍정"),
    citation="The koprep developers: koprep mini reviews, part of koprep.",
    included=True,
)


def read(data_dir: Path, split: str) -> TextDataset:
    """Read one split; `data_dir` is the samples folder of the package."""
    return read_labelled(
        data_dir / CARD.files[split].name,
        columns=("text", "label", "domain"),
        header=True,
        text_column="text",
        label_column="label",
        label_rule=known_label({"0": 0, "1": 1}),
        label_names=CARD.label_names,
        name=CARD.name,
        split=split,
    )
