"""NSMC, the Naver sentiment movie corpus: `id document label`, tab-separated, with a header."""

from __future__ import annotations

from pathlib import Path

from .card import DatasetCard
from .delimited import known_label, read_labelled
from .examples import TextDataset

CARD = DatasetCard(
    name="nsmc",
    title="Naver sentiment movie corpus",
    description="Movie reviews, balanced: ratings 1-4 are negative, 9-10 positive.",
    license="CC0 1.0",
    source="https://github.com/e9t/nsmc",
    revision="cc0670e872d4ac27bfe36c87456783004b39ef6c",
    files={"train": "ratings_train.txt", "test": "ratings_test.txt"},
    label_names=("부정", "긍정"),
)


def read(data_dir: Path, split: str) -> TextDataset:
    """Read one split from the folder that holds the corpus' files."""
    return read_labelled(
        data_dir / CARD.files[split],
        columns=("id", "document", "label"),
        header=True,
        text_column="document",
        label_column="label",
        label_rule=known_label({"0": 0, "1": 1}),
        label_names=CARD.label_names,
        name=CARD.name,
        split=split,
    )
