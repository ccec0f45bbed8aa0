"""KoNLPy's analyzers: Okt, Komoran, Hannanum and Kkma, with a Java that needs no installing."""

from __future__ import annotations

import os
import tempfile
import threading
from abc import abstractmethod
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from koprep.cores import available_cores
from koprep.hangul import to_compatibility_jamo
from koprep.tokenizers.alignment import align
from koprep.tokenizers.base import Token, Tokenizer, read_user_words
from koprep.tokenizers.batches import map_chunks
from koprep.tokenizers.elsewhere import FreshProcess
from koprep.tokenizers.jvm import attach_thread, is_out_of_reach, start_jvm
from koprep.tokenizers.okt_engine import OktEngine
from koprep.tokenizers.pieces import pieces, safe_text
from koprep.tokenizers.tags import TO_UNIVERSAL

UNKNOWN = "UNKNOWN"
"""The tag of an eojeol that the engine could not take."""

CHUNK = 64
"""Texts a thread takes at once."""


@dataclass(frozen=True, kw_only=True)
class KonlpyTokenizer(Tokenizer):
    """What the four have in common.

    The engines crash or run forever on some strings: they are given texts without control
    characters, in pieces they can take, and an eojeol they still refuse becomes one token with
    the tag `UNKNOWN`. They do not tell where a morpheme stood; `align` finds out.
    """

    engine_packages: ClassVar[tuple[str, ...]] = ("konlpy",)
    extra: ClassVar[str] = "konlpy"

    longest_run: ClassVar[int] = 40
    most_repeats: ClassVar[int | None] = None

    shares_engine: ClassVar[bool] = True
    """Whether threads may use one engine at the same time."""

    stem_tags: ClassVar[tuple[str, ...]] = ("VV", "VA", "VX", "VC")
    """How tags begin whose forms are stems; the lemma of a stem ends in 다."""

    @abstractmethod
    def _open(self) -> Any:
        """Open the engine; the JVM runs."""

    @abstractmethod
    def _pos(self, engine: Any, text: str) -> list[tuple[str, str]]:
        """Return (form, tag) of each morpheme."""

    def _pos_many(self, engine: Any, texts: list[str]) -> list[list[tuple[str, str]]]:
        return [self._pos(engine, text) for text in texts]

    def _analyze(self, text: str) -> list[Token]:
        return self._analyze_chunk([text])[0]

    def _analyze_many(self, texts: Iterable[str]) -> Iterator[list[Token]]:
        if is_out_of_reach():
            workers, prepare = 1, None
        else:
            start_jvm()  # here, where what it raises can be read, and not in the threads
            workers, prepare = available_cores(), attach_thread
        with ThreadPoolExecutor(workers, initializer=prepare) as threads:
            for _, tokens in map_chunks(
                threads, self._analyze_chunk, texts, size=CHUNK, ahead=workers
            ):
                yield tokens

    def _analyze_chunk(self, texts: list[str]) -> list[list[Token]]:
        if is_out_of_reach():
            return _fresh_process().cut(self, texts)
        cut = [self._pieces(text) for text in texts]
        with _engine(self) as engine:
            found = iter(self._cut_many(engine, [piece for row in cut for _, piece in row]))
        return [
            [
                token
                for offset, piece in row
                for token in self._in_text(text, offset, piece, next(found))
            ]
            for text, row in zip(texts, cut, strict=True)
        ]

    def _pieces(self, text: str) -> list[tuple[int, str]]:
        cut = pieces(safe_text(text), longest_run=self.longest_run, most_repeats=self.most_repeats)
        return [(offset, piece) for offset, piece in cut if not piece.isspace()]

    def _in_text(self, text: str, offset: int, piece: str, found: list[Token]) -> Iterator[Token]:
        """Tell tokens of a piece of `text` by their places and letters in the text."""
        for form, tag, start, end in found:
            original = text[offset + start : offset + end]
            given = original if form == piece[start:end] else to_compatibility_jamo(form)
            if self.output == "lemma":
                given = self._lemma(given, tag)
            yield Token(given, tag, offset + start, offset + end)

    def _cut_many(self, engine: Any, texts: list[str]) -> list[list[Token]]:
        try:
            morphemes = self._pos_many(engine, texts)
        except Exception:  # noqa: BLE001  # whatever an engine raises, a text is at fault
            if len(texts) > 1:
                return [self._cut_many(engine, [text])[0] for text in texts]
            return [self._cut_by_eojeol(engine, texts[0])]
        return [self._placed(*pair) for pair in zip(texts, morphemes, strict=True)]

    def _placed(self, text: str, morphemes: list[tuple[str, str]]) -> list[Token]:
        # Hannanum's notation of morphemes, a/nc+b/jc, breaks on texts with / and + in them
        known = TO_UNIVERSAL[self.tag_set]
        morphemes = [
            (form.strip(), tag if tag in known else UNKNOWN)
            for form, tag in morphemes
            if form.strip()
        ]
        places = align(text, [form for form, _ in morphemes])
        return [Token(*pair, *place) for pair, place in zip(morphemes, places, strict=True)]

    def _lemma(self, form: str, tag: str) -> str:
        return f"{form}다" if tag.startswith(self.stem_tags) else form

    def _cut_by_eojeol(self, engine: Any, text: str) -> list[Token]:
        """Cut a text that the engine refused eojeol by eojeol, so that only the bad one is lost."""
        eojeols = text.split()
        if len(eojeols) == 1:
            start = text.index(eojeols[0])
            return [Token(eojeols[0], UNKNOWN, start, start + len(eojeols[0]))]
        tokens = []
        cursor = 0
        for eojeol in eojeols:
            cursor = text.index(eojeol, cursor)
            for form, tag, start, end in self._cut_many(engine, [eojeol])[0]:
                tokens.append(Token(form, tag, cursor + start, cursor + end))
            cursor += len(eojeol)
        return tokens


@dataclass(frozen=True, kw_only=True)
class OktTokenizer(KonlpyTokenizer):
    """Cut with Okt (Open Korean Text), as the course does.

    `output="lemma"` is the same as `stem`.
    """

    name: ClassVar[str] = "okt"
    tag_set: ClassVar[str] = "okt"
    stem_tags: ClassVar[tuple[str, ...]] = ()

    norm: bool = False
    """Even out how feeling is typed: 되나욬 as 되나요."""

    stem: bool = False
    """Give verbs and adjectives as dictionaries do: 갔어요 as 가다."""

    def _open(self) -> OktEngine:
        return OktEngine()

    def _pos(self, engine: OktEngine, text: str) -> list[tuple[str, str]]:
        return self._pos_many(engine, [text])[0]

    def _pos_many(self, engine: OktEngine, texts: list[str]) -> list[list[tuple[str, str]]]:
        stem = self.stem or self.output == "lemma"  # Okt gives whole words, and lemmas itself
        return engine.pos(texts, norm=self.norm, stem=stem)


@dataclass(frozen=True, kw_only=True)
class KomoranTokenizer(KonlpyTokenizer):
    """Cut with Komoran into morphemes of the Sejong tag set."""

    name: ClassVar[str] = "komoran"
    tag_set: ClassVar[str] = "komoran"

    user_words: tuple[tuple[str, str], ...] = ()
    """Words the dictionary lacks, as `(word, tag)`; a bare word counts as a proper noun, NNP."""

    def __post_init__(self) -> None:
        super().__post_init__()
        words = read_user_words(self.user_words, TO_UNIVERSAL[self.tag_set])
        object.__setattr__(self, "user_words", words)

    def _open(self) -> Any:
        from konlpy.tag import Komoran

        if not self.user_words:
            return Komoran()
        with tempfile.TemporaryDirectory() as folder:
            dictionary = Path(folder) / "user_words.txt"
            lines = "".join(f"{word}\t{tag}\n" for word, tag in self.user_words)
            dictionary.write_text(lines, encoding="utf-8")
            return Komoran(userdic=str(dictionary))

    def _pos(self, engine: Any, text: str) -> list[tuple[str, str]]:
        morphemes: list[tuple[str, str]] = engine.pos(text)
        return morphemes


@dataclass(frozen=True, kw_only=True)
class HannanumTokenizer(KonlpyTokenizer):
    """Cut with Hannanum, by its 22 tags."""

    name: ClassVar[str] = "hannanum"
    tag_set: ClassVar[str] = "hannanum"
    stem_tags: ClassVar[tuple[str, ...]] = ("PV", "PA", "PX")
    longest_run: ClassVar[int] = 20
    shares_engine: ClassVar[bool] = False

    def _open(self) -> Any:
        from konlpy.tag import Hannanum

        return Hannanum()

    def _pos(self, engine: Any, text: str) -> list[tuple[str, str]]:
        morphemes: list[tuple[str, str]] = engine.pos(text, ntags=22)
        return morphemes


@dataclass(frozen=True, kw_only=True)
class KkmaTokenizer(KonlpyTokenizer):
    """Cut with Kkma, the finest and by far the slowest of the four."""

    name: ClassVar[str] = "kkma"
    tag_set: ClassVar[str] = "kkma"
    longest_run: ClassVar[int] = 12
    most_repeats: ClassVar[int | None] = 2
    shares_engine: ClassVar[bool] = False

    def _open(self) -> Any:
        from konlpy.tag import Kkma

        return Kkma()

    def _pos(self, engine: Any, text: str) -> list[tuple[str, str]]:
        morphemes: list[tuple[str, str]] = engine.pos(text)
        return morphemes


# Engines by class and user words: one for all threads, or those that no thread is using.
_shared: dict[object, Any] = {}
_idle: dict[object, list[Any]] = {}
_lock = threading.RLock()


@contextmanager
def _engine(tokenizer: KonlpyTokenizer) -> Iterator[Any]:
    """Lend an engine; one that threads must not share goes to one at a time."""
    key = (type(tokenizer), getattr(tokenizer, "user_words", ()))
    if tokenizer.shares_engine:
        if key not in _shared:
            with _lock:
                if key not in _shared:
                    _shared[key] = _opened(tokenizer)
        yield _shared[key]
        return
    idle = _idle.setdefault(key, [])
    try:
        engine = idle.pop()
    except IndexError:
        engine = _opened(tokenizer)
    try:
        yield engine
    finally:
        idle.append(engine)


def _opened(tokenizer: KonlpyTokenizer) -> Any:
    start_jvm()
    return tokenizer._open()


_fresh: FreshProcess | None = None
_left_behind: list[object] = []


def _fresh_process() -> FreshProcess:
    global _fresh
    with _lock:
        if _fresh is None or not _fresh.alive:
            _fresh = FreshProcess()
        return _fresh


def _forget_engines() -> None:
    """In a forked child, keep the parent's engines unused: letting go of one calls its JVM."""
    global _lock, _idle, _shared, _fresh
    _left_behind.extend((_idle, _shared, _fresh))
    _lock, _idle, _shared, _fresh = threading.RLock(), {}, {}, None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_engines)
