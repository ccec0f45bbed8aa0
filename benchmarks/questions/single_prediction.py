"""One review, text in, probability out: the model that comes with koprep against the course's."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.data import reviews
from benchmarks.lecture import sentiment_predict
from benchmarks.record import Finding
from benchmarks.rounds import Peer, Question, Run
from koprep.zoo import pretrained
from koprep.zoo.latency import latency_ms

REVIEWS = 300


def ask(run: Run) -> Iterator[Finding]:
    raw = reviews(REVIEWS)
    course = sentiment_predict(raw)
    model = pretrained("review-sentiment")
    yield run.compare(
        Question(
            title="one review after another, from text to probability: the median",
            koprep=lambda: latency_ms(lambda text: model.predict_proba([text]), raw),
            koprep_name="review-sentiment",
            peers=(
                Peer(
                    name="the course's sentiment_predict (Okt, Keras)",
                    work=lambda: latency_ms(course, raw),
                    due=100,
                ),
            ),
            timed=False,
            unit="ms",
        )
    )
