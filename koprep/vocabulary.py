"""`Vocabulary`: which token has which id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Self

import numpy as np
import numpy.typing as npt

from koprep.padding import PAD_ID, Ragged

OOV_ID = 1
"""The id of every token the vocabulary does not hold, where it has an OOV token."""

PAD_TOKEN = "[PAD]"
OOV_TOKEN = "[OOV]"

__all__ = ["OOV_ID", "OOV_TOKEN", "PAD_ID", "PAD_TOKEN", "Vocabulary"]

# One token a line: what would break a line is written with a backslash.
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r"}
_UNESCAPES = {escaped[1]: character for character, escaped in _ESCAPES.items()}


@dataclass(frozen=True)
class Vocabulary:
    """Tokens and their ids: PAD 0, the OOV token 1, then `words` in their order.

    With `oov_token=None` an unknown token gets no id at all, and the words' ids start at 1.

    >>> vocabulary = Vocabulary.build([["말이", "법이다"], ["말이"]])
    >>> vocabulary.tokens
    ('[PAD]', '[OOV]', '말이', '법이다')
    >>> vocabulary.encode(["법이다", "처음보는말"])
    [3, 1]
    """

    words: tuple[str, ...]
    """Known tokens by falling frequency, ties by first appearance; PAD and OOV not counted."""

    oov_token: str | None = OOV_TOKEN
    """How the OOV token is written, None for none."""

    _token_to_id: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.oov_token == PAD_TOKEN or self.oov_token == "":
            raise ValueError(f"oov_token must be a text other than {PAD_TOKEN!r} or None")
        ids = {token: i for i, token in enumerate(self.tokens) if i != PAD_ID}
        if len(ids) != len(self.tokens) - 1 or PAD_TOKEN in ids:
            (twice, _), *_ = Counter(self.tokens).most_common(1)
            raise ValueError(f"token {twice!r} stands in the vocabulary twice")
        object.__setattr__(self, "_token_to_id", MappingProxyType(ids))

    def __reduce__(self) -> tuple[type[Self], tuple[tuple[str, ...], str | None]]:
        return type(self), (self.words, self.oov_token)

    @classmethod
    def build(
        cls,
        token_lists: Iterable[Sequence[str]],
        *,
        vocabulary_size: int | None = None,
        min_count: int = 1,
        oov_token: str | None = OOV_TOKEN,
    ) -> Self:
        """Count tokens in one pass and give ids by falling frequency, as `from_counts` does."""
        counts: Counter[str] = Counter()
        for tokens in token_lists:
            if isinstance(tokens, str):
                raise TypeError(f"expected lists of tokens, got one string {tokens[:40]!r}")
            counts.update(tokens)
        return cls.from_counts(
            counts, vocabulary_size=vocabulary_size, min_count=min_count, oov_token=oov_token
        )

    @classmethod
    def from_counts(
        cls,
        counts: Mapping[str, int],
        *,
        vocabulary_size: int | None = None,
        min_count: int = 1,
        oov_token: str | None = OOV_TOKEN,
    ) -> Self:
        """Give ids by falling count, ties by their order in `counts`.

        Args:
            counts: token -> occurrences, in order of first appearance.
            vocabulary_size: ids at most, PAD and OOV included; None keeps all.
            min_count: tokens seen less often stay unknown.
            oov_token: how the OOV token is written, None for none.

        Raises:
            ValueError: a size that leaves no room for PAD and OOV, or `min_count` below 1.
        """
        specials = (PAD_TOKEN,) if oov_token is None else (PAD_TOKEN, oov_token)
        if vocabulary_size is not None and vocabulary_size < len(specials):
            raise ValueError(
                f"vocabulary_size must be at least {len(specials)} ({', '.join(specials)}), "
                f"got {vocabulary_size}"
            )
        if min_count < 1:
            raise ValueError(f"min_count must be at least 1 occurrence, got {min_count}")
        frequent = [
            token for token, count in counts.items() if count >= min_count and token not in specials
        ]
        frequent.sort(key=counts.__getitem__, reverse=True)  # stable: ties keep their order
        if vocabulary_size is not None:
            del frequent[vocabulary_size - len(specials) :]
        return cls(tuple(frequent), oov_token)

    @property
    def tokens(self) -> tuple[str, ...]:
        """All tokens, `tokens[i]` being the one with id `i`: PAD, the OOV token, the words."""
        specials = (PAD_TOKEN,) if self.oov_token is None else (PAD_TOKEN, self.oov_token)
        return specials + self.words

    @property
    def token_to_id(self) -> Mapping[str, int]:
        """Token -> id, read-only; PAD is no token of a text and not in it."""
        return self._token_to_id

    @property
    def unknown_id(self) -> int | None:
        """The id an unknown token gets: `OOV_ID`, or None where it gets none."""
        return None if self.oov_token is None else OOV_ID

    def __len__(self) -> int:
        """Return the number of ids, PAD and OOV included: the `vocabulary_size` of a model."""
        return len(self._token_to_id) + 1

    def __contains__(self, token: object) -> bool:
        return token in self._token_to_id and token != self.oov_token

    def encode(self, tokens: Iterable[str]) -> list[int]:
        """Return the ids of `tokens`; unknown ones become `OOV_ID`, or nothing without OOV."""
        if isinstance(tokens, str):
            raise TypeError(f"expected tokens, got one string {tokens[:40]!r}")
        get = self._token_to_id.get
        if self.oov_token is None:
            return [i for i in map(get, tokens) if i is not None]
        return [get(token, OOV_ID) for token in tokens]

    def encode_many(self, token_lists: Iterable[Iterable[str]]) -> Ragged:
        """Encode many token lists into one `Ragged`."""
        return Ragged.from_rows([self.encode(tokens) for tokens in token_lists])

    def decode(self, token_ids: Iterable[int] | npt.NDArray[np.integer]) -> list[str]:
        """Return the tokens of ids, leaving out PAD.

        Raises:
            ValueError: an id outside the vocabulary.
        """
        tokens = self.tokens
        decoded = []
        for token_id in token_ids:
            if not 0 <= token_id < len(tokens):
                raise ValueError(f"id {token_id} is outside the vocabulary of {len(tokens)} ids")
            if token_id != PAD_ID:
                decoded.append(tokens[token_id])
        return decoded

    def to_text(self) -> str:
        r"""Write one token a line, so that the line number, from 0, is the id.

        A backslash, line feed or carriage return inside a token is written `\\`, `\n`, `\r`.
        """
        return "".join(_escape(token) + "\n" for token in self.tokens)

    @classmethod
    def from_text(cls, text: str, *, oov_token: str | None = OOV_TOKEN) -> Self:
        """Read what `to_text` wrote.

        Raises:
            ValueError: the special tokens or the end of the last line are missing, or a token
                stands twice.
        """
        specials = [PAD_TOKEN] if oov_token is None else [PAD_TOKEN, oov_token]
        lines = text.split("\n")
        if lines.pop() != "":
            raise ValueError("the vocabulary ends in the middle of a line")
        tokens = [_unescape(line, number) for number, line in enumerate(lines, 1)]
        if tokens[: len(specials)] != specials:
            raise ValueError(
                f"the vocabulary must begin with {' and '.join(specials)}, "
                f"it begins with {' and '.join(tokens[: len(specials)]) or 'nothing'}"
            )
        return cls(tuple(tokens[len(specials) :]), oov_token)

    def save(self, path: str | Path) -> None:
        """Write `to_text` to a UTF-8 file."""
        Path(path).write_bytes(self.to_text().encode())

    @classmethod
    def load(cls, path: str | Path, *, oov_token: str | None = OOV_TOKEN) -> Self:
        """Read a file that `save` wrote."""
        return cls.from_text(Path(path).read_bytes().decode(), oov_token=oov_token)


def _escape(token: str) -> str:
    for character, escaped in _ESCAPES.items():
        token = token.replace(character, escaped)
    return token


def _unescape(line: str, number: int) -> str:
    if "\\" not in line:
        return line
    head, *parts = line.split("\\")
    token = [head]
    rest = iter(parts)
    for part in rest:
        if part == "":  # an escaped backslash: the next part follows it as it is
            token.append("\\" + next(rest, ""))
        elif part[0] in _UNESCAPES:
            token.append(_UNESCAPES[part[0]] + part[1:])
        else:
            raise ValueError(f"vocabulary line {number}: unknown escape '\\{part[0]}'")
    return "".join(token)
