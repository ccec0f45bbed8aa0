"""Embeddings learned from unlabelled text with word2vec (Mikolov et al., 2013), through gensim."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from koprep.padding import PAD_ID, Ragged
from koprep.preprocessor import Preprocessor
from koprep.texts import iter_texts
from koprep.vocabulary import Vocabulary

from .registry import matrix_size

Embeddings = Callable[[Preprocessor], npt.NDArray[np.floating]]
"""What an estimator's embedding begins with: called with the fitted preprocessor, whose vocabulary
is not known before `fit`, it returns the matrix, shape (vocabulary_size, embedding_size)."""


@dataclass(frozen=True, kw_only=True)
class Word2VecConfig:
    """Settings of word2vec: skip-grams with negative sampling.

    >>> Word2VecConfig(size=64).window
    5
    """

    size: int = 128
    """Numbers a token."""
    window: int = 5
    """Tokens on each side that a token predicts."""
    epochs: int = 5
    """Passes over the texts."""
    seed: int = 0
    """The same seed and texts give the same vectors: one thread learns."""

    def __post_init__(self) -> None:
        for name in ("size", "window", "epochs"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}")
        if not 0 <= self.seed < 2**32:
            raise ValueError(f"seed must be at least 0 and below 2**32, got {self.seed}")


@dataclass(frozen=True)
class PretrainedEmbeddings:
    """An estimator's `embeddings=`, learned from unlabelled texts at each `fit`.

    The texts go through the preprocessing that the estimator fitted on its own training texts;
    their words beyond its vocabulary are what such words are to it later, too: unknown.

    Args:
        texts: raw texts; labels are not needed. They need not hold the training texts.
        config: the `Word2VecConfig`; its size is the model's `embedding_size`.

    Raises:
        ModuleNotFoundError: gensim is not installed.
        TypeError: a bare string, or a row that is missing or no text (with its number).
    """

    texts: Sequence[str] = field(repr=False)
    config: Word2VecConfig = Word2VecConfig()

    def __post_init__(self) -> None:
        _import_word2vec()  # what is missing shows before the long work
        object.__setattr__(self, "texts", tuple(iter_texts(self.texts)))

    def __call__(self, preprocessor: Preprocessor) -> npt.NDArray[np.float32]:
        """Return the matrix for a fitted preprocessor's vocabulary; see `pretrain_embeddings`."""
        token_lists = preprocessor.iter_tokens(self.texts)
        return pretrain_embeddings(token_lists, preprocessor.vocabulary_, self.config)


def pretrain_embeddings(
    token_lists: Iterable[Sequence[str]],
    vocabulary: Vocabulary,
    config: Word2VecConfig | None = None,
) -> npt.NDArray[np.float32]:
    """Learn a vector for each id of a vocabulary from texts without labels.

    Tokens are encoded first, so that the ids of unknown tokens learn vectors as well. An id that
    the texts do not hold begins at random, as widely spread as the others; PAD is 0.

    Args:
        token_lists: the texts, cut and written as the vocabulary's tokens are.
        vocabulary: what the model reads by.
        config: the settings; None is their defaults.

    Returns:
        float32, shape (len(vocabulary), size): row i for the token with id i.

    Raises:
        ModuleNotFoundError: gensim is not installed.
        ValueError: no text holds a token of the vocabulary.
    """
    word2vec = _import_word2vec()
    chosen = config or Word2VecConfig()
    rows = vocabulary.encode_many(token_lists)
    known = np.unique(rows.token_ids)
    if not np.isin(known, vocabulary.oov_ids, invert=True).any():
        raise ValueError(
            "no text to learn embeddings from holds a token of the vocabulary: give texts of the "
            "language and the kind that the model reads"
        )
    learned = word2vec(
        _Sentences(rows),
        vector_size=chosen.size,
        window=chosen.window,
        epochs=chosen.epochs,
        seed=chosen.seed,
        sg=1,
        min_count=1,
        workers=1,  # more would race, and no two runs would agree
    ).wv
    vectors = np.stack([learned[str(token_id)] for token_id in known])
    matrix = random_rows(len(vocabulary), vectors, chosen.seed)
    matrix[known] = vectors
    matrix[PAD_ID] = 0
    return matrix


def matrix_for(
    embeddings: Embeddings, preprocessor: Preprocessor, vocabulary_size: int, seed: int
) -> npt.NDArray[np.float32]:
    """Return what a model's embedding begins with.

    Args:
        embeddings: what the estimator was given.
        preprocessor: fitted.
        vocabulary_size: the model's ids; those beyond the preprocessor's, such as the boundary of
            sentences, begin at random.
        seed: of these rows.

    Returns:
        float32, shape (vocabulary_size, embedding_size).

    Raises:
        ValueError: the matrix is not finite, or has not a row for each id of the vocabulary.
    """
    matrix = np.asarray(embeddings(preprocessor), np.float32)
    rows = len(preprocessor.vocabulary_)
    matrix_size(matrix, rows)
    return np.concatenate([matrix, random_rows(vocabulary_size - rows, matrix, seed)])


def random_rows(count: int, like: npt.NDArray[np.floating], seed: int) -> npt.NDArray[np.float32]:
    """Return normally distributed rows whose numbers are as widely spread as those of `like`.

    >>> random_rows(2, np.array([[1.0, -1.0, 0.0]]), seed=0).shape
    (2, 3)
    """
    spread = float(like.std())
    return np.random.default_rng(seed).normal(0, spread, (count, like.shape[1])).astype(np.float32)


class _Sentences:
    """Rows of ids as word2vec reads them, over and over again, one in memory at a time."""

    def __init__(self, rows: Ragged) -> None:
        self._rows = rows

    def __iter__(self) -> Iterator[list[str]]:
        for row in self._rows:
            yield list(map(str, row.tolist()))


def _import_word2vec() -> Any:
    try:
        from gensim.models import Word2Vec
    except ModuleNotFoundError as error:
        if error.name != "gensim":
            raise
        raise ModuleNotFoundError(
            "learning embeddings needs gensim, which there is up to Python 3.13: "
            "pip install 'koprep[embeddings]'",
            name=error.name,
        ) from error
    return Word2Vec
