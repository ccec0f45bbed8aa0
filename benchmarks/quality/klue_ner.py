"""Named entities: the first 4,000 sentences of KLUE's dev part to train, the last 1,000 to test."""

from __future__ import annotations

import time
from pathlib import Path

from koprep.zoo import MajorityTagger
from koprep.zoo.reproduction import Work, entity_sentences, entity_tagger


def run(data_dir: Path, seed: int, out: Path | None) -> None:
    """Train, and print strict span scores on the test sentences."""
    work = Work(data_dir=data_dir, seed=seed, progress=True)
    train, test = entity_sentences(data_dir)
    print(f"{len(train)} sentences to train, {len(test)} to test")
    majority = MajorityTagger().fit(train).evaluate(test)
    print(f"majority tag of each character: strict span F1 {majority.micro.f1:.4f}")

    start = time.perf_counter()
    tagger = entity_tagger(work)
    seconds = time.perf_counter() - start
    result = tagger.evaluate(test)
    print(f"{tagger.model}: {tagger.training_summary()}, {seconds:.0f} s")
    for row in (*result.labels, result.micro, result.macro):
        print(
            f"  {row.label:6} precision {row.precision:.4f}  recall {row.recall:.4f}  "
            f"F1 {row.f1:.4f}  spans {row.support}"
        )
    if out is not None:
        tagger.save(out, metrics={"test_span_f1": result.micro.f1})
