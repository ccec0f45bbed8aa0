"""The majority tagger: the baseline a recurrent tagger has to beat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
import numpy.typing as npt
from sklearn.base import clone

from koprep.datasets import TaggedDataset
from koprep.preprocessor import Preprocessor

from .tagged import Tagger, Tags, tagged_examples


class MajorityTagger(Tagger):
    """Give each token the tag it had most often in training; context is not looked at.

    A token that training never saw gets the tag of the OOV token if that was met, else the most
    frequent tag of all. An I- that continues nothing begins an entity.

    Args:
        preprocessor: an unfitted `Preprocessor`; None takes characters, or words where
            these are tagged. It is cloned.

    >>> tags = ["B-PS", "O", "O"]
    >>> tagger = MajorityTagger().fit(["김 씨", "김 군"], [tags, tags])
    >>> tagger.predict(["씨와 김"])
    [[Entity(label='PS', start=3, end=4)]]
    """

    def __init__(self, preprocessor: Preprocessor | None = None) -> None:
        self.preprocessor = preprocessor

    def fit(self, X: TaggedDataset | Sequence[str | Sequence[str]], y: Tags | None = None) -> Self:
        """Count tags; see `SequenceTagger.fit` for what it takes and raises."""
        examples = tagged_examples(X, y)
        preprocessor = (
            clone(self.preprocessor) if self.preprocessor else unit_preprocessor(examples)
        )
        self.preprocessor_ = preprocessor.fit(examples.raw_texts)
        encoded = examples.encode(self.preprocessor_)
        real = encoded.token_ids != 0
        counts = np.zeros((encoded.spec.vocabulary_size, encoded.spec.num_labels), np.int64)
        np.add.at(counts, (encoded.token_ids[real], encoded.labels[real]), 1)
        counts[counts.sum(axis=1) == 0] = counts.sum(axis=0)
        self.majority_: npt.NDArray[np.intp] = counts.argmax(axis=1)
        self.tag_names_ = examples.tag_names
        return self

    def _tag(self, rows: Sequence[Sequence[int]]) -> list[Sequence[int]]:
        return [self.majority_[list(row)].tolist() for row in rows]


def unit_preprocessor(examples: TaggedDataset) -> Preprocessor:
    """Return the taggers' default preprocessing: a token for each thing that has a tag.

    Tokens seen once in training stay unknown, so that training shows the model some.
    """
    return Preprocessor(tokenizer=unit_tokenizer(examples), vocabulary_size=None, min_count=2)


def unit_tokenizer(examples: TaggedDataset) -> str:
    """Return the tokenizer that cuts where the tags do: words, or characters with spaces.

    >>> unit_tokenizer(tagged_examples([["비", "갬"]], [["우산", "모자"]]))
    'whitespace'
    """
    return "whitespace" if examples.separator == " " else "character"
