"""An interpolated bigram model: the baseline a recurrent language model has to beat."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

import numpy as np
import numpy.typing as npt
from sklearn.base import clone

from koprep.fitted import check_fitted
from koprep.padding import Ragged
from koprep.preprocessor import Preprocessor
from koprep.text_estimator import TextEstimator

from .sentences import SentenceEncoder, split_texts

CONVERGED = 1e-6
"""EM stops when no weight moves by more than this."""


class BigramLanguageModel(TextEstimator):
    """Predict a token from the one before it, from counts alone.

    p(w | v) = λ₂ c(v, w) / c(v) + λ₁ c(w) / N + λ₀ / V (Jelinek and Mercer, 1980), counts from
    the training part; the weights λ maximize the likelihood of the held-out part, found by EM. V
    counts every id but PAD. After a token that training never saw, λ₂'s share goes to the others.

    Tokens, OOV and sentence boundaries are those of a `TextGenerator` with the same preprocessor,
    held-out share and seed, so the two perplexities compare.

    Args:
        preprocessor: an unfitted `Preprocessor`; it is cloned.
        held_out: share of the texts that choose the weights.
        seed: of the choice of the held-out texts.

    Attributes (after `fit`):
        weights_: λ₀ (uniform), λ₁ (unigram), λ₂ (bigram), float64, shape (3,).
        encoder_: the `SentenceEncoder`.

    >>> model = BigramLanguageModel(Preprocessor(tokenizer="whitespace"), held_out=0.25)
    >>> model = model.fit(["가는 말이 곱다", "오는 말이 곱다", "말이 곱다", "가는 말이 있다"])
    >>> model.perplexity(["오는 말이 곱다"]) < model.perplexity(["곱다 말이 오는"])
    True
    """

    def __init__(self, preprocessor: Preprocessor, *, held_out: float = 0.1, seed: int = 0) -> None:
        self.preprocessor = preprocessor
        self.held_out = held_out
        self.seed = seed

    def fit(self, texts: Iterable[str], y: object = None) -> Self:
        """Count, and choose the weights.

        Raises:
            TypeError: a bare string, or a row that is missing or no text (with its number).
            ValueError: too few texts to hold some out.
        """
        if not 0 < self.held_out < 1:
            raise ValueError(f"held_out must be between 0 and 1, got {self.held_out}")
        train, held_out = split_texts(texts, self.held_out, self.seed, mend="another held_out")
        preprocessor = clone(self.preprocessor)
        rows = preprocessor.fit_transform_ragged(train)
        self.encoder_: SentenceEncoder = SentenceEncoder(preprocessor, boundaries=True)
        before, after = _pairs(self.encoder_.mark(rows))
        size = self.encoder_.vocabulary_size
        self._pairs, self._bigrams = np.unique(_keys(before, after, size), return_counts=True)
        self._histories = np.bincount(before, minlength=size)
        self._unigrams = np.bincount(after, minlength=size)
        self.weights_: npt.NDArray[np.float64] = _best_weights(
            self._components(self.encoder_.encode(held_out))
        )
        return self

    def token_log_probabilities(self, texts: Iterable[str]) -> npt.NDArray[np.float64]:
        """Return what `TextGenerator.token_log_probabilities` returns, by this model."""
        check_fitted(self, "weights_")
        components = self._components(self.encoder_.encode(texts))
        log_probabilities: npt.NDArray[np.float64] = np.log(_mixed(components, self.weights_))
        return log_probabilities

    def score(self, texts: Iterable[str], y: object = None) -> float:
        """Return the mean log probability of a token: higher is better."""
        return float(self.token_log_probabilities(texts).mean())

    def perplexity(self, texts: Iterable[str]) -> float:
        """Return exp(-score): among how many equally likely tokens the model hesitates."""
        return float(np.exp(-self.score(texts)))

    def _components(self, rows: Ragged) -> npt.NDArray[np.float64]:
        """Return what each distribution gives each token, shape (tokens, 3); NaN: no bigrams."""
        before, after = _pairs(rows)
        size = self.encoder_.vocabulary_size
        with np.errstate(invalid="ignore"):
            bigram = self._bigram_counts(before, after) / self._histories[before]
        unigram = self._unigrams[after] / self._unigrams.sum()
        return np.column_stack([np.full(len(after), 1 / (size - 1)), unigram, bigram])

    def _bigram_counts(
        self, before: npt.NDArray[np.int32], after: npt.NDArray[np.int32]
    ) -> npt.NDArray[np.int64]:
        keys = _keys(before, after, self.encoder_.vocabulary_size)
        places = np.minimum(np.searchsorted(self._pairs, keys), len(self._pairs) - 1)
        return np.where(self._pairs[places] == keys, self._bigrams[places], 0)


def _pairs(rows: Ragged) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Return each token that has one before it in its row, and the one before."""
    inside = np.ones(len(rows.token_ids), bool)
    inside[rows.offsets[:-1]] = False
    after = np.flatnonzero(inside)
    return rows.token_ids[after - 1], rows.token_ids[after]


def _keys(
    before: npt.NDArray[np.int32], after: npt.NDArray[np.int32], size: int
) -> npt.NDArray[np.int64]:
    """Return a number for each pair of ids."""
    return before.astype(np.int64) * size + after


def _shares(
    components: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return each distribution's part of each token's probability; unseen histories have two."""
    unseen = np.isnan(components[:, 2])
    parts = np.where(np.isnan(components), 0, components) * weights
    parts[unseen] /= weights[:2].sum()
    return parts


def _mixed(
    components: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    mixed: npt.NDArray[np.float64] = _shares(components, weights).sum(axis=1)
    return mixed


def _best_weights(components: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the weights under which held-out tokens are likeliest, by EM."""
    components = components[~np.isnan(components[:, 2])]  # the others say nothing of λ₂
    weights = np.full(3, 1 / 3)
    while True:
        parts = _shares(components, weights)
        better: npt.NDArray[np.float64] = (parts / parts.sum(axis=1, keepdims=True)).mean(axis=0)
        moved = np.abs(better - weights).max()
        weights = better
        if moved < CONVERGED:
            return weights
