"""Memory while a GRU trains on many reviews: through the zoo against plain Keras.

Each side is a process of its own: it reads the same encoded reviews into memory, trains one epoch
and tells the most memory it ever held (Linux only). The work before training is not counted.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.memory import peak_mib
from benchmarks.record import Finding
from benchmarks.rounds import Peer, Question, Run

REVIEWS = 50_000
MAXLEN = 60
BATCH_SIZE = 256
SIZES = {"embedding_size": 128, "units": 128}
MOST = 1.2
"""Times the memory of plain Keras, at most."""


def ask(run: Run) -> Iterator[Finding]:
    from benchmarks.data import labelled_reviews
    from koprep import Preprocessor

    examples = labelled_reviews(REVIEWS)
    preprocessor = Preprocessor(tokenizer="whitespace", maxlen=MAXLEN)
    encoded = examples.encode(preprocessor.fit(examples.texts))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "reviews"
        encoded.save(folder)
        yield run.compare(
            Question(
                title=f"a GRU trained on {len(encoded):,} reviews, one epoch: the most memory",
                koprep=lambda: _peak("zoo", folder),
                peers=(
                    Peer(
                        name=f"plain Keras, all padded to {MAXLEN}",
                        work=lambda: _peak("keras", folder),
                        due=round(1 / MOST, 3),
                    ),
                ),
                timed=False,
                unit="MiB",
            )
        )


def _peak(side: str, folder: Path) -> float:
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.questions.training_memory", side, str(folder)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return float(told.stdout.split()[-1])


def _zoo(folder: Path) -> None:
    from koprep.datasets import EncodedDataset
    from koprep.zoo import TrainingConfig, create_model
    from koprep.zoo.training import train_model

    token_ids, labels = _arrays(folder)
    spec = EncodedDataset.load(folder).spec
    training = EncodedDataset(spec=spec, token_ids=token_ids, labels=labels)
    model = create_model("gru", spec, **SIZES)
    train_model(model, training, None, TrainingConfig(epochs=1, batch_size=BATCH_SIZE))


def _keras(folder: Path) -> None:
    from benchmarks.lecture import gru

    token_ids, labels = _arrays(folder)
    model = gru(int(token_ids.max()) + 1, None, **SIZES)
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    model.fit(token_ids, labels, batch_size=BATCH_SIZE, epochs=1, verbose=0)


def _arrays(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    return np.load(folder / "token_ids.npy"), np.load(folder / "labels.npy")


if __name__ == "__main__":
    {"zoo": _zoo, "keras": _keras}[sys.argv[1]](Path(sys.argv[2]))
    print(peak_mib())
