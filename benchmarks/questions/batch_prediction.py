"""Many reviews at once: a pretrained model against Kiwi's own tokenizing of the same texts."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.data import reviews
from benchmarks.record import Finding
from benchmarks.rounds import Peer, Question, Run
from koprep.cores import available_cores
from koprep.zoo import pretrained

REVIEWS = 10_000


def ask(run: Run) -> Iterator[Finding]:
    raw = reviews(REVIEWS)
    model = pretrained("review-sentiment")
    cleaned = list(map(model.preprocessor_.cleaner_.clean, raw))

    from kiwipiepy import Kiwi

    kiwi = Kiwi(num_workers=available_cores())
    yield run.compare(
        Question(
            title=f"{REVIEWS:,} reviews to probabilities, and to tokens alone",
            koprep=lambda: model.predict_proba(raw),
            koprep_name="review-sentiment",
            peers=(
                Peer(
                    name="Kiwi alone, cleaned texts",
                    work=lambda: sum(1 for _ in kiwi.tokenize(cleaned)),
                    due=0.85,
                ),
            ),
        )
    )
