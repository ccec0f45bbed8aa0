"""The course's smallest language model: the letters of `hello`, `hell` in and `ello` out."""

from __future__ import annotations

from pathlib import Path

from .card import DatasetCard, DatasetFile
from .examples import TextDataset

CARD = DatasetCard(
    name="hello",
    title="The letters h e l l o",
    description="The course's example for a character language model: hell in, ello out.",
    license="course example",
    commercial_use=True,
    source="part of koprep",
    files={"train": DatasetFile(name="", rows=1)},
    columns={"text": "the word"},
    label_rule="no labels: every next letter is one (samplers: shifted, next_token_samples)",
    citation="The example of a Korean NLP course, as koprep's lessons retell it.",
    included=True,
)


def read(data_dir: Path, split: str) -> TextDataset:
    """Return the one word, to be cut by the `syllable` tokenizer; `data_dir` is not looked at.

    >>> from koprep import Preprocessor
    >>> from koprep.datasets import shifted
    >>> preprocessor = Preprocessor(tokenizer="syllable", oov_token=None)
    >>> rows = preprocessor.fit_transform_ragged(read(Path(), "train").texts)
    >>> pairs = shifted(rows, len(preprocessor.vocabulary_))
    >>> for row in (pairs.token_ids[0], pairs.labels[0]):
    ...     print("".join(preprocessor.vocabulary_.decode(row)))
    hell
    ello
    """
    return TextDataset(texts=("hello",), name=CARD.name, split=split)
