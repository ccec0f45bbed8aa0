"""Vocabulary, encoding and padding, against the tokenizing that comes before them."""

from __future__ import annotations

from typing import Any

from benchmarks.data import reviews
from benchmarks.rounds import Question
from koprep import Cleaner, Vocabulary, get_tokenizer, pad_sequences

REVIEWS = 15_000


def question() -> Question:
    raw = reviews(REVIEWS)
    cleaned = list(map(Cleaner().clean, raw))
    tokenizer = get_tokenizer("kiwi")
    token_lists = [tokenizer.render(tokens) for tokens in tokenizer.tokenize_many(cleaned)]

    def encode() -> Any:
        vocabulary = Vocabulary.build(token_lists, vocabulary_size=20_000)
        return pad_sequences(vocabulary.encode_many(token_lists), maxlen=60)

    return Question(
        title=f"{REVIEWS:,} reviews: vocabulary, ids and rows, against their tokenizing",
        koprep=encode,
        other=lambda: list(tokenizer.tokenize_many(cleaned)),
        other_name="tokenizing with Kiwi",
        least_ratio=20,  # at most 5 % of the time
    )
