"""`TextEncoder`: raw texts to ids, with everything learned; what a fitted `Preprocessor` works by.

It needs no scikit-learn, which takes longer to import than a text to be answered.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeVar

import numpy as np
import numpy.typing as npt

from koprep.bundle import Bundle
from koprep.cleaning import Cleaner
from koprep.explanation import ExplainedToken, Explanation, Fate
from koprep.padding import Ragged, Side, check_sides, pad_sequences
from koprep.saved import VOCABULARY_FILE, SavedPreprocessor, blaming
from koprep.stopwords import Stopwords
from koprep.texts import iter_texts
from koprep.token_cache import TokenCache
from koprep.token_chain import TokenChain
from koprep.tokenizers import get_tokenizer
from koprep.vocabulary import Vocabulary

T = TypeVar("T")

LONGEST_ROW = 1 << 20
"""Tokens a row, at most: a number beyond is a mistake, and rows of it fill any memory."""


@dataclass(frozen=True, kw_only=True)
class TextEncoder:
    """Clean, cut, drop stopwords, encode, pad.

    >>> chain = TokenChain.open(None, "whitespace", None)
    >>> encoder = TextEncoder(chain=chain, vocabulary=Vocabulary(("말이", "법이다")), maxlen=3)
    >>> encoder.pad(encoder.encode(["그의 말이 법이다", "말이"]))
    array([[1, 2, 3],
           [0, 0, 2]], dtype=int32)

    Raises:
        ValueError: a `maxlen` below 1 or above `LONGEST_ROW`, a side that there is not, or a
            vocabulary that spells other tokens.
    """

    chain: TokenChain
    vocabulary: Vocabulary
    maxlen: int
    """Tokens a row."""
    padding: Side = "pre"
    """The side `PAD_ID` fills."""
    truncating: Side = "pre"
    """The side that long texts lose."""
    cache_dir: str | Path | None = None
    """Where tokens are kept; see `TokenCache`."""

    def __post_init__(self) -> None:
        if self.maxlen < 1:
            raise ValueError(f"maxlen must be at least 1 token, got {self.maxlen}")
        if self.maxlen > LONGEST_ROW:
            raise ValueError(f"maxlen must be at most {LONGEST_ROW:,} tokens, got {self.maxlen:,}")
        check_sides(padding=self.padding, truncating=self.truncating)
        if self.vocabulary.spell_unknown and self.vocabulary.tagged != self.chain.tagged:
            raise ValueError(
                f"the vocabulary spells tokens {'with' if self.vocabulary.tagged else 'without'} "
                f"tags, and the tokenizer's output is {self.chain.tokenizer.output!r}"
            )

    @classmethod
    def from_bundle(cls, bundle: Bundle, *, strict: bool = False) -> Self:
        """Build the encoder of a bundle that was read; see `Preprocessor.load`."""
        saved = SavedPreprocessor.read(bundle)
        with blaming(bundle.folder):
            encoder = cls.from_saved(saved, bundle.read_text(VOCABULARY_FILE))
        saved.check_drift(bundle.folder, encoder.chain.cut, strict=strict)
        return encoder

    @classmethod
    def from_saved(cls, saved: SavedPreprocessor, vocabulary_text: str) -> Self:
        """Build the encoder of a bundle's two files, without a look at drift."""
        chain = TokenChain(
            Cleaner.from_dict(saved.cleaner),
            get_tokenizer(saved.tokenizer.name, **saved.tokenizer.settings),
            Stopwords.from_dict(saved.stopwords),
        )
        return cls(
            chain=chain,
            vocabulary=Vocabulary.from_text(
                vocabulary_text,
                oov_token=saved.oov_token,
                oov_buckets=saved.oov_buckets,
                spell_unknown=saved.spell_unknown,
                tagged=chain.tagged,
            ),
            maxlen=saved.fitted_maxlen,
            padding=saved.padding,
            truncating=saved.truncating,
        )

    def iter_tokens(self, texts: Iterable[str]) -> Iterator[list[str]]:
        """Yield what the vocabulary is asked for, text by text, in order.

        Raises:
            TypeError: a bare string, or a row that is missing or no text (with its number).
        """
        return cut_texts(self.chain, texts, self.cache_dir)

    def encode(self, texts: Iterable[str]) -> Ragged:
        """Return the ids of `texts` unpadded and whole; see `iter_tokens`."""
        return self.vocabulary.encode_many(self.iter_tokens(texts))

    def iter_encode(self, texts: Iterable[str], *, batch_size: int) -> Iterator[Ragged]:
        """Do what `encode` does batch by batch, in memory that does not grow with the stream.

        Raises:
            ValueError: `batch_size` below 1.
        """
        if batch_size < 1:
            raise ValueError(f"batch_size must be at least 1 text, got {batch_size}")
        stream = self.iter_tokens(texts)
        while batch := list(itertools.islice(stream, batch_size)):
            yield self.vocabulary.encode_many(batch)

    def pad(self, rows: Ragged) -> npt.NDArray[np.int32]:
        """Return int32 of shape (rows, maxlen)."""
        return pad_sequences(rows, self.maxlen, padding=self.padding, truncating=self.truncating)

    def kept(self, row: list[T]) -> list[T]:
        """Return what a model reads of a row: `maxlen` of it at most."""
        return row[-self.maxlen :] if self.truncating == "pre" else row[: self.maxlen]

    def explain(self, text: str) -> Explanation:
        """Return every stage that `text` goes through, with each token's place in it."""
        located, traced = self.chain.trace(text)
        ids = [
            [] if one.rendered is None else self.vocabulary.encode([one.rendered]) for one in traced
        ]
        ragged = Ragged.from_rows([list(itertools.chain(*ids))])
        first_read = max(0, ragged.lengths[0] - self.maxlen) if self.truncating == "pre" else 0
        tokens, place = [], 0
        for one, token_ids in zip(traced, ids, strict=True):
            read = range(
                max(place, first_read), min(place + len(token_ids), first_read + self.maxlen)
            )
            place += len(token_ids)
            fate: Fate = "known" if one.rendered in self.vocabulary else "unknown"
            if one.rendered is None:
                fate = "stopword"
            elif token_ids and not read:
                fate = "cut off"
            tokens.append(
                ExplainedToken(
                    token=one.token,
                    raw_start=one.raw_start,
                    raw_end=one.raw_end,
                    rendered=one.rendered,
                    token_ids=tuple(token_ids),
                    fate=fate,
                )
            )
        return Explanation(
            raw=text,
            cleaned=located.text,
            changed=tuple(located.changed_spans(text)),
            tokens=tuple(tokens),
            padded=self.pad(ragged)[0],
        )


def cut_texts(
    chain: TokenChain, texts: Iterable[str], cache_dir: str | Path | None
) -> Iterator[list[str]]:
    """Yield the tokens of each text, in order; with a folder, a text is cut once for all."""
    if cache_dir is None:
        return chain.cut(texts)
    return TokenCache(cache_dir, chain.fingerprint()).through(chain.cut, iter_texts(texts))
