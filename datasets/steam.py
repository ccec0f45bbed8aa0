"""Steam game reviews: `label<TAB>text`, no header."""

from __future__ import annotations

from pathlib import Path

from .card import DatasetCard, DatasetFile
from .delimited import known_label, read_labelled
from .examples import TextDataset

CARD = DatasetCard(
    name="steam",
    title="Steam reviews",
    description="Game reviews, balanced, full of slang; not for every ear.",
    license="public domain",
    commercial_use="yes by the corpus' own licence; its texts were collected from Steam",
    source="https://github.com/bab2min/corpus",
    revision="62f3097b6c6974cecda5571f2cd2b64aa3b7f01e",
    files={
        "train": DatasetFile(
            name="steam.txt",
            rows=100_000,
            path="sentiment/steam.txt",
            blob="358da9142ab212ed3018e5bf53d099a166a31395",
        )
    },
    columns={"label": "0 or 1 (no header)", "text": "the review"},
    label_rule="0 is 부정 (negative), 1 is 긍정 (positive)",
    label_names=("부정", "긍정"),
    citation="bab2min: corpus, sentiment, 2020. https://github.com/bab2min/corpus",
)


def read(data_dir: Path, split: str) -> TextDataset:
    """Read the reviews from the folder that holds the corpus' file."""
    return read_labelled(
        data_dir / CARD.files[split].name,
        columns=("label", "text"),
        header=False,
        text_column="text",
        label_column="label",
        label_rule=known_label({"0": 0, "1": 1}),
        label_names=CARD.label_names,
        name=CARD.name,
        split=split,
    )
