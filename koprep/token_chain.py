"""`TokenChain`: raw text to the tokens a vocabulary holds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple, Self

from koprep.cleaning import CleanedText, Cleaner
from koprep.cleaning.versions import cleaner_versions
from koprep.stopwords import Stopwords
from koprep.texts import iter_texts, short
from koprep.tokenizers import Token, Tokenizer, get_tokenizer


class TracedToken(NamedTuple):
    """A token and where it came from."""

    token: Token
    """Its offsets count characters of the cleaned text."""
    raw_start: int
    raw_end: int
    """Where it stood in the raw text."""
    rendered: str | None
    """What the vocabulary is asked for, None where the stopwords drop the token."""


@dataclass(frozen=True)
class TokenChain:
    """Clean, cut, drop stopwords, render.

    >>> chain = TokenChain.open(None, "whitespace", None)
    >>> list(chain.cut(["그의  말이 법이다"]))
    [['그의', '말이', '법이다']]
    """

    cleaner: Cleaner
    tokenizer: Tokenizer
    stopwords: Stopwords

    @classmethod
    def open(
        cls,
        cleaner: Cleaner | None,
        tokenizer: str | Tokenizer,
        stopwords: str | Stopwords | None,
    ) -> Self:
        """Build the chain of parts, some given by name and None as the default.

        Raises:
            TypeError: `cleaner` is no `Cleaner`, or `stopwords` neither a name nor `Stopwords`.
            ValueError: an unknown tokenizer or stopword list.
        """
        if cleaner is not None and not isinstance(cleaner, Cleaner):
            raise TypeError(f"cleaner must be a Cleaner or None, got {cleaner!r}")
        if not isinstance(tokenizer, Tokenizer):
            tokenizer = get_tokenizer(tokenizer)
        if isinstance(stopwords, str):
            stopwords = Stopwords.named(stopwords)
        if stopwords is not None and not isinstance(stopwords, Stopwords):
            raise TypeError(
                "stopwords must be the name of a list, Stopwords(words=[...]) or None, "
                f"got {short(stopwords)}"
            )
        stopwords = Stopwords() if stopwords is None else stopwords
        return cls(Cleaner() if cleaner is None else cleaner, tokenizer, stopwords)

    @property
    def tagged(self) -> bool:
        """Whether what the vocabulary is asked for ends in a slash and a tag."""
        return self.tokenizer.output == "form/tag"

    def cut(self, texts: Iterable[str]) -> Iterator[list[str]]:
        """Yield what the vocabulary is asked for, text by text, in order.

        Raises:
            TypeError: a bare string, or a row that is missing or no text (with its number).
        """
        cleaned = map(self.cleaner.clean, iter_texts(texts))
        if self.stopwords.keeps_all:
            return self.tokenizer.render_many(cleaned)
        token_lists = self.tokenizer.tokenize_many(cleaned)
        return map(self.tokenizer.render, map(self.stopwords.filter, token_lists))

    def trace(self, text: str) -> tuple[CleanedText, list[TracedToken]]:
        """Return the cleaned text and every token with its place in the raw text."""
        located = self.cleaner.clean_with_offsets(text)
        traced = []
        for token in self.tokenizer.tokenize(located.text):
            kept = self.stopwords.filter([token])
            rendered = self.tokenizer.render(kept)[0] if kept else None
            start, end = located.raw_span(token.start, token.end)
            traced.append(TracedToken(token, start, end, rendered))
        return located, traced

    def fingerprint(self) -> str:
        """Return a hash of all that decides how texts are cut, versions included."""
        settings = [
            cleaner_versions(),
            self.cleaner.to_dict(),
            self.tokenizer.name,
            self.tokenizer.settings(),
            self.tokenizer.engine_versions(),
            self.stopwords.to_dict(),
        ]
        text = json.dumps(settings, sort_keys=True)
        return blake2b(text.encode(), digest_size=12).hexdigest()
