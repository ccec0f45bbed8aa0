"""Words as the Keras 2 tokenizer cut them, for ids that were learned with it."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from typing import ClassVar

from koprep.tokenizers.base import Token, Tokenizer

KERAS_FILTERS = string.punctuation.replace("'", "") + "\t\n"
"""The characters Keras takes for separators unless told otherwise: no apostrophe."""

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, kw_only=True)
class KerasWordsTokenizer(Tokenizer):
    """Cut like `koprep.keras_compat.text_to_word_sequence`: same words, with their places.

    A word may hold more characters than its place in the text: `İ` has two in lower case.

    >>> words = KerasWordsTokenizer().tokenize("재밌다! TV로 봄")
    >>> [(word.form, word.start, word.end) for word in words]
    [('재밌다', 0, 3), ('tv로', 5, 8), ('봄', 9, 10)]
    """

    name: ClassVar[str] = "keras_words"

    filters: str = KERAS_FILTERS
    """Characters that become separators, after `lower`."""

    lower: bool = True
    """Put the text in lower case first."""

    split: str | None = " "
    """What parts words; None parts at any whitespace and deletes the `filters`."""

    char_level: bool = False
    """Every character is a token, spaces too; `filters` and `split` are then unused."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.filters, str):
            raise TypeError(f"filters must be one string of characters, got {self.filters!r}")
        if self.split == "":
            raise ValueError("split must be at least 1 character, or None for whitespace")

    def _analyze(self, text: str) -> list[Token]:
        written = text.lower() if self.lower else text
        places: list[int] | range = range(len(text))  # where each character of `written` stood
        if len(written) != len(text):
            places = [i for i, character in enumerate(text) for _ in character.lower()]
        if self.char_level:
            spans = [(i, i + 1) for i in range(len(written))]
        else:
            separator = self.split or ""
            if len(separator) != 1:
                places = [
                    place
                    for place, character in zip(places, written, strict=True)
                    for _ in (separator if character in self.filters else character)
                ]
            written = written.translate(dict.fromkeys(map(ord, self.filters), separator))
            spans = _spans(written, self.split)
        return [Token(written[a:b], "", places[a], places[b - 1] + 1) for a, b in spans]


def _spans(text: str, split: str | None) -> list[tuple[int, int]]:
    """Return where the words of `text.split(split)` stand, empty ones left out."""
    if split is None:
        return [match.span() for match in _WORD.finditer(text)]
    spans = []
    start = 0
    for word in text.split(split):
        if word:
            spans.append((start, start + len(word)))
        start += len(word) + len(split)
    return spans
