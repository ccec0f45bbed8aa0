"""Token lists to padded rows of ids: vocabulary, encoding and padding, beside three others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks.data import reviews
from benchmarks.record import Finding
from benchmarks.rounds import Peer, Question, Run
from koprep import Cleaner, Vocabulary, get_tokenizer, pad_sequences
from koprep.zoo.backend import import_keras

REVIEWS = 15_000
WORDS = 20_000
MAXLEN = 60


def ask(run: Run) -> Iterator[Finding]:
    keras = import_keras()
    from sklearn.feature_extraction.text import CountVectorizer
    from tensorflow.keras.preprocessing.sequence import pad_sequences as keras_pad
    from tensorflow.keras.preprocessing.text import Tokenizer

    raw = reviews(REVIEWS)
    cleaned = list(map(Cleaner().clean, raw))
    tokenizer = get_tokenizer("kiwi")
    token_lists = list(tokenizer.render_many(cleaned))
    joined = np.array([" ".join(tokens) for tokens in token_lists])

    def koprep() -> Any:
        vocabulary = Vocabulary.build(token_lists, vocabulary_size=WORDS)
        return pad_sequences(vocabulary.encode_many(token_lists), maxlen=MAXLEN)

    def keras_legacy() -> Any:
        words = Tokenizer(WORDS, oov_token="OOV")
        words.fit_on_texts(token_lists)
        return keras_pad(words.texts_to_sequences(token_lists), maxlen=MAXLEN)

    def scikit_learn() -> Any:
        vectorizer = CountVectorizer(analyzer=_as_it_is, max_features=WORDS)
        return vectorizer.fit_transform(token_lists)

    def text_vectorization() -> Any:
        layer = keras.layers.TextVectorization(
            WORDS, standardize=None, split="whitespace", output_sequence_length=MAXLEN
        )
        layer.adapt(joined)
        return layer(joined)

    yield run.compare(
        Question(
            title=f"{REVIEWS:,} reviews' tokens: vocabulary, ids and rows",
            koprep=koprep,
            koprep_name="Vocabulary, pad_sequences",
            peers=(
                Peer(name="Keras' old Tokenizer, pad_sequences", work=keras_legacy),
                Peer(name="scikit-learn's CountVectorizer (counts, no rows)", work=scikit_learn),
                Peer(name="Keras' TextVectorization", work=text_vectorization),
                Peer(
                    name="cutting them with Kiwi, which comes before",
                    work=lambda: sum(1 for _ in tokenizer.tokenize_many(cleaned)),
                    due=20,  # at most 5 % of the time
                ),
            ),
        )
    )


def _as_it_is(tokens: list[str]) -> list[str]:
    return tokens
