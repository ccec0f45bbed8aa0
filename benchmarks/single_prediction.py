"""One review, text in, probability out: the model that comes with koprep against the course's."""

from __future__ import annotations

from benchmarks.data import reviews
from benchmarks.lecture import sentiment_predict
from benchmarks.rounds import Question
from koprep.zoo import pretrained
from koprep.zoo.latency import latency_ms

REVIEWS = 1_000


def question() -> Question:
    raw = reviews(REVIEWS)
    course = sentiment_predict(raw)
    model = pretrained("review-sentiment")
    return Question(
        title="one review after another, from text to probability: the median",
        koprep=lambda: latency_ms(lambda text: model.predict_proba([text]), raw),
        other=lambda: latency_ms(course, raw),
        koprep_name="review-sentiment",
        other_name="the course's sentiment_predict (Okt, Keras)",
        least_ratio=100,
        unit="ms",
    )
