"""Cleaning alone: koprep's two cleaners against pandas and against a script with like rules."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator

import pandas as pd

from benchmarks.data import reviews
from benchmarks.lecture import NOT_HANGUL
from benchmarks.record import Finding
from benchmarks.rounds import Peer, Question, Run
from koprep import Cleaner

REVIEWS = 150_000


def ask(run: Run) -> Iterator[Finding]:
    raw = reviews(REVIEWS)
    course, default = Cleaner.lecture(), Cleaner()
    yield run.compare(
        Question(
            title=f"{REVIEWS:,} reviews, all but Hangul and spaces deleted",
            koprep=lambda: [course.clean(text) for text in raw],
            koprep_name="Cleaner.lecture()",
            peers=(
                Peer(
                    name="pandas, str.replace(regex=True)",
                    work=lambda: pd.Series(raw).str.replace(NOT_HANGUL, "", regex=True).tolist(),
                ),
                Peer(
                    name="re.sub in a loop",
                    work=lambda: [re.sub(NOT_HANGUL, "", text) for text in raw],
                ),
            ),
        )
    )
    yield run.compare(
        Question(
            title=f"{REVIEWS:,} reviews by the default rules",
            koprep=lambda: [default.clean(text) for text in raw],
            koprep_name="Cleaner()",
            peers=(Peer(name="a script, one re.sub a rule", work=lambda: list(map(_script, raw))),),
        )
    )


def _script(text: str) -> str:
    """Even out a text as a careful person's script does, with one expression a rule."""
    text = unicodedata.normalize("NFC", html.unescape(text))
    text = re.sub(r"<[^>]+>", " ", text)
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\ufeff]", "", text)
    text = re.sub(r"[！-～]", lambda found: chr(ord(found[0]) - 0xFEE0), text)
    text = re.sub(r"([ㄱ-ㅎㅏ-ㅣ!?.,~])\1{2,}", r"\1\1", text)
    return re.sub(r"\s+", " ", text).strip()
