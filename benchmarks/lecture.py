"""What koprep is put beside: scripts, written as the course's students and others write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from koprep import get_tokenizer
from koprep.stopwords import Stopwords
from koprep.zoo.backend import import_keras

MAXLEN = 60
WORDS = 8_000
NOT_HANGUL = "[^ㄱ-ㅎㅏ-ㅣ가-힣 ]"


def lecture_rows(reviews: Sequence[str]) -> Any:
    """Return the rows of the course's script: pandas, Okt with stems, Keras' old Tokenizer."""
    pad_sequences, tokenizer_class = _old_keras()
    morphs = _okt()
    data = pd.DataFrame({"document": reviews})
    data["document"] = data["document"].str.replace(NOT_HANGUL, "", regex=True)
    data = data.dropna()
    tokenized = [morphs(sentence) for sentence in data["document"]]
    tokenizer = tokenizer_class(WORDS, oov_token="OOV")
    tokenizer.fit_on_texts(tokenized)
    return pad_sequences(tokenizer.texts_to_sequences(tokenized), maxlen=MAXLEN)


def konlpy_and_scikit_learn(reviews: Sequence[str]) -> Any:
    """Return the counts that scikit-learn makes of Okt's morphemes, the usual way without Keras."""
    from sklearn.feature_extraction.text import CountVectorizer

    morphs = _okt()
    cleaned = [re.sub(NOT_HANGUL, "", review) for review in reviews]
    vectorizer = CountVectorizer(tokenizer=morphs, token_pattern=None, max_features=WORDS)
    return vectorizer.fit_transform(cleaned)


def sentiment_predict(reviews: Sequence[str]) -> Callable[[str], float]:
    """Return the course's function: a raw review in, the probability that it is positive out.

    Its network is as large as the course's and not trained, which changes nothing of its speed.

    Args:
        reviews: what its vocabulary is made of.
    """
    pad_sequences, tokenizer_class = _old_keras()
    morphs = _okt()

    def tokens(text: str) -> list[str]:
        return morphs(re.sub(NOT_HANGUL, "", text))

    tokenizer = tokenizer_class(WORDS, oov_token="OOV")
    tokenizer.fit_on_texts([tokens(review) for review in reviews])
    model = gru(WORDS, None, embedding_size=100, units=128)

    def predict(text: str) -> float:
        padded = pad_sequences(tokenizer.texts_to_sequences([tokens(text)]), maxlen=MAXLEN)
        return float(model.predict(padded, verbose=0)[0, 0])

    return predict


def gru(vocabulary_size: int, width: int | None, *, embedding_size: int, units: int) -> Any:
    """Return the course's network in plain Keras, not trained."""
    layers = import_keras().layers
    return import_keras().Sequential(
        [
            layers.Input((width,), dtype="int32"),
            layers.Embedding(vocabulary_size, embedding_size),
            layers.GRU(units),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


def _okt() -> Callable[[str], list[str]]:
    """Return a text's stems without the course's stopwords."""
    get_tokenizer("okt").tokenize("먼저 여는 문장")  # starts the JVM, which KoNLPy needs

    from konlpy.tag import Okt

    okt, stopwords = Okt(), set(Stopwords.named("lecture").words)

    def morphs(text: str) -> list[str]:
        return [word for word in okt.morphs(text, stem=True) if word not in stopwords]

    return morphs


def _old_keras() -> tuple[Any, Any]:
    """Return `pad_sequences` and the `Tokenizer` that Keras keeps for old code."""
    import_keras()
    from tensorflow.keras.preprocessing.sequence import pad_sequences
    from tensorflow.keras.preprocessing.text import Tokenizer

    return pad_sequences, Tokenizer
