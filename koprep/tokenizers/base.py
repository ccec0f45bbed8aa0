"""What every tokenizer is: `Token`, the `Tokenizer` base class and the registry of names."""

from __future__ import annotations

import dataclasses
import importlib
import re
from abc import ABC, abstractmethod
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from koprep.texts import short
from koprep.tokenizers.tags import expand_tags

OUTPUTS = ("form", "form/tag", "lemma")

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class Token(NamedTuple):
    """One morpheme or other unit of a text.

    `start` and `end` count characters of the tokenized (cleaned) text: `text[start:end]` is the
    place the token was cut from. `form` may differ from it: an engine restores contracted
    morphemes, and `output="lemma"` puts the dictionary form there. `tag` is the engine's own
    part-of-speech tag, `""` where the engine has none.

    >>> Token("좋", "VA", 0, 1).form
    '좋'
    """

    form: str
    tag: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Tokenizer(ABC):
    """Settings of a tokenizer, which opens its engine at first use.

    A tokenizer is a value: it compares, hashes, pickles and saves as its settings, and the engine
    behind it is opened again wherever it lands. One instance may serve many threads.

    Subclasses set `name` and `engine_packages` and write `_analyze`, and `_analyze_many` where the
    engine has a faster way for batches.
    """

    name: ClassVar[str]
    """The name under which `get_tokenizer` finds the class."""

    engine_packages: ClassVar[tuple[str, ...]] = ()
    """Distributions whose versions decide how this tokenizer cuts (engine, model, dictionary)."""

    extra: ClassVar[str] = ""
    """The extra of koprep that installs them, "" where koprep itself does."""

    tag_set: ClassVar[str] = ""
    """The engine's tag set, a key of `koprep.tokenizers.tags.TO_UNIVERSAL`; "" without tags."""

    output: str = "form"
    """What `render` writes of a token: `"form"`, `"form/tag"` or `"lemma"`."""

    keep_tags: tuple[str, ...] | str | None = None
    """Only tokens with these tags stay. A preset's name, or engine tags; `V` also means `VV`."""

    drop_tags: tuple[str, ...] | str | None = None
    """Tokens with these tags go, in the same notation."""

    def __post_init__(self) -> None:
        if self.output not in OUTPUTS:
            raise ValueError(f"output must be one of {', '.join(OUTPUTS)}, got {self.output!r}")
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if isinstance(value, list):
                object.__setattr__(self, field.name, tuple(value))
            elif isinstance(value, (set, frozenset)):
                object.__setattr__(self, field.name, tuple(sorted(value, key=repr)))
        if not self.tag_set:
            for setting in ("keep_tags", "drop_tags"):
                if getattr(self, setting) is not None:
                    raise ValueError(f"{setting}: the {self.name!r} tokenizer has no tags")
            if self.output != "form":
                raise ValueError(
                    f"output={self.output!r} needs tags, and the {self.name!r} tokenizer has none"
                )
        else:
            for setting in ("keep_tags", "drop_tags"):
                expand_tags(getattr(self, setting), self.tag_set, setting)

    @abstractmethod
    def _analyze(self, text: str) -> list[Token]:
        """Cut `text`, which holds no unpaired surrogate, into tokens; tag filters come after."""

    def _analyze_many(self, texts: Iterable[str]) -> Iterator[list[Token]]:
        """Cut many texts, in order."""
        return map(self._analyze, texts)

    def tokenize(self, text: str) -> list[Token]:
        """Cut one text into tokens.

        Raises:
            TypeError: `text` is not a `str`.
        """
        return self._filter(self._analyze(_checked(text)))

    def tokenize_many(self, texts: Iterable[str]) -> Iterator[list[Token]]:
        """Cut many texts, lazily and in order; the same tokens as `tokenize` one by one.

        Raises:
            TypeError: `texts` is one bare string, or an item is not a `str`.
        """
        token_lists = self._analyze_many(checked_texts(texts))
        if self.keep_tags is None and self.drop_tags is None:
            return token_lists
        return map(self._filter, token_lists)

    def render_many(self, texts: Iterable[str]) -> Iterator[list[str]]:
        """Cut many texts and write their tokens as `render` does, lazily and in order.

        Raises:
            TypeError: `texts` is one bare string, or an item is not a `str`.
        """
        return map(self.render, self.tokenize_many(texts))

    def render(self, tokens: Sequence[Token]) -> list[str]:
        """Write tokens as the strings a vocabulary holds, as `output` says.

        >>> from koprep.tokenizers import get_tokenizer
        >>> get_tokenizer("kiwi", output="form/tag").render([Token("좋", "VA", 0, 1)])
        ['좋/VA']
        """
        if self.output == "form/tag":
            return [f"{token.form}/{token.tag}" for token in tokens]
        return [token.form for token in tokens]

    def join(self, tokens: Sequence[str]) -> str:
        """Put what `render` wrote back together, as readable as the engine allows.

        Here words with a space between them; an engine that knows how its tokens are written
        together does better.

        >>> from koprep.tokenizers import get_tokenizer
        >>> get_tokenizer("whitespace").join(["가는", "말이"])
        '가는 말이'
        >>> get_tokenizer("kiwi", output="form/tag").join(["가/VV", "ㄴ다/EF", "./SF"])
        '간다.'
        """
        if self.output == "form/tag":
            return " ".join(token.rpartition("/")[0] or token for token in tokens)
        return " ".join(tokens)

    def settings(self) -> dict[str, Any]:
        """Return the settings that differ from the defaults, ready for JSON.

        >>> from koprep.tokenizers import get_tokenizer
        >>> get_tokenizer("kiwi", output="lemma").settings()
        {'output': 'lemma'}
        """
        return {
            field.name: getattr(self, field.name)
            for field in dataclasses.fields(self)
            if getattr(self, field.name) != field.default
        }

    @classmethod
    def engine_versions(cls) -> dict[str, str]:
        """Return the installed version of each distribution that decides how texts are cut.

        Raises:
            ModuleNotFoundError: one is not installed; the message says what to install.
        """
        from importlib.metadata import PackageNotFoundError, version

        versions = {}
        for package in cls.engine_packages:
            try:
                versions[package] = version(package)
            except PackageNotFoundError as error:
                wanted = f"'koprep[{cls.extra}]'" if cls.extra else package
                raise ModuleNotFoundError(
                    f"the {cls.name} tokenizer needs {package}: pip install {wanted}", name=package
                ) from error
        return versions

    def _filter(self, tokens: list[Token]) -> list[Token]:
        if self.keep_tags is not None:
            keep = expand_tags(self.keep_tags, self.tag_set, "keep_tags")
            tokens = [token for token in tokens if _first_tag(token) in keep]
        if self.drop_tags is not None:
            drop = expand_tags(self.drop_tags, self.tag_set, "drop_tags")
            tokens = [token for token in tokens if _first_tag(token) not in drop]
        return tokens


def checked_texts(texts: Iterable[str]) -> Iterator[str]:
    """Yield many texts without unpaired surrogates.

    Raises:
        TypeError: `texts` is one bare string; while iterating, an item is not a `str`.
    """
    if isinstance(texts, str):
        raise TypeError(f"expected many texts, got one string {short(texts)}; use tokenize()")
    return map(_checked, texts)


def read_user_words(
    words: Iterable[str | Sequence[str]] | Mapping[str, str], tags: Container[str] = ()
) -> tuple[tuple[str, str], ...]:
    """Return user words as `(word, tag)` pairs; a bare word is a proper noun, NNP.

    >>> read_user_words(["가성비갑", ("심쿵하", "VV")])
    (('가성비갑', 'NNP'), ('심쿵하', 'VV'))
    >>> read_user_words({"심쿵하": "VV"})
    (('심쿵하', 'VV'),)

    Args:
        words: words, pairs, or word -> tag.
        tags: what a pair that is given alone is known by.

    Raises:
        ValueError: what is neither a word nor such a pair, or holds a tab or a line end; one
            pair alone.
        TypeError: one bare string.
    """
    if isinstance(words, str):
        raise TypeError(f"user_words: expected many words, got one string {short(words)}")
    if isinstance(words, Mapping):
        words = words.items()
    elif (
        isinstance(words, (tuple, list))
        and len(words) == 2
        and all(isinstance(part, str) for part in words)
        and words[1] in tags
    ):
        raise ValueError(f"user_words: put a single pair in a list: [{words!r}]")
    pairs = []
    for word in words:
        parts = (word, "NNP") if isinstance(word, str) else word
        if (
            not isinstance(parts, (tuple, list))
            or len(parts) != 2
            or not all(isinstance(part, str) and part.strip() for part in parts)
            or any(mark in part for part in parts for mark in "\t\r\n")
        ):
            raise ValueError(f"user_words: expected a word or a (word, tag) pair, got {word!r}")
        pairs.append((parts[0], parts[1]))
    return tuple(pairs)


def _checked(text: str) -> str:
    """Refuse what is not text; put U+FFFD for unpaired surrogates, which no engine takes."""
    if not isinstance(text, str):
        raise TypeError(f"expected a text, got {type(text).__name__} {short(text)}")
    return _LONE_SURROGATE.sub("\ufffd", text)


def _first_tag(token: Token) -> str:
    """MeCab joins the tags of morphemes that share a syllable: VA+EP."""
    return token.tag.partition("+")[0]


# name -> "module:class"; a class is imported at first use, so that no engine loads before it.
_registry: dict[str, str] = {
    "kiwi": "koprep.tokenizers.kiwi:KiwiTokenizer",
    "okt": "koprep.tokenizers.konlpy:OktTokenizer",
    "komoran": "koprep.tokenizers.konlpy:KomoranTokenizer",
    "hannanum": "koprep.tokenizers.konlpy:HannanumTokenizer",
    "kkma": "koprep.tokenizers.konlpy:KkmaTokenizer",
    "mecab": "koprep.tokenizers.mecab:MecabTokenizer",
    "whitespace": "koprep.tokenizers.simple:WhitespaceTokenizer",
    "syllable": "koprep.tokenizers.simple:SyllableTokenizer",
    "character": "koprep.tokenizers.simple:CharacterTokenizer",
    "jamo": "koprep.tokenizers.simple:JamoTokenizer",
    "keras_words": "koprep.tokenizers.keras_words:KerasWordsTokenizer",
}


def register_tokenizer(name: str, target: str) -> None:
    """Make `get_tokenizer(name)` build the class at `target`, written `"module:class"`.

    Raises:
        ValueError: the name is taken.
    """
    if name in _registry:
        raise ValueError(f"tokenizer {name!r} is already registered")
    _registry[name] = target


def list_tokenizers() -> list[str]:
    """Return the names `get_tokenizer` knows, sorted.

    >>> "kiwi" in list_tokenizers()
    True
    """
    return sorted(_registry)


def get_tokenizer(name: str, **settings: Any) -> Tokenizer:
    """Build the tokenizer registered under `name`.

    >>> [token.form for token in get_tokenizer("whitespace").tokenize("그의 말이 법이다")]
    ['그의', '말이', '법이다']

    Raises:
        ValueError: the name or a setting is unknown (the message lists the choices), or a
            setting has a value the tokenizer refuses.
        ModuleNotFoundError: the engine is not installed (the message says what to install).
    """
    if name not in _registry:
        raise ValueError(f"unknown tokenizer {name!r}; choose from {', '.join(list_tokenizers())}")
    module, _, attribute = _registry[name].partition(":")
    tokenizer_class: type[Tokenizer] = getattr(importlib.import_module(module), attribute)
    known = [field.name for field in dataclasses.fields(tokenizer_class)]
    for setting in settings:
        if setting not in known:
            raise ValueError(
                f"unknown setting {setting!r} for the {name!r} tokenizer; "
                f"choose from {', '.join(sorted(known))}"
            )
    return tokenizer_class(**settings)
