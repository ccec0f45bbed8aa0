"""Tokenizers that need no engine: words by spaces, syllables, characters, jamo."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from koprep.hangul import compose, decompose
from koprep.tokenizers.base import Token, Tokenizer

_EOJEOL = re.compile(r"\S+")


@dataclass(frozen=True, kw_only=True)
class WhitespaceTokenizer(Tokenizer):
    """Cut at whitespace: one token an eojeol, as the course's first examples do.

    >>> [token.form for token in WhitespaceTokenizer().tokenize("가는 말이 고와야")]
    ['가는', '말이', '고와야']
    """

    name: ClassVar[str] = "whitespace"

    def _analyze(self, text: str) -> list[Token]:
        return [Token(m.group(), "", m.start(), m.end()) for m in _EOJEOL.finditer(text)]


@dataclass(frozen=True, kw_only=True)
class SyllableTokenizer(Tokenizer):
    """One token a character; whitespace separates and is not a token.

    >>> [token.form for token in SyllableTokenizer().tokenize("말이 법")]
    ['말', '이', '법']
    """

    name: ClassVar[str] = "syllable"

    def _analyze(self, text: str) -> list[Token]:
        return [
            Token(character, "", i, i + 1)
            for i, character in enumerate(text)
            if not character.isspace()
        ]

    def join(self, tokens: Sequence[str]) -> str:
        return "".join(tokens)


@dataclass(frozen=True, kw_only=True)
class CharacterTokenizer(Tokenizer):
    """One token a character, whitespace included: what a model writes or tags keeps its spaces.

    >>> [token.form for token in CharacterTokenizer().tokenize("말이 법")]
    ['말', '이', ' ', '법']
    """

    name: ClassVar[str] = "character"

    def _analyze(self, text: str) -> list[Token]:
        return [Token(character, "", i, i + 1) for i, character in enumerate(text)]

    def join(self, tokens: Sequence[str]) -> str:
        return "".join(tokens)


@dataclass(frozen=True, kw_only=True)
class JamoTokenizer(Tokenizer):
    """One token a compatibility jamo; other characters are one token each, whitespace is none.

    >>> [token.form for token in JamoTokenizer().tokenize("말 ㅋ!")]
    ['ㅁ', 'ㅏ', 'ㄹ', 'ㅋ', '!']
    """

    name: ClassVar[str] = "jamo"

    def _analyze(self, text: str) -> list[Token]:
        return [
            Token(jamo, "", i, i + 1)
            for i, character in enumerate(text)
            if not character.isspace()
            for jamo in decompose(character)
        ]

    def join(self, tokens: Sequence[str]) -> str:
        return compose("".join(tokens))
