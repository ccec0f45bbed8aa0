"""Many reviews at once: a pretrained model against Kiwi's own tokenizing of the same texts."""

from __future__ import annotations

from benchmarks.data import reviews
from benchmarks.rounds import Question
from koprep.zoo import pretrained

REVIEWS = 10_000


def question() -> Question:
    raw = reviews(REVIEWS)
    model = pretrained("review-sentiment")
    cleaned = list(map(model.preprocessor_.cleaner_.clean, raw))

    from kiwipiepy import Kiwi

    kiwi = Kiwi(num_workers=2)
    return Question(
        title=f"{REVIEWS:,} reviews to probabilities, and to tokens alone",
        koprep=lambda: model.predict_proba(raw),
        other=lambda: sum(1 for _ in kiwi.tokenize(cleaned)),
        koprep_name="review-sentiment",
        other_name="Kiwi alone, cleaned texts",
        least_ratio=0.85,
    )
