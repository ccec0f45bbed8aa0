"""Memory while a GRU trains on many reviews: through the zoo against plain Keras.

Each side is a process of its own: it reads the same encoded reviews into memory, trains one epoch
and tells the most memory it ever held (Linux only). The work before training is not counted.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.rounds import Question

REVIEWS = 150_000
MAXLEN = 60
BATCH_SIZE = 256
SIZES = {"embedding_size": 128, "units": 128}
MOST = 1.2
"""Times the memory of plain Keras, at most."""


def question() -> Question:
    from benchmarks.data import labelled_reviews
    from koprep import Preprocessor

    examples = labelled_reviews(REVIEWS)
    preprocessor = Preprocessor(tokenizer="whitespace", maxlen=MAXLEN)
    encoded = examples.encode(preprocessor.fit(examples.texts))
    folder = tempfile.TemporaryDirectory()
    encoded.save(Path(folder.name) / "reviews")

    def side(name: str) -> float:
        return _peak(name, Path(folder.name) / "reviews")

    return Question(
        title=f"a GRU trained on {len(encoded):,} reviews, one epoch (due: at most {MOST}×)",
        koprep=lambda: side("zoo"),
        other=lambda: side("keras"),
        other_name=f"plain Keras, all padded to {MAXLEN}",
        least_ratio=round(1 / MOST, 3),
        unit="MiB",
    )


def _peak(side: str, folder: Path) -> float:
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.training_memory", side, str(folder)],
        cwd=Path(__file__).parents[1],
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
    from koprep.zoo.backend import import_keras  # the same TensorFlow settings as the zoo's

    keras = import_keras()
    token_ids, labels = _arrays(folder)
    layers = keras.layers
    model = keras.Sequential(
        [
            layers.Embedding(int(token_ids.max()) + 1, SIZES["embedding_size"]),
            layers.GRU(SIZES["units"]),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    model.fit(token_ids, labels, batch_size=BATCH_SIZE, epochs=1, verbose=0)


def _arrays(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    return np.load(folder / "token_ids.npy"), np.load(folder / "labels.npy")


def _own_peak() -> float:
    """Return the most memory this process ever held, in MiB.

    Not `getrusage`: on Linux its figure begins with what the parent held at the fork.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (kib,) = re.findall(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    return int(kib) / 1024


if __name__ == "__main__":
    {"zoo": _zoo, "keras": _keras}[sys.argv[1]](Path(sys.argv[2]))
    print(_own_peak())
