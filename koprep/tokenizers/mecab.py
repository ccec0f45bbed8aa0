"""MeCab with its Korean dictionary: the fastest analyzer."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from koprep.tokenizers.base import Token, Tokenizer

if TYPE_CHECKING:
    from mecab import MeCab


@dataclass(frozen=True, kw_only=True)
class MecabTokenizer(Tokenizer):
    """Cut with MeCab (python-mecab-ko) into pieces of the surface.

    A piece may join morphemes that share a syllable, and so their tags: 가까웠 is `VA+EP`, which
    counts as its first tag.
    """

    name: ClassVar[str] = "mecab"
    engine_packages: ClassVar[tuple[str, ...]] = ("python-mecab-ko", "python-mecab-ko-dic")
    tag_set: ClassVar[str] = "mecab"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.output == "lemma":
            raise ValueError("output='lemma': the mecab tokenizer gives no lemmas; kiwi does")

    def _analyze(self, text: str) -> list[Token]:
        tagger = _tagger()
        from mecab.utils import create_lattice

        lattice = create_lattice(text.replace("\0", " "))  # a NUL would end the text
        tagger.parse(lattice)
        return [
            Token(node.surface, node.feature.partition(",")[0], span[0], span[1])
            for span, node in lattice
        ]


_local = threading.local()


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


def _forget_tagger() -> None:
    global _local
    _local = threading.local()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_tagger)
