"""`Vocabulary`: which token has which id."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self
from zlib import crc32

import numpy as np
import numpy.typing as npt

from koprep.counting import TokenCounts, coverage_curve, tokens_to_cover
from koprep.padding import PAD_ID, Ragged
from koprep.replacing import replacing_file
from koprep.texts import listed
from koprep.token_lines import read_lines, write_lines

OOV_ID = 1
"""The id of every token the vocabulary does not hold, where it has an OOV token."""

MOST_BUCKETS = 1 << 20
"""Ids for unknown tokens, at most: each is a row of a model's embedding."""

PAD_TOKEN = "[PAD]"
OOV_TOKEN = "[OOV]"

__all__ = ["OOV_ID", "OOV_TOKEN", "PAD_ID", "PAD_TOKEN", "Vocabulary"]


@dataclass(frozen=True)
class Vocabulary:
    """Tokens and their ids: PAD 0, the OOV token 1, special tokens, then `words` in their order.

    What an unknown token becomes is a choice: the one OOV id; nothing (`oov_token=None`, and ids
    start at 1); one of `oov_buckets` ids, by a hash that never changes; or, with `spell_unknown`,
    the ids of the characters that spell it, where the vocabulary holds them.

    >>> vocabulary = Vocabulary.build([["말이", "법이다"], ["말이"]])
    >>> vocabulary.tokens
    ('[PAD]', '[OOV]', '말이', '법이다')
    >>> vocabulary.encode(["법이다", "처음보는말"])
    [3, 1]
    >>> Vocabulary(("말", "이"), spell_unknown=True).encode(["말이"])
    [2, 3]
    >>> Vocabulary(("말", "이"), spell_unknown=True, tagged=True).encode(["말이/NNG"])
    [2, 3]
    """

    words: tuple[str, ...]
    """Known tokens by falling frequency, ties by first appearance; none of `reserved`."""

    oov_token: str | None = OOV_TOKEN
    """How the OOV token is written, None for none."""

    oov_buckets: int = 1
    """Ids for unknown tokens, from `OOV_ID` on; with more than one, a hash chooses."""

    special_tokens: Sequence[str] = ()
    """Tokens that no text holds, such as marks of begin and end; their ids follow the OOV ids."""

    spell_unknown: bool = False
    """Encode an unknown token by its characters; one that is unknown, too, as any unknown."""

    tagged: bool = False
    """Tokens end in a slash and a tag, which are not spelled."""

    _word_ids: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name in ("words", "special_tokens"):
            if isinstance(given := getattr(self, name), str):
                raise TypeError(
                    f"{name} must be many tokens, got one: put it in a list: [{given!r}]"
                )
            object.__setattr__(self, name, tuple(given))
        if self.oov_token is not None and not isinstance(self.oov_token, str):
            raise TypeError(f"oov_token must be a text or None, got {self.oov_token!r}")
        if self.oov_token == PAD_TOKEN or self.oov_token == "":
            raise ValueError(f"oov_token must be a text other than {PAD_TOKEN!r} or None")
        if self.oov_buckets < 1 or (self.oov_token is None and self.oov_buckets > 1):
            raise ValueError(
                "oov_buckets must be at least 1, and 1 where oov_token is None, "
                f"got {self.oov_buckets}"
            )
        if self.oov_buckets > MOST_BUCKETS:
            raise ValueError(
                f"oov_buckets must be at most {MOST_BUCKETS:,}, got {self.oov_buckets:,}"
            )
        if len(set(self.tokens)) != len(self.tokens):
            (twice, _), *_ = Counter(self.tokens).most_common(1)
            raise ValueError(f"token {twice!r} stands in the vocabulary twice")
        ids = {token: i for i, token in enumerate(self.words, len(self.reserved))}
        object.__setattr__(self, "_word_ids", ids)

    def __reduce__(self) -> tuple[type[Self], tuple[Any, ...]]:
        settings = (self.oov_token, self.oov_buckets, self.special_tokens)
        return type(self), (self.words, *settings, self.spell_unknown, self.tagged)

    @classmethod
    def build(
        cls,
        token_lists: Iterable[Sequence[str]],
        *,
        oov_token: str | None = OOV_TOKEN,
        **limits: Any,
    ) -> Self:
        """Count tokens in one pass and give ids by falling frequency; see `from_counts`."""
        return cls.from_counts(
            TokenCounts.count(token_lists, part=0), oov_token=oov_token, **limits
        )

    @classmethod
    def from_counts(
        cls,
        counts: Mapping[str, int],
        *,
        vocabulary_size: int | None = None,
        min_count: int = 1,
        coverage: float | None = None,
        oov_token: str | None = OOV_TOKEN,
        oov_buckets: int = 1,
        special_tokens: Sequence[str] = (),
        spell_unknown: bool = False,
        tagged: bool = False,
    ) -> Self:
        """Give ids by falling count, ties by their order in `counts`.

        Args:
            counts: token -> occurrences, in order of first appearance.
            vocabulary_size: ids at most, PAD and OOV included; None keeps all.
            min_count: tokens seen less often stay unknown.
            coverage: the share of all occurrences the words need not go beyond: with 0.99, the
                rarest tokens that together make 1 % stay unknown. None keeps all.
            oov_token: how the OOV token is written, None for none.
            oov_buckets: ids for unknown tokens.
            special_tokens: tokens with ids of their own that no text holds.
            spell_unknown: spell unknown tokens. Every character of a longer token then counts as
                an occurrence of that character, so that the frequent ones get ids.
            tagged: tokens end in a slash and a tag, which are not spelled.

        Raises:
            ValueError: a size that leaves no room for PAD, OOV and the special tokens, `min_count`
                below 1, or a `coverage` outside 0 to 1.
        """
        empty = cls((), oov_token, oov_buckets, special_tokens, spell_unknown, tagged)
        reserved = frozenset(empty.reserved)
        if vocabulary_size is not None and vocabulary_size < len(reserved):
            raise ValueError(
                f"vocabulary_size must be at least {len(reserved)} "
                f"({listed(empty.reserved)}), got {vocabulary_size}"
            )
        if min_count < 1:
            raise ValueError(f"min_count must be at least 1 occurrence, got {min_count}")
        if spell_unknown:
            counts = empty._with_characters(counts)
        ranked = [token for token in counts if token not in reserved]
        ranked.sort(key=counts.__getitem__, reverse=True)  # stable: ties keep their order
        if coverage is not None:
            del ranked[
                tokens_to_cover(coverage_curve(counts[token] for token in ranked), coverage) :
            ]
        if vocabulary_size is not None:
            del ranked[vocabulary_size - len(reserved) :]
        words = tuple(token for token in ranked if counts[token] >= min_count)
        return replace(empty, words=words)

    @property
    def reserved(self) -> tuple[str, ...]:
        """PAD, what stands for unknown tokens, the special tokens: the first ids, in order.

        >>> Vocabulary((), oov_buckets=2, special_tokens=("[END]",)).reserved
        ('[PAD]', '[OOV]', '[OOV]2', '[END]')
        """
        oov = () if self.oov_token is None else (self.oov_token,)
        more = (f"{self.oov_token}{number}" for number in range(2, self.oov_buckets + 1))
        return (PAD_TOKEN, *oov, *more, *self.special_tokens)

    @property
    def tokens(self) -> tuple[str, ...]:
        """All tokens, `tokens[i]` being the one with id `i`: `reserved`, then the words."""
        return self.reserved + self.words

    @cached_property
    def token_to_id(self) -> Mapping[str, int]:
        """Token -> id, read-only; PAD is no token of a text and not in it."""
        ids = {token: i for i, token in enumerate(self.tokens) if i != PAD_ID}
        return MappingProxyType(ids)

    @property
    def oov_ids(self) -> range:
        """The ids that stand for unknown tokens, from `OOV_ID` on; empty with `oov_token=None`."""
        return range(OOV_ID, OOV_ID + (0 if self.oov_token is None else self.oov_buckets))

    def __len__(self) -> int:
        """Return the number of ids, PAD and OOV included: the `vocabulary_size` of a model."""
        return len(self.reserved) + len(self.words)

    def __contains__(self, token: object) -> bool:
        return token in self._word_ids

    def encode(self, tokens: Iterable[str]) -> list[int]:
        """Return the ids of `tokens`; unknown ones, and what is `reserved`, as settings say."""
        if isinstance(tokens, str):
            raise TypeError(f"expected tokens, got one string {tokens[:40]!r}")
        get = self._word_ids.get
        if not self.spell_unknown and self.oov_buckets == 1:
            if self.oov_token is None:
                return [i for i in map(get, tokens) if i is not None]
            return [get(token, OOV_ID) for token in tokens]
        ids: list[int] = []
        for token in tokens:
            known = get(token)
            if known is not None:
                ids.append(known)
            elif self.spell_unknown:
                for character in self._spelled(token):
                    known = get(character)
                    ids += self._unknown_ids(character) if known is None else (known,)
            else:
                ids += self._unknown_ids(token)
        return ids

    def encode_many(self, token_lists: Iterable[Iterable[str]]) -> Ragged:
        """Encode many token lists into one `Ragged`."""
        flat, lengths = array("i"), array("q")
        for tokens in token_lists:
            ids = self.encode(tokens)
            flat.extend(ids)
            lengths.append(len(ids))
        return Ragged.from_lengths(as_ids(flat), np.frombuffer(lengths, np.int64))

    def oov_rate(self, token_lists: Iterable[Iterable[str]]) -> float:
        """Return the share of tokens that the vocabulary does not hold, 0 where there are none.

        >>> Vocabulary(("말",)).oov_rate([["말", "글"], ["말", "말"]])
        0.25
        """
        known = total = 0
        for tokens in token_lists:
            for token in tokens:
                known += token in self._word_ids
                total += 1
        return (total - known) / max(1, total)

    def _spelled(self, token: str) -> str:
        """Return the characters that spell a token."""
        return token.rpartition("/")[0] if self.tagged else token

    def _with_characters(self, counts: Mapping[str, int]) -> dict[str, int]:
        """Count the characters of every longer token, too; a new one stands behind its token."""
        more: dict[str, int] = {}
        for token, count in counts.items():
            for part in (token, *self._spelled(token)) if len(token) > 1 else (token,):
                more[part] = more.get(part, 0) + count
        return more

    def _unknown_ids(self, token: str) -> tuple[int, ...]:
        if not self.oov_ids:
            return ()
        bucket = crc32(token.encode("utf-8", "surrogatepass")) % self.oov_buckets
        return (self.oov_ids[bucket],)

    def decode(self, token_ids: Iterable[int] | npt.NDArray[np.integer]) -> list[str]:
        """Return the tokens of ids, leaving out PAD.

        Raises:
            ValueError: an id outside the vocabulary.
        """
        reserved, words = self.reserved, self.words
        size = len(reserved) + len(words)
        decoded = []
        for token_id in token_ids:
            if not 0 <= token_id < size:
                raise ValueError(f"id {token_id} is outside the vocabulary of {size} ids")
            if token_id >= len(reserved):
                decoded.append(words[token_id - len(reserved)])
            elif token_id != PAD_ID:
                decoded.append(reserved[token_id])
        return decoded

    def to_text(self) -> str:
        r"""Write one token a line, so that the line number, from 0, is the id.

        A backslash, line feed or carriage return inside a token is written `\\`, `\n`, `\r`.
        """
        return write_lines(self.tokens)

    @classmethod
    def from_text(cls, text: str, *, oov_token: str | None = OOV_TOKEN, **settings: Any) -> Self:
        """Read what `to_text` wrote; `settings` are those of the vocabulary that wrote it.

        Raises:
            ValueError: the reserved tokens or the end of the last line are missing, or a token
                stands twice.
        """
        empty = cls((), oov_token, **settings)
        tokens = tuple(read_lines(text))
        reserved = empty.reserved
        if tokens[: len(reserved)] != reserved:
            raise ValueError(
                f"the vocabulary must begin with {listed(reserved)}; "
                f"it begins with {listed(list(map(repr, tokens[: len(reserved)]))) or 'nothing'}"
            )
        return replace(empty, words=tokens[len(reserved) :])

    def save(self, path: str | Path) -> None:
        """Write `to_text` to a UTF-8 file, in one step: a save that fails leaves the old one."""
        with replacing_file(Path(path)) as part:
            part.write_bytes(self.to_text().encode())

    @classmethod
    def load(cls, path: str | Path, **settings: Any) -> Self:
        """Read a file that `save` wrote; see `from_text`.

        Raises:
            FileNotFoundError: there is no such file.
            ValueError: the file holds no vocabulary with these settings; the message names it.
        """
        content = Path(path).read_bytes()
        try:
            return cls.from_text(content.decode(), **settings)
        except ValueError as error:  # a UnicodeDecodeError is one
            raise ValueError(f"{path}: {error}") from error


def as_ids(values: array[int]) -> npt.NDArray[np.int32]:
    """Return an array of C ints as int32, without a copy."""
    return np.frombuffer(values, np.int32) if values else np.empty(0, np.int32)
