"""The course's script for one review, as its students write it: Okt and plain Keras."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from koprep import get_tokenizer
from koprep.stopwords import Stopwords
from koprep.zoo.backend import import_keras

MAXLEN = 60
WORDS = 8_000


def sentiment_predict(reviews: Sequence[str]) -> Callable[[str], float]:
    """Return the course's function: a raw review in, the probability that it is positive out.

    Its network is as large as the course's and not trained, which changes nothing of its speed.

    Args:
        reviews: what its vocabulary is made of.
    """
    keras = import_keras()
    from tensorflow.keras.preprocessing.sequence import pad_sequences
    from tensorflow.keras.preprocessing.text import Tokenizer

    get_tokenizer("okt").tokenize("먼저 여는 문장")  # starts the JVM, which KoNLPy needs

    from konlpy.tag import Okt

    okt, stopwords = Okt(), set(Stopwords.named("lecture").words)

    def morphs(text: str) -> list[str]:
        kept = re.sub("[^ㄱ-ㅎㅏ-ㅣ가-힣 ]", "", text)
        return [word for word in okt.morphs(kept, stem=True) if word not in stopwords]

    tokenizer = Tokenizer(WORDS, oov_token="OOV")
    tokenizer.fit_on_texts([morphs(review) for review in reviews])
    layers = keras.layers
    model = keras.Sequential(
        [
            layers.Input((None,)),
            layers.Embedding(WORDS, 100),
            layers.GRU(128),
            layers.Dense(1, activation="sigmoid"),
        ]
    )

    def predict(text: str) -> float:
        padded = pad_sequences(tokenizer.texts_to_sequences([morphs(text)]), maxlen=MAXLEN)
        return float(model.predict(padded, verbose=0)[0, 0])

    return predict
