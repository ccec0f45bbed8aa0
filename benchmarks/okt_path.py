"""Okt through koprep against the plain KoNLPy loop."""

from __future__ import annotations

from benchmarks.data import reviews
from benchmarks.rounds import Question
from koprep import get_tokenizer

REVIEWS = 3_000


def question() -> Question:
    raw = reviews(REVIEWS)
    tokenizer = get_tokenizer("okt")
    tokenizer.tokenize("먼저 여는 문장")  # starts the JVM with koprep's settings

    from konlpy.tag import Okt

    okt = Okt()
    return Question(
        title=f"{REVIEWS:,} reviews to morphemes with Okt",
        koprep=lambda: list(tokenizer.tokenize_many(raw)),
        other=lambda: [okt.pos(text) for text in raw],
        other_name="KoNLPy in a loop",
        least_ratio=1.5,
    )
