"""Tokenizers side by side on the same texts: speed, vocabulary, unknown tokens, agreement."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from koprep.texts import iter_texts
from koprep.tokenizers import Token, Tokenizer
from koprep.vocabulary import Vocabulary

TRAINING_SHARE = 0.8
"""The first texts, this share of them, make the vocabulary; OOV is counted in the rest."""


@dataclass(frozen=True, kw_only=True)
class TokenizerFigures:
    """What one tokenizer made of the texts."""

    name: str
    seconds: float
    """Tokenizing all texts; opening the engine is not counted."""
    texts_per_second: float
    tokens_per_text: float
    distinct_tokens: int
    oov_rate: float
    """Share of tokens in the last texts that a vocabulary of the first ones does not hold."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Figures of several tokenizers on the same texts."""

    texts: int
    vocabulary_size: int
    figures: tuple[TokenizerFigures, ...]
    agreement: Mapping[tuple[str, str], float]
    """Pair of names -> agreement of where they cut, from 0 to 1."""
    token_lists: Mapping[str, Sequence[Sequence[Token]]]
    """Name -> the tokens of every text."""


def compare_tokenizers(
    tokenizers: Sequence[Tokenizer], texts: Iterable[str], *, vocabulary_size: int = 8_000
) -> Comparison:
    """Tokenize the texts with each tokenizer and put the results side by side.

    >>> from koprep.tokenizers import get_tokenizer
    >>> words, syllables = get_tokenizer("whitespace"), get_tokenizer("syllable")
    >>> result = compare_tokenizers([words, syllables], ["말이 법", "말이 말"])
    >>> [figures.distinct_tokens for figures in result.figures]
    [3, 3]
    >>> result.agreement["whitespace", "syllable"]
    0.8

    Raises:
        TypeError: a bare string, or a row that is missing or no text (with its number).
        ValueError: fewer than two texts, a tokenizer named twice, or a `vocabulary_size` below 2.
    """
    given = list(iter_texts(texts))
    if len(given) < 2:
        raise ValueError(f"comparing needs at least two texts, got {len(given)}")
    Vocabulary.build([], vocabulary_size=vocabulary_size)  # too small a size shows at once
    names = [tokenizer.name for tokenizer in tokenizers]
    if len(set(names)) != len(names):
        raise ValueError(f"each tokenizer can be compared once, got {', '.join(names)}")
    token_lists: dict[str, list[list[Token]]] = {}
    figures = []
    for tokenizer in tokenizers:
        tokenizer.tokenize(given[0])  # opens the engine
        start = time.perf_counter()
        token_lists[tokenizer.name] = list(tokenizer.tokenize_many(given))
        seconds = time.perf_counter() - start
        figures.append(_figures(tokenizer, token_lists[tokenizer.name], seconds, vocabulary_size))
    return Comparison(
        texts=len(given),
        vocabulary_size=vocabulary_size,
        figures=tuple(figures),
        agreement={
            (one, other): boundary_agreement(token_lists[one], token_lists[other])
            for one, other in combinations(names, 2)
        },
        token_lists=token_lists,
    )


def boundary_agreement(one: Sequence[Sequence[Token]], other: Sequence[Sequence[Token]]) -> float:
    """Return how far two tokenizations begin tokens at the same places, from 0 to 1.

    It is the F1 of one's token starts against the other's, counted over all texts (the measure
    of word segmentation); it is symmetric, and 1 where there is no token at all.

    >>> boundary_agreement([[Token("가나", "", 0, 2)]], [[Token("가", "", 0, 1)]])
    1.0
    """
    shared = total = 0
    for tokens, others in zip(one, other, strict=True):
        starts = {token.start for token in tokens}
        other_starts = {token.start for token in others}
        shared += 2 * len(starts & other_starts)
        total += len(starts) + len(other_starts)
    return shared / total if total else 1.0


def _figures(
    tokenizer: Tokenizer, token_lists: Sequence[Sequence[Token]], seconds: float, size: int
) -> TokenizerFigures:
    rendered = [tokenizer.render(tokens) for tokens in token_lists]
    cut = max(1, int(TRAINING_SHARE * len(rendered)))
    vocabulary = Vocabulary.build(rendered[:cut], vocabulary_size=size)
    return TokenizerFigures(
        name=tokenizer.name,
        seconds=seconds,
        texts_per_second=len(rendered) / max(seconds, 1e-9),
        tokens_per_text=sum(map(len, rendered)) / len(rendered),
        distinct_tokens=len({token for tokens in rendered for token in tokens}),
        oov_rate=vocabulary.oov_rate(rendered[cut:]),
    )
