"""MeCab with its Korean dictionary: the fastest analyzer."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, ClassVar

from koprep.cores import available_cores
from koprep.texts import short
from koprep.tokenizers.base import Token, Tokenizer
from koprep.tokenizers.batches import map_chunks
from koprep.tokenizers.pieces import LONG_TEXT, pieces

if TYPE_CHECKING:
    from mecab import MeCab

ALONE = 1_000
"""Texts this process cuts itself, before starting others would pay."""

CHUNK = 512
"""Texts another process takes at once."""

LONGEST_RUN = 500
"""Characters without a space that MeCab gets at once: it refuses hundreds of thousands."""


@dataclass(frozen=True, kw_only=True)
class MecabTokenizer(Tokenizer):
    """Cut with MeCab (python-mecab-ko) into pieces of the surface.

    A piece may join morphemes that share a syllable, and so their tags: 가까웠 is `VA+EP`, which
    counts as its first tag.
    """

    name: ClassVar[str] = "mecab"
    engine_packages: ClassVar[tuple[str, ...]] = ("python-mecab-ko", "python-mecab-ko-dic")
    extra: ClassVar[str] = "mecab"
    tag_set: ClassVar[str] = "mecab"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.output == "lemma":
            raise ValueError("output='lemma': the mecab tokenizer gives no lemmas; kiwi does")

    def _analyze(self, text: str) -> list[Token]:
        return _place(text, _cut(text))

    def _analyze_many(self, texts: Iterable[str]) -> Iterator[list[Token]]:
        stream = iter(texts)
        workers = available_cores()
        if workers == 1 or _forked or multiprocessing.current_process().daemon:
            yield from map(self._analyze, stream)
            return
        yield from map(self._analyze, islice(stream, ALONE))
        more = next(stream, None)
        if more is None:
            return
        rest = chain([more], stream)
        try:
            from loky import get_reusable_executor
        except ModuleNotFoundError:  # python-mecab-ko alone was installed: slower, and as right
            yield from map(self._analyze, rest)
            return
        processes = get_reusable_executor(max_workers=workers)
        for text, cut in map_chunks(processes, _cut_chunk, rest, size=CHUNK, ahead=2 * workers):
            yield _place(text, cut)


def _cut(text: str) -> str:
    """Return the pieces of a text as lines of form, tab, tag: the form MeCab itself gives fast."""
    if len(text) <= LONG_TEXT:
        return _cut_piece(text)
    parts = pieces(text, longest_run=LONGEST_RUN, most_repeats=None)
    return "\n".join(filter(None, (_cut_piece(part) for _, part in parts)))


def _cut_piece(text: str) -> str:
    tagger = _tagger()
    from mecab.utils import create_lattice

    lattice = create_lattice(text.replace("\0", " "))  # a NUL would end the text
    if not tagger.parse(lattice):
        raise RuntimeError(f"MeCab refuses {short(text)}: {tagger.what()}")
    lines = lattice.to_string().split("\n")[:-2]  # the last are EOS and ""
    return "\n".join([line[: line.index(",", line.index("\t"))] for line in lines])


def _cut_chunk(texts: list[str]) -> list[str]:
    return [_cut(text) for text in texts]


def _place(text: str, cut: str) -> list[Token]:
    tokens = []
    cursor = 0
    for piece in cut.split("\n") if cut else ():
        form, _, tag = piece.rpartition("\t")
        start = text.index(form, cursor)
        cursor = start + len(form)
        tokens.append(Token(form, tag, start, cursor))
    return tokens


_local = threading.local()
_forked = False


def _tagger() -> Any:
    """Return this thread's tagger: opening one takes a millisecond."""
    tagger = getattr(_local, "tagger", None)
    if tagger is None:
        tagger = _local.tagger = _open()._tagger
    return tagger


def _open() -> MeCab:
    try:
        from mecab import MeCab
    except ModuleNotFoundError as error:
        if error.name != "mecab":
            raise
        raise ModuleNotFoundError(
            "the mecab tokenizer needs MeCab: pip install 'koprep[mecab]'", name="mecab"
        ) from error
    return MeCab()


def _notice_fork() -> None:
    """A forked child opens its tagger anew and starts no processes: its parent's pool is dead."""
    global _local, _forked
    _local, _forked = threading.local(), True


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_notice_fork)
