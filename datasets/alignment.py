"""Where in the raw text each id of a preprocessor comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import tee
from typing import TYPE_CHECKING, NamedTuple

from koprep.fitted import check_fitted
from koprep.texts import iter_texts

from .bio import Span

if TYPE_CHECKING:
    from koprep.preprocessor import Preprocessor


class Aligned(NamedTuple):
    """The ids of one text and their places in it."""

    token_ids: list[int]
    spans: list[Span]
    """Each id's [start, end) in the raw text, in characters, in order of their starts."""


def align(preprocessor: Preprocessor, texts: Iterable[str]) -> Iterator[Aligned]:
    """Yield the ids that `preprocessor.transform_ragged` gives, each with its place in the text.

    A tagger trains on these places and reads its entities off them. Spaces are no tokens, so they
    have no id; a token that stands for nothing (oov_token=None) has none either.

    >>> from koprep import Preprocessor
    >>> preprocessor = Preprocessor(tokenizer="syllable").fit(["가나"])
    >>> next(align(preprocessor, ["나 가"]))
    Aligned(token_ids=[3, 2], spans=[(0, 1), (2, 3)])

    Raises:
        TypeError: a bare string, or a row that is missing or no text (with its number).
        sklearn.exceptions.NotFittedError: the preprocessor is not fitted.
    """
    check_fitted(preprocessor, "vocabulary_")
    tokenizer = preprocessor.tokenizer_
    encode = preprocessor.vocabulary_.encode
    cleaned, copies = tee(map(preprocessor.cleaner_.clean_with_offsets, iter_texts(texts)))
    token_lists = tokenizer.tokenize_many(copy.text for copy in copies)
    for text, tokens in zip(cleaned, token_lists, strict=True):
        kept = preprocessor.stopwords_.filter(tokens)
        token_ids: list[int] = []
        spans: list[Span] = []
        for token, written in zip(kept, tokenizer.render(kept), strict=True):
            ids = encode([written])
            token_ids += ids
            spans += [text.raw_span(token.start, token.end)] * len(ids)
        yield Aligned(token_ids, spans)
