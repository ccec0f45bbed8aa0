"""Kiwi: the default analyzer. Fast, no Java, and its model comes with the package."""

from __future__ import annotations

import ctypes
import os
import re
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from koprep.cores import available_cores
from koprep.hangul import to_conjoining_coda
from koprep.tokenizers.base import Token, Tokenizer, checked_texts, read_user_words
from koprep.tokenizers.pieces import pieces
from koprep.tokenizers.tags import TO_UNIVERSAL

if TYPE_CHECKING:
    from kiwipiepy import Kiwi

TYPOS = (
    "basic",
    "continual",
    "basic_with_continual",
    "lengthening",
    "basic_with_continual_and_lengthening",
)

DIALECTS = (
    "gyeonggi",
    "chungcheong",
    "gangwon",
    "gyeongsang",
    "jeolla",
    "jeju",
    "hwanghae",
    "hamgyeong",
    "pyeongan",
    "archaic",
)

LONGEST_RUN = 2_000
"""Characters without a space that Kiwi gets at once: its time grows with their square."""

TOGETHER = 64
"""Texts that one core cuts before it goes on with what comes of them: Kiwi leaves nothing else in
the processor's caches, and what is done text by text in between takes some percents more."""

_LONG_RUN = re.compile(rf"\S{{{LONGEST_RUN + 1}}}")
_WHOLE = [0]


T = TypeVar("T")
_Reading = Callable[[Iterable[Any]], list[T]]
"""What makes a list of a text's morphemes."""


def _has_long_run(text: str) -> bool:
    return len(text) > LONGEST_RUN and _LONG_RUN.search(text) is not None


@dataclass(frozen=True, kw_only=True)
class KiwiTokenizer(Tokenizer):
    """Cut with Kiwi (kiwipiepy) into morphemes of the Sejong tag set.

    Jamo that stand for parts of syllables (the `ㄴ다` of `간다`) come out as compatibility jamo,
    so that one token has one spelling.

    >>> tokens = KiwiTokenizer().tokenize("택배가 왔다")
    >>> [(token.form, token.tag) for token in tokens]
    [('택배', 'NNG'), ('가', 'JKS'), ('오', 'VV'), ('었', 'EP'), ('다', 'EF')]
    """

    name: ClassVar[str] = "kiwi"
    engine_packages: ClassVar[tuple[str, ...]] = ("kiwipiepy", "kiwipiepy_model")
    tag_set: ClassVar[str] = "kiwi"

    user_words: tuple[tuple[str, str], ...] = field(default=())
    """Words the dictionary lacks, as `(word, tag)`; a bare word counts as a proper noun, NNP."""

    typos: str | None = None
    """Typing errors to see through, one of `TYPOS`; None takes the text as it stands."""

    normalize_coda: bool = False
    """Read a laughing coda as its own jamo: `좋아욬ㅋㅋ` as `좋아요ㅋㅋㅋ`."""

    space_tolerance: int = 0
    """Wrong spaces inside a morpheme to see through: with 2, `배 송이` is `배송이`."""

    dialects: tuple[str, ...] = ()
    """Dialects to know beside the standard language, of `DIALECTS`."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.typos is not None and self.typos not in TYPOS:
            raise ValueError(f"typos must be one of {', '.join(TYPOS)} or None, got {self.typos!r}")
        if not isinstance(self.space_tolerance, int) or self.space_tolerance < 0:
            raise ValueError(
                f"space_tolerance must be a whole number from 0, got {self.space_tolerance!r}"
            )
        if isinstance(self.dialects, str):
            raise TypeError(f"dialects: expected many, got one string {self.dialects!r}")
        for dialect in self.dialects:
            if dialect not in DIALECTS:
                raise ValueError(f"dialects: choose from {', '.join(DIALECTS)}, got {dialect!r}")
        words = read_user_words(self.user_words, TO_UNIVERSAL[self.tag_set])
        object.__setattr__(self, "user_words", words)

    def render_many(self, texts: Iterable[str]) -> Iterator[list[str]]:
        if self.keep_tags is not None or self.drop_tags is not None:
            return super().render_many(texts)
        # what is written is read off the morphemes: a Token for each would cost a tenth more
        return self._read_many(checked_texts(texts), self._written, _as_it_is)

    def _analyze(self, text: str) -> list[Token]:
        return self._read(text, self._tokens, _moved)

    def _analyze_many(self, texts: Iterable[str]) -> Iterator[list[Token]]:
        return self._read_many(texts, self._tokens, _moved)

    def _read(self, text: str, read: _Reading[T], move: Callable[[T, int], T]) -> list[T]:
        if _has_long_run(text):
            return next(self._read_in_threads([text], read, move))
        return read(self._cutting()(text))

    def _read_many(
        self, texts: Iterable[str], read: _Reading[T], move: Callable[[T, int], T]
    ) -> Iterator[list[T]]:
        """Yield what `read` makes of each text's morphemes.

        Of a text that is cut in parts, `move` puts what is read where it stands in the whole.
        """
        stream = iter(texts)
        first = list(islice(stream, 2))
        stream = chain(first, stream)
        if not first:
            return
        if len(first) == 1:  # too little work to hand to Kiwi's threads
            yield self._read(first[0], read, move)
        elif available_cores() == 1:  # to hand texts to one thread costs more than it gives
            cut = self._cutting()
            while some := list(islice(stream, TOGETHER)):
                yield from [
                    self._read(text, read, move) if _has_long_run(text) else read(cut(text))
                    for text in some
                ]
        else:
            yield from self._read_in_threads(stream, read, move)

    def _read_in_threads(
        self, texts: Iterable[str], read: _Reading[T], move: Callable[[T, int], T]
    ) -> Iterator[list[T]]:
        places: deque[list[int]] = deque()  # of each text under way, where its parts begin

        def parts() -> Iterator[str]:
            for text in texts:
                if _has_long_run(text):
                    cut = list(pieces(text, longest_run=LONGEST_RUN, most_repeats=None))
                    places.append([offset for offset, _ in cut])
                    yield from (part for _, part in cut)
                else:
                    places.append(_WHOLE)
                    yield text

        found = iter(self._cutting()(parts()))
        for morphemes in found:
            whole = read(morphemes)
            offsets = places.popleft()
            if offsets is not _WHOLE:
                for offset in offsets[1:]:
                    whole += [move(one, offset) for one in read(next(found))]
            yield whole

    def join(self, tokens: Sequence[str]) -> str:
        """Write morphemes as Korean is written, endings and spaces restored (`Kiwi.join`).

        That needs their tags: `output="form/tag"`. Forms alone come with a space between them.
        """
        if self.output != "form/tag":
            return super().join(tokens)
        return str(_engine(self).join(map(_morpheme, tokens)))

    def _cutting(self) -> Callable[[Any], Any]:
        """Return what makes morphemes of a text, or of each of many; opens the engine."""
        options: dict[str, Any] = {
            "normalize_coda": self.normalize_coda,
            "compatible_jamo": True,
            "typos": self.typos,
        }
        if self.dialects:
            options["allowed_dialects"] = ",".join(self.dialects)
        return partial(_engine(self).tokenize, **options)

    def _written(self, morphemes: Iterable[Any]) -> list[str]:
        if self.output == "form/tag":
            return [f"{morpheme.form}/{morpheme.tag}" for morpheme in morphemes]
        if self.output == "lemma":
            return [morpheme.lemma for morpheme in morphemes]
        return [morpheme.form for morpheme in morphemes]

    def _tokens(self, morphemes: Iterable[Any]) -> list[Token]:
        fields = _LEMMA_FIELDS if self.output == "lemma" else _FORM_FIELDS
        return list(map(_make_token, map(fields, morphemes)))


# A corpus has millions of morphemes: these read one and make a Token of it in C.
_FORM_FIELDS = attrgetter("form", "tag", "start", "end")
_LEMMA_FIELDS = attrgetter("lemma", "tag", "start", "end")
_make_token: Callable[[tuple[Any, ...]], Token] = partial(tuple.__new__, Token)


def _moved(token: Token, offset: int) -> Token:
    form, tag, start, end = token
    return Token(form, tag, offset + start, offset + end)


def _as_it_is(written: str, offset: int) -> str:
    return written


def _morpheme(token: str) -> tuple[str, str]:
    """Undo `render`: endings and particles that close a syllable close one again."""
    form, _, tag = token.rpartition("/")
    if tag.partition("-")[0] not in TO_UNIVERSAL["kiwi"]:
        return token, "NNP"  # no morpheme of Kiwi's, such as what stands for an unknown one
    if tag[:1] in ("E", "J") and form:
        form = to_conjoining_coda(form[0]) + form[1:]
    return form, tag


# One engine serves every tokenizer with the same engine settings and every thread: it takes
# seconds to build and hundreds of megabytes to hold.
_engines: dict[tuple[object, ...], Kiwi] = {}
_lock = threading.Lock()


def _engine(tokenizer: KiwiTokenizer) -> Kiwi:
    key = (
        tokenizer.user_words,
        tokenizer.space_tolerance,
        tokenizer.dialects,
    )
    engine = _engines.get(key)
    if engine is None:
        with _lock:
            engine = _engines.get(key)
            if engine is None:
                engine = _engines[key] = _open(tokenizer)
    return engine


def _open(tokenizer: KiwiTokenizer) -> Kiwi:
    from kiwipiepy import Kiwi

    engine = Kiwi(
        num_workers=available_cores(),
        enabled_dialects=",".join(tokenizer.dialects) or "standard",
    )
    if tokenizer.space_tolerance:
        engine.global_config.space_tolerance = tokenizer.space_tolerance
    for word, tag in tokenizer.user_words:
        try:
            engine.add_user_word(word, tag)
        except ValueError as error:
            raise ValueError(f"user_words: Kiwi refuses ({word!r}, {tag!r}): {error}") from error
    return engine


def _forget_engines() -> None:
    """In a forked child the engine's threads are gone: it opens its own at first use.

    The old engine is never taken down, not even at the end of the process: that would wait for
    those threads.
    """
    global _lock
    _lock = threading.Lock()
    for engine in _engines.values():
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(engine))
    _engines.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_engines)
