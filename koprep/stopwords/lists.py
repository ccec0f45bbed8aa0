"""`Stopwords`: which tokens to leave out, by form and by part of speech, and the named lists."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

from koprep.hangul import to_compatibility_jamo
from koprep.stopwords.negation import is_negation
from koprep.textfile import read_text
from koprep.tokenizers.base import Token

_FOLDER = Path(__file__).parent
_SAVED = ("words", "tags", "keep_negation", "name")  # the keys of `Stopwords.to_dict`
_ANY_WORD = "*"  # in a file's first column: the row is about its tag


@dataclass(frozen=True, kw_only=True, repr=False)
class Stopwords:
    """Tokens to leave out, by their form or by their tag; negation stays unless said otherwise.

    A value: it compares, hashes, pickles and saves as what it holds. An empty one drops nothing.

    >>> stopwords = Stopwords(words={"는", "이"}, tags=("JKO",))
    >>> tokens = [Token("나", "NP", 0, 1), Token("는", "JX", 1, 2), Token("너", "NP", 3, 4),
    ...           Token("를", "JKO", 4, 5)]
    >>> [token.form for token in stopwords.filter(tokens)]
    ['나', '너']

    Raises:
        TypeError: `words` or `tags` is one bare string or holds something else than strings.
        ValueError: a word or tag is empty or has space around it.
    """

    words: frozenset[str] = frozenset()
    """Forms to drop, whatever their tag; as tokens are spelled, in NFC and compatibility jamo."""

    tags: tuple[str, ...] = ()
    """Stop tags: engine tags or beginnings of them; `J` is every particle. Sorted, each once."""

    keep_negation: bool = True
    """Keep what negates (`is_negation`), though `words` or `tags` would drop it.

    `dataclasses.replace(stopwords, keep_negation=False)` gives it up.
    """

    name: str | None = field(default=None, compare=False)
    """The named list this is, for people to read; says nothing about equality."""

    _dropped_words: frozenset[str] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", _words(self.words))
        object.__setattr__(self, "tags", tuple(sorted(set(_checked("tags", self.tags)))))
        if not isinstance(self.keep_negation, bool):
            raise TypeError(f"keep_negation must be True or False, got {self.keep_negation!r}")
        if not isinstance(self.name, str | None):
            raise TypeError(f"name must be a string or None, got {self.name!r}")
        negation = filter(is_negation, self.words) if self.keep_negation else ()
        object.__setattr__(self, "_dropped_words", self.words.difference(negation))

    def __repr__(self) -> str:
        name = "" if self.name is None else f"{self.name!r}: "
        kept = "" if self.keep_negation else ", negation too"
        return f"<Stopwords {name}{len(self.words)} words, tags {list(self.tags)}{kept}>"

    @classmethod
    def named(cls, name: str) -> Self:
        """Open one of the lists that come with koprep; `list_stopwords` names them.

        - `lecture`: the course's eighteen particles and endings, for Okt;
        - `particles`: every particle of every analyzer, by tag;
        - `general`: some 250 function words, for any analyzer.

        >>> Stopwords.named("lecture")
        <Stopwords 'lecture': 18 words, tags []>

        Raises:
            ValueError: there is no such list.
        """
        if name not in list_stopwords():
            raise ValueError(
                f"unknown stopwords {name!r}; choose from {', '.join(list_stopwords())}"
            )
        words, tags = _read(_FOLDER / f"{name}.tsv", "utf-8")
        return cls(words=words, tags=tags, name=name)

    @classmethod
    def from_file(
        cls,
        path: str | os.PathLike[str],
        *,
        encoding: str | None = None,
        keep_negation: bool = True,
    ) -> Self:
        """Read a list from a text file: one word a line, or tab-separated columns.

        The first column is the word; a second may name its tag, and what follows is a note. A
        word `*` with a tag beside it stands for every word whose tag begins like this. Empty
        lines and lines that start with `#` are skipped. UTF-8 and CP949, that of older Windows
        programs, are told apart; a CP949 list too short for that needs `encoding="cp949"`.

        Raises:
            FileNotFoundError: there is no such file.
            ValueError: the file holds no word, its encoding can't be told or is not the one
                given, or a row has no word; the message names the line.
        """
        words, tags = _read(Path(path), encoding)
        return cls(words=words, tags=tags, keep_negation=keep_negation)

    def to_file(self, path: str | os.PathLike[str]) -> None:
        """Write words and tags as UTF-8 text that `from_file` reads back.

        Raises:
            ValueError: there is nothing to write, or a word does not fit on a line of its own.
        """
        if not self.words and not self.tags:
            raise ValueError("these stopwords are empty: there is nothing to write")
        for value in (*sorted(self.words), *self.tags):
            if value.startswith("#") or any(separator in value for separator in "\t\r\n"):
                raise ValueError(f"{value!r} cannot stand in a file of one word a line")
        lines = ["# Stopwords: word, tag; * is every word whose tag begins like this."]
        lines += sorted(self.words)
        lines += [f"{_ANY_WORD}\t{tag}" for tag in self.tags]
        Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> Self:
        """Build from what `to_dict` returned.

        Raises:
            ValueError: a key is unknown.
            TypeError: a value has the wrong type.
        """
        for key in saved:
            if key not in _SAVED:
                raise ValueError(f"stopwords have no {key!r}; known: {', '.join(_SAVED)}")
        return cls(**saved)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON values, words sorted.

        >>> Stopwords(words={"이", "가"}).to_dict()
        {'words': ['가', '이'], 'tags': []}
        """
        saved: dict[str, Any] = {"words": sorted(self.words), "tags": list(self.tags)}
        if not self.keep_negation:
            saved["keep_negation"] = False
        if self.name is not None:
            saved["name"] = self.name
        return saved

    def add(self, words: Iterable[str]) -> Self:
        """Return a list with these words too.

        >>> sorted(Stopwords(words={"은"}).add(["는"]).words)
        ['는', '은']
        """
        return self._with_words(self.words | _words(words))

    def remove(self, words: Iterable[str]) -> Self:
        """Return a list without these words; those it does not hold make no difference.

        >>> sorted(Stopwords(words={"은", "는"}).remove(["은", "가"]).words)
        ['는']
        """
        return self._with_words(self.words - _words(words))

    def __or__(self, other: Stopwords) -> Self:
        """Return the words and tags of both; negation stays if either keeps it.

        >>> Stopwords.named("lecture") | Stopwords.named("particles")
        <Stopwords 18 words, tags ['J', 'Josa']>
        """
        if not isinstance(other, Stopwords):
            return NotImplemented
        return type(self)(
            words=self.words | other.words,
            tags=self.tags + other.tags,
            keep_negation=self.keep_negation or other.keep_negation,
        )

    def is_stopword(self, token: Token | str) -> bool:
        """Tell whether `filter` would drop this token; a bare form has no tag.

        >>> particles = Stopwords.named("particles")
        >>> particles.is_stopword(Token("만", "JX", 4, 5)), particles.is_stopword("만")
        (True, False)
        >>> particles.is_stopword(Token("밖에", "JX", 4, 6))  # 너밖에 없다: negation
        False
        """
        form, tag = (token, "") if isinstance(token, str) else (token.form, token.tag)
        if form in self._dropped_words:
            return True
        return _tag_rule(self.tags)[tag] and not (self.keep_negation and is_negation(form))

    @property
    def keeps_all(self) -> bool:
        """Whether no token is a stopword."""
        return not self._dropped_words and not self.tags

    def filter(self, tokens: Sequence[Token]) -> list[Token]:
        """Return the tokens that are no stopwords, in order."""
        # is_stopword written out: this runs over every token of a corpus
        if self.keeps_all:
            return list(tokens)
        dropped, keep_negation = self._dropped_words, self.keep_negation
        stops = _tag_rule(self.tags)
        return [
            token
            for token in tokens
            if token.form not in dropped
            and (not stops[token.tag] or (keep_negation and is_negation(token.form)))
        ]

    def _with_words(self, words: frozenset[str]) -> Self:
        return type(self)(words=words, tags=self.tags, keep_negation=self.keep_negation)


class _TagRule(dict[str, bool]):
    """Tag -> whether it begins like a stop tag; worked out when a tag is first seen."""

    def __init__(self, stop_tags: tuple[str, ...]) -> None:
        super().__init__()
        self.stop_tags = stop_tags

    def __missing__(self, tag: str) -> bool:
        self[tag] = stops = tag.startswith(self.stop_tags)
        return stops


_tag_rule = lru_cache(_TagRule)  # kept out of `Stopwords`, whose pickle should not grow with use


def list_stopwords() -> list[str]:
    """Return the names that `Stopwords.named` opens, sorted.

    >>> list_stopwords()
    ['general', 'lecture', 'particles']
    """
    return sorted(path.stem for path in _FOLDER.glob("*.tsv"))


def _words(words: Iterable[str]) -> frozenset[str]:
    spelled = [to_compatibility_jamo(word) for word in _checked("words", words)]
    return frozenset(_checked("words", spelled))


def _checked(field_name: str, values: Iterable[str]) -> Iterable[str]:
    """Refuse a bare string, which would count as its characters, and what cannot be a token."""
    if isinstance(values, str):
        raise TypeError(f"{field_name} must be many strings, got one: write [{values!r}]")
    if not isinstance(values, Iterable):
        raise TypeError(f"{field_name} must be many strings, got {values!r}")
    values = tuple(values)
    for value in values:
        if not isinstance(value, str):
            raise TypeError(f"{field_name} must hold strings, got {value!r}")
        if not value or value != value.strip():
            raise ValueError(f"{field_name}: {value!r} is empty or has space around it")
    return values


def _read(path: Path, encoding: str | None) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the words and the stop tags of a file in the notation of `Stopwords.from_file`."""
    try:
        text = read_text(path, encoding).replace("\r\n", "\n").replace("\r", "\n")
    except FileNotFoundError:
        raise FileNotFoundError(
            f"no stopword file {str(path)!r}; Stopwords.named opens {', '.join(list_stopwords())}"
        ) from None
    words, tags = set(), set()
    for line_number, line in enumerate(text.split("\n"), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        word, tag = (column.strip() for column in (line + "\t").split("\t")[:2])
        if not word:
            raise ValueError(f"{path}, line {line_number}: no word in the first column")
        if word == _ANY_WORD and tag:
            tags.add(tag)
        else:
            words.add(word)
    if not words and not tags:
        raise ValueError(f"{path} holds no stopword")
    return frozenset(words), tuple(tags)
