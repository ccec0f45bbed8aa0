"""Saving and loading: what has to be kept between training and serving."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.data import reviews
from benchmarks.lecture import gru
from benchmarks.record import Finding
from benchmarks.rounds import Peer, Question, Run
from koprep import Preprocessor
from koprep.zoo import pretrained
from koprep.zoo.backend import import_keras
from koprep.zoo.loading import open_classifier

WORDS = 20_000
MAXLEN = 60
REVIEW = "배송도 빠르고 정말 좋아요"


def ask(run: Run) -> Iterator[Finding]:
    keras = import_keras()
    from tensorflow.keras.preprocessing.sequence import pad_sequences as keras_pad
    from tensorflow.keras.preprocessing.text import Tokenizer

    raw = reviews(20_000)
    fitted = Preprocessor(tokenizer="whitespace", vocabulary_size=WORDS, maxlen=MAXLEN).fit(raw)
    words = Tokenizer(WORDS, oov_token="OOV")
    words.fit_on_texts(raw)
    model = gru(WORDS, None, embedding_size=64, units=64)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fitted.save(folder / "saved")
        (folder / "words.pickle").write_bytes(pickle.dumps(words))
        model.save(folder / "model.keras")
        pretrained("review-sentiment").save(folder / "model", keep_keras=False)

        def koprep_loads() -> None:
            open_classifier(str(folder / "model")).predict_proba([REVIEW])

        def keras_loads() -> None:
            loaded = pickle.loads((folder / "words.pickle").read_bytes())
            rows = keras_pad(loaded.texts_to_sequences([REVIEW.split()]), maxlen=MAXLEN)
            keras.models.load_model(folder / "model.keras").predict(rows, verbose=0)

        yield run.compare(
            Question(
                title=f"a preprocessor of {WORDS:,} words saved",
                koprep=lambda: fitted.save(folder / "saved"),
                koprep_name="Preprocessor.save, on disk in one step",
                peers=(
                    Peer(
                        name="pickle of Keras' old Tokenizer, all words of the texts",
                        work=lambda: (folder / "words.pickle").write_bytes(pickle.dumps(words)),
                    ),
                ),
            )
        )
        yield run.compare(
            Question(
                title="the same loaded",
                koprep=lambda: Preprocessor.load(folder / "saved"),
                koprep_name="Preprocessor.load, checksums compared",
                peers=(
                    Peer(
                        name="unpickling it",
                        work=lambda: pickle.loads((folder / "words.pickle").read_bytes()),
                    ),
                ),
            )
        )
        yield run.compare(
            Question(
                title="a classifier loaded and asked, Kiwi and TensorFlow being open",
                koprep=koprep_loads,
                koprep_name="a bundle of review-sentiment's size",
                peers=(Peer(name="pickle and load_model of a smaller GRU", work=keras_loads),),
            )
        )
