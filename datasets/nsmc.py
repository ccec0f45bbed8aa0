"""NSMC, the Naver sentiment movie corpus: `id document label`, tab-separated, with a header."""

from __future__ import annotations

from pathlib import Path

from .card import DatasetCard, DatasetFile
from .delimited import known_label, read_labelled
from .examples import TextDataset

CARD = DatasetCard(
    name="nsmc",
    title="Naver sentiment movie corpus",
    description="Movie reviews, balanced: ratings 1-4 are negative, 9-10 positive.",
    license="CC0 1.0",
    commercial_use=True,
    source="https://github.com/e9t/nsmc",
    revision="cc0670e872d4ac27bfe36c87456783004b39ef6c",
    files={
        "train": DatasetFile(
            name="ratings_train.txt",
            rows=150_000,
            path="ratings_train.txt",
            blob="ac0dba272895dc1d0b3dd5f11afbeaeb7abe7876",
        ),
        "test": DatasetFile(
            name="ratings_test.txt",
            rows=50_000,
            path="ratings_test.txt",
            blob="b6cfcd8cd1557bcd9bf06617b0e429ed73e9a367",
        ),
    },
    columns={"id": "number of the review", "document": "the review", "label": "0 or 1"},
    label_rule="0 is 부정 (negative), 1 is 긍정 (positive)",
    label_names=("부정", "긍정"),
    citation="Park, Lucy: Naver sentiment movie corpus v1.0, 2016. https://github.com/e9t/nsmc",
)


def read(data_dir: Path, split: str) -> TextDataset:
    """Read one split from the folder that holds the corpus' files."""
    return read_labelled(
        data_dir / CARD.files[split].name,
        columns=("id", "document", "label"),
        header=True,
        text_column="document",
        label_column="label",
        label_rule=known_label({"0": 0, "1": 1}),
        label_names=CARD.label_names,
        name=CARD.name,
        split=split,
    )
