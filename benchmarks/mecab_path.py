"""MeCab through koprep against a single-thread loop."""

from __future__ import annotations

from mecab import MeCab

from benchmarks.data import reviews
from benchmarks.rounds import Question
from koprep import get_tokenizer

REVIEWS = 15_000


def question() -> Question:
    raw = reviews(REVIEWS)
    tokenizer, mecab = get_tokenizer("mecab"), MeCab()
    return Question(
        title=f"{REVIEWS:,} reviews to morphemes with MeCab",
        koprep=lambda: list(tokenizer.tokenize_many(raw)),
        other=lambda: [mecab.pos(text) for text in raw],
        other_name="python-mecab-ko in a loop",
        least_ratio=1.6,
    )
