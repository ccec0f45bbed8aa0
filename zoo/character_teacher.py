"""`CharacterTeacher`: a linear model of characters, which never answers a text it learned from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Self
from zlib import crc32

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
from sklearn.linear_model import SGDClassifier

from koprep.datasets import TextDataset
from koprep.datasets.splitting import text_key
from koprep.texts import iter_texts

FOLDS = 4
FEATURES = 2**22
LONGEST_NGRAM = 5
EPOCHS = 6
REGULARIZATION = 1e-6
TEXTS_A_BATCH = 50_000

_LONG_RUN = re.compile(r"(.)\1{3,}")


class CharacterTeacher:
    """Answers by the characters of a text, which a network of morphemes does not see.

    TF-IDF of one to five characters, hashed, and logistic regression in which all labels weigh the
    same. A hash of the text says which of four parts it belongs to, and the model that answers it
    was trained on the other three. So what is answered to a text of the training is no surer than
    to a new one (cross-fitting), and a network that learns it does not learn what was memorized.

    >>> movies = TextDataset(texts=tuple(f"{word} {i}" for i in range(20) for word in ("좋", "싫")),
    ...                      labels=np.array([1, 0] * 20, np.int32), label_names=("부정", "긍정"))
    >>> CharacterTeacher.fit(movies).predict_proba(["좋다"])[0].round() == [0, 1]
    array([ True,  True])
    """

    def __init__(
        self,
        tfidf: TfidfTransformer,
        models: tuple[SGDClassifier, ...],
        label_names: tuple[str, ...],
    ) -> None:
        self._tfidf = tfidf
        self._models = models
        self.label_names_ = label_names

    @classmethod
    def fit(cls, labelled: TextDataset, *, seed: int = 0) -> Self:
        """Train a model for each part of the texts, on all that are not of it.

        Raises:
            ValueError: texts without labels, or with too few to find every label in all parts.
        """
        labels = labelled.labels
        if labels is None:
            raise ValueError("the characters of texts without labels teach nothing")
        folds = np.fromiter(map(_fold, labelled.texts), np.int8, len(labelled))
        counts = _counts(labelled.texts)
        tfidf = TfidfTransformer().fit(counts)
        features = tfidf.transform(counts, copy=False)
        models = []
        for fold in range(FOLDS):
            rows = np.flatnonzero(folds != fold)
            if len(np.unique(labels[rows])) < len(labelled.label_names):
                raise ValueError(
                    f"{len(labelled)} texts are too few to leave every {FOLDS}th out: a label is "
                    "missing from the others"
                )
            model = SGDClassifier(
                loss="log_loss",
                alpha=REGULARIZATION,
                max_iter=EPOCHS,
                tol=None,
                average=True,
                class_weight="balanced",
                random_state=seed,
            )
            models.append(model.fit(features[rows], labels[rows]))
        return cls(tfidf, tuple(models), labelled.label_names)

    def predict_proba(self, texts: Iterable[str]) -> npt.NDArray[np.float32]:
        """Return the probability of each label, float32, shape (texts, num_labels)."""
        found = list(iter_texts(texts))
        parts = [np.zeros((0, len(self.label_names_)), np.float32)]
        for start in range(0, len(found), TEXTS_A_BATCH):
            parts.append(self._answers(found[start : start + TEXTS_A_BATCH]))
        return np.concatenate(parts)

    def _answers(self, texts: list[str]) -> npt.NDArray[np.float32]:
        features = self._tfidf.transform(_counts(texts), copy=False)
        folds = np.fromiter(map(_fold, texts), np.int8, len(texts))
        found = np.empty((len(texts), len(self.label_names_)), np.float32)
        for fold, model in enumerate(self._models):
            rows = np.flatnonzero(folds == fold)
            if len(rows):
                found[rows] = model.predict_proba(features[rows])
        return found


def _fold(text: str) -> int:
    return crc32(text_key(text).encode()) % FOLDS


def _counts(texts: Iterable[str]) -> csr_matrix:
    """Return which character n-grams each text holds, float32, shape (texts, FEATURES)."""
    vectorizer = HashingVectorizer(
        analyzer="char",
        ngram_range=(1, LONGEST_NGRAM),
        n_features=FEATURES,
        preprocessor=_edged,
        alternate_sign=False,
        binary=True,
        norm=None,
        dtype=np.float32,
    )
    return vectorizer.transform(texts)


def _edged(text: str) -> str:
    """Return a text whose begin and end are characters, too, and no character stands four times.

    >>> _edged("좋아요ㅋㅋㅋㅋㅋ  또")
    '^좋아요ㅋㅋㅋ 또$'
    """
    shortened = _LONG_RUN.sub(r"\1\1\1", text_key(text))
    return f"^{shortened}$"
