"""`CharacterModel`: a linear model of a text's characters, that answers beside a network.

A network of morphemes reads every token the vocabulary does not hold alike. The characters of a
text know neither words nor order, and tell misspellings and rare words apart; the two are wrong
about other texts (wide and deep learning: Cheng et al., 2016).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt

from koprep.texts import listed, text_key

from .network import Probabilities

if TYPE_CHECKING:
    from koprep.datasets import TextDataset

FEATURE_BITS = 20
LONGEST_NGRAM = 4

EPOCHS = 5
REGULARIZATION = 1e-6

_LONG_RUN = re.compile(r"(.)\1{3,}")
_STEP, _SPREAD = np.uint32(0x01000193), np.uint32(0x9E3779B1)
"""The primes of FNV-1a and of Knuth's multiplicative hashing."""


@dataclass(frozen=True, kw_only=True, eq=False)
class CharacterModel:
    """The log odds of the second of two labels, from one to four characters at a time.

    Which of 2^20 features a run of characters is, a hash says that never changes. A text counts
    each of its n features once, as 1 / sqrt(n).

    >>> from koprep.datasets import TextDataset
    >>> reviews = TextDataset(texts=("정말 좋다", "정말 싫다") * 20,
    ...                       labels=np.array([1, 0] * 20, np.int32), label_names=("부정", "긍정"))
    >>> model = CharacterModel.fit(reviews, share=0.3)
    >>> model.log_odds(["좋네", "싫네"]) > 0
    array([ True, False])
    """

    weights: npt.NDArray[np.int8]
    """Shape (2^20,)."""
    unit: float
    """What one step of a weight is worth."""
    bias: float
    share: float
    """How much it counts beside a network, above 0 and below 1."""
    label_names: tuple[str, ...] = ()
    """Of the two labels it learned; empty where it was not told."""

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:
            raise ValueError(f"share must be above 0 and below 1, got {self.share}")
        if self.weights.dtype != np.int8 or self.weights.shape != (1 << FEATURE_BITS,):
            raise ValueError(
                f"the weights of characters must be int8 of shape ({1 << FEATURE_BITS},), "
                f"got {self.weights.dtype} of shape {self.weights.shape}"
            )

    @classmethod
    def fit(cls, labelled: TextDataset, *, share: float, seed: int = 0) -> Self:
        """Learn from labelled texts by logistic regression, in which both labels weigh the same.

        Raises:
            ValueError: there are no labels, or not two kinds of them; a share that is none.
        """
        from scipy.sparse import csr_matrix  # to answer, neither is needed
        from sklearn.linear_model import SGDClassifier

        labels = labelled.labels
        if labels is None or len(labelled.label_names) != 2 or len(np.unique(labels)) != 2:
            raise ValueError(
                f"dataset {labelled.name!r} has the labels "
                f"{', '.join(labelled.label_names) or 'none'}: characters tell two labels apart, "
                "and need texts of both"
            )
        rows = list(map(character_features, labelled.texts))
        lengths = np.fromiter(map(len, rows), np.int64, len(rows))
        counted = csr_matrix(
            (
                np.repeat(1 / np.sqrt(np.maximum(1, lengths)), lengths).astype(np.float32),
                np.concatenate(rows).astype(np.int32),
                np.concatenate([[0], np.cumsum(lengths)]),
            ),
            shape=(len(rows), 1 << FEATURE_BITS),
        )
        learned = SGDClassifier(
            loss="log_loss",
            alpha=REGULARIZATION,
            max_iter=EPOCHS,
            tol=None,
            average=True,
            class_weight="balanced",
            random_state=seed,
        ).fit(counted, labels)
        unit = float(np.abs(learned.coef_).max()) / 127 or 1.0
        weights = np.round(learned.coef_[0] / unit).astype(np.int8)
        bias = float(learned.intercept_[0])
        return cls(
            weights=weights, unit=unit, bias=bias, share=share, label_names=labelled.label_names
        )

    def log_odds(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return ln(p / (1 - p)) of the second label, float32, shape (texts,)."""
        return np.fromiter(map(self._log_odds, texts), np.float32, len(texts))

    def answer_beside(self, probabilities: Probabilities, texts: Sequence[str]) -> Probabilities:
        """Return the mean of a network's answers and its own, in log odds, weighed by `share`.

        Args:
            probabilities: of the network, float32 (texts, 2).
            texts: raw.
        """
        sure = np.clip(probabilities[:, 1].astype(np.float64), 1e-7, 1 - 1e-7)
        of_network = np.log(sure / (1 - sure))
        log_odds = (1 - self.share) * of_network + self.share * self.log_odds(texts)
        second = (1 / (1 + np.exp(-log_odds))).astype(np.float32)
        return np.stack([1 - second, second], axis=1)

    def to_bytes(self) -> bytes:
        """Write the weights, a byte each; the numbers beside them stand in the settings."""
        return self.weights.tobytes()

    @classmethod
    def from_bytes(
        cls, content: bytes, *, label_names: tuple[str, ...] = (), **numbers: float
    ) -> Self:
        """Read what `to_bytes` wrote.

        Raises:
            ValueError: there are more or fewer.
        """
        weights = np.frombuffer(content, np.int8)
        return cls(weights=weights, label_names=label_names, **numbers)

    def _log_odds(self, text: str) -> float:
        features = character_features(text)
        total = int(self.weights[features].sum(dtype=np.int64))
        return self.bias + self.unit * total / math.sqrt(len(features))


def check_characters(model: CharacterModel, label_names: Sequence[str]) -> None:
    """Refuse a model of characters beside a network of other labels.

    Labels that are called by their numbers are taken for its own, in their order.

    Raises:
        ValueError: there are not two, or two others, or the second comes first.
    """
    names = tuple(label_names)
    if len(names) != 2:
        raise ValueError(
            f"a model of characters tells two labels apart, not the {len(names)} of these "
            f"texts: {listed(names)}"
        )
    numbered = all(name.isdecimal() for name in names)
    if model.label_names not in ((), names) and not numbered:
        raise ValueError(
            f"the model of characters knows the labels {', '.join(model.label_names)}, and the "
            f"texts have {', '.join(names)}: both must be the same, in the same order"
        )


def character_features(text: str) -> npt.NDArray[np.uint32]:
    """Return which runs of one to four characters a text holds, each once, uint32 below 2^20.

    Unicode form and spaces are evened out, what stands more than three times in a row stands three
    times, and the text's begin and end are characters, too.
    """
    evened = _LONG_RUN.sub(r"\1\1\1", text_key(text))
    characters = np.frombuffer(f"^{evened}$".encode("utf-32-le", "surrogatepass"), np.uint32)
    hashes = np.zeros_like(characters)
    found = []
    for length in range(min(LONGEST_NGRAM, len(characters))):
        hashes = (hashes[: len(characters) - length] * _STEP ^ characters[length:]) * _SPREAD
        found.append(hashes >> np.uint32(32 - FEATURE_BITS))
    return np.unique(np.concatenate(found))
