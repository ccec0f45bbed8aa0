"""Sentences as rows of ids that a language model learns from, and back to text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from koprep.datasets import TextDataset
from koprep.padding import PAD_ID, Ragged
from koprep.preprocessor import Preprocessor
from koprep.texts import iter_texts

from .holding_out import NONE_HELD_OUT, hold_out


class Prompt(NamedTuple):
    """What generation begins with."""

    token_ids: list[int]
    """The boundary first, where there is one."""
    tokens: list[str]
    """The prompt's own tokens, unknown ones as they were written."""


@dataclass(frozen=True)
class SentenceEncoder:
    """A fitted preprocessor, and one id more for where sentences begin and end.

    The boundary's id is the first one after the vocabulary's, so it collides with none of them and
    the vocabulary file stays what it is. One id serves both ends: read, it begins a sentence;
    predicted, it ends one.

    >>> preprocessor = Preprocessor(tokenizer="whitespace").fit(["가는 말이"])
    >>> encoder = SentenceEncoder(preprocessor, boundaries=True)
    >>> [row.tolist() for row in encoder.encode(["가는 말이"])], encoder.vocabulary_size
    ([[4, 2, 3, 4]], 5)
    """

    preprocessor: Preprocessor
    boundaries: bool

    @property
    def vocabulary_size(self) -> int:
        """Ids, PAD, OOV and the boundary included."""
        return len(self.preprocessor.vocabulary_) + self.boundaries

    @property
    def boundary_id(self) -> int | None:
        """The id of both ends of a sentence; None without boundaries."""
        return len(self.preprocessor.vocabulary_) if self.boundaries else None

    @property
    def maxlen(self) -> int:
        """Tokens a model reads of a sentence the preprocessor keeps whole, to predict the last."""
        return max(1, self.preprocessor.maxlen_ + (1 if self.boundaries else -1))

    @property
    def banned_ids(self) -> list[int]:
        """Ids that are never written: PAD, and what stands for unknown tokens."""
        return [PAD_ID, *self.preprocessor.vocabulary_.oov_ids]

    def encode(self, texts: Iterable[str]) -> Ragged:
        """Return the row of each text."""
        return self.mark(self.preprocessor.transform_ragged(texts))

    def mark(self, rows: Ragged) -> Ragged:
        """Put the boundary at both ends of each row."""
        if not self.boundaries:
            return rows
        at_ends = np.repeat(rows.offsets, 2)[1:-1]
        marked = np.insert(rows.token_ids, at_ends, np.int32(len(self.preprocessor.vocabulary_)))
        return Ragged.from_lengths(marked, rows.lengths + 2)

    def prompt(self, text: str) -> Prompt:
        """Cut the beginning of a sentence."""
        explained = self.preprocessor.explain(text)
        tokens = self.preprocessor.tokenizer_.render(explained.kept_tokens)
        token_ids = explained.token_ids.tolist()
        if self.boundary_id is not None:
            token_ids.insert(0, self.boundary_id)
        return Prompt(token_ids, tokens)

    def token(self, token_id: int) -> str:
        """Return the token of an id of the vocabulary."""
        return self.preprocessor.vocabulary_.tokens[token_id]

    def join(self, tokens: Sequence[str]) -> str:
        """Write tokens as text, as the tokenizer writes them together."""
        return self.preprocessor.tokenizer_.join(tokens)


def split_texts(
    texts: Iterable[str], held_out: float, seed: int, mend: str = NONE_HELD_OUT
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Hold out a share of texts; see `hold_out`. Equal texts stay on one side.

    Raises:
        TypeError: a bare string, or a row that is missing or no text (with its number).
        ValueError: too few texts.
    """
    dataset = TextDataset(texts=tuple(iter_texts(texts)))
    train, rest = hold_out(dataset, held_out, seed, mend)
    return train.texts, () if rest is None else rest.texts
