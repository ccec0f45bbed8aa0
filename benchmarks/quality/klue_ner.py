"""Named entities: the first 4,000 sentences of KLUE's dev part to train, the last 1,000 to test."""

from __future__ import annotations

import time
from pathlib import Path

from koprep import Preprocessor
from koprep.datasets import TaggedDataset, load
from koprep.zoo import MajorityTagger, SequenceTagger, TrainingConfig

TRAINING_SENTENCES = 4_000

MODEL = "bigru"
MODEL_OPTIONS = {"embedding_size": 128, "units": 128, "layers": 2, "dropout": 0.4}
TRAINING = {
    "epochs": 14,
    "patience": 5,
    "batch_size": 32,
    "learning_rate": 2e-3,
    "validation_split": 0.125,
}


def run(data_dir: Path, seed: int, out: Path | None) -> None:
    """Train, and print strict span scores on the test sentences."""
    sentences = load("klue_ner", split="dev", data_dir=data_dir)
    assert isinstance(sentences, TaggedDataset)
    train = sentences.take(range(TRAINING_SENTENCES))
    test = sentences.take(range(TRAINING_SENTENCES, len(sentences)))
    print(f"{len(train)} sentences to train, {len(test)} to test")
    majority = MajorityTagger().fit(train).evaluate(test)
    print(f"majority tag of each character: strict span F1 {majority.micro.f1:.4f}")

    start = time.perf_counter()
    tagger = SequenceTagger(
        MODEL,
        preprocessor=Preprocessor(tokenizer="character"),
        model_options=MODEL_OPTIONS,
        training=TrainingConfig(**TRAINING, seed=seed),
        progress=True,
    ).fit(train)
    seconds = time.perf_counter() - start
    result = tagger.evaluate(test)
    print(f"{MODEL}: {tagger.training_summary()}, {seconds:.0f} s")
    for row in (*result.labels, result.micro, result.macro):
        print(
            f"  {row.label:6} precision {row.precision:.4f}  recall {row.recall:.4f}  "
            f"F1 {row.f1:.4f}  spans {row.support}"
        )
    if out is not None:
        tagger.save(out, metrics={"test_span_f1": result.micro.f1})
