"""Cleaning + tokenizing with Kiwi + stopwords, against Kiwi alone on cleaned texts."""

from __future__ import annotations

from kiwipiepy import Kiwi

from benchmarks.data import reviews
from benchmarks.rounds import Question
from koprep import Cleaner, Stopwords, get_tokenizer
from koprep.cores import available_cores

REVIEWS = 15_000


def question() -> Question:
    raw = reviews(REVIEWS)
    cleaner, tokenizer = Cleaner(), get_tokenizer("kiwi")
    stopwords = Stopwords.named("particles")
    cleaned = [cleaner.clean(text) for text in raw]
    kiwi = Kiwi(num_workers=available_cores())

    def koprep() -> list[list[str]]:
        token_lists = tokenizer.tokenize_many(map(cleaner.clean, raw))
        return [tokenizer.render(stopwords.filter(tokens)) for tokens in token_lists]

    def bare() -> list[object]:
        return list(kiwi.tokenize(cleaned))

    return Question(
        title=f"{REVIEWS:,} raw reviews to tokens without stopwords",
        koprep=koprep,
        other=bare,
        other_name="Kiwi alone, on cleaned reviews",
        least_ratio=0.93,
    )
