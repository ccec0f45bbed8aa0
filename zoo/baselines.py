"""`LinearBaseline`: TF-IDF of tokens and pairs of tokens, and logistic regression.

What a recurrent network has to beat: it is trained in seconds, and sees no order beyond two tokens.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict
from scipy.sparse import csr_matrix
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from koprep.bundle import Bundle, read_bundle, write_bundle
from koprep.fitted import check_fitted
from koprep.padding import Ragged
from koprep.preprocessor import Preprocessor
from koprep.saved import blaming
from koprep.texts import iter_texts
from koprep.tokenizers import get_tokenizer

from .card import classifier_card
from .labeling import LabelingEstimator, check_names, check_present, encode_labels
from .registry import ModelInfo
from .saved_settings import read_settings
from .saving import CARD_FILE, METRICS_FILE, json_bytes
from .stacked_cells import softmax

BASELINE = "tfidf_logreg"
"""The baseline's name, beside those of `list_models()`."""

NO_EMBEDDINGS = f"model {BASELINE!r} counts tokens and takes no embeddings"

SUMMARY = "TF-IDF of tokens and pairs of tokens, logistic regression: the linear baseline"

SETTINGS_FILE = "baseline.json"
ARRAYS = ("ngrams", "idf", "coefficients", "intercepts")


@dataclass(frozen=True, kw_only=True)
class LinearConfig:
    """Settings of the linear baseline.

    >>> LinearConfig(min_texts=1).C
    2.0
    """

    min_texts: int = 2
    """Tokens and pairs that stand in fewer training texts do not count."""
    C: float = 2.0
    """Inverse strength of regularization, as in scikit-learn."""
    balanced: bool = False
    """Every label weighs the same, however rare."""

    def __post_init__(self) -> None:
        if self.min_texts < 1:
            raise ValueError(f"min_texts must be at least 1, got {self.min_texts}")
        if not self.C > 0:
            raise ValueError(f"C must be above 0, got {self.C}")


def baseline_info() -> ModelInfo:
    """Return what the baseline is and what can be set, as `model_info` does of networks."""
    return ModelInfo(
        name=BASELINE,
        summary=SUMMARY,
        tasks=("classification",),
        settings=asdict(LinearConfig()),
        parameters=None,  # as many as the training texts have features
    )


class LinearBaseline(LabelingEstimator):
    """Classify raw texts with TF-IDF features and logistic regression.

    Args:
        preprocessor: an unfitted `Preprocessor`; None cuts with Kiwi, writes tokens with their
            tags and keeps every one of them. It is cloned.
        config: the `LinearConfig`; None is its defaults.
        label_names: what the classes are called, in the order of `classes_`; None calls them by
            their values.

    Attributes (after `fit`):
        classes_, label_names_: the labels, sorted, and their names.
        preprocessor_: the fitted preprocessing.
        ngrams_: int32 (features, 2), the ids of each feature; 0 in the second place for one token.
        idf_: float32 (features,). coefficients_: float32 (columns, features), one column for two
            labels, else one a label. intercepts_: float32 (columns,).
    """

    def __init__(
        self,
        *,
        preprocessor: Preprocessor | None = None,
        config: LinearConfig | None = None,
        label_names: Sequence[str] | None = None,
    ) -> None:
        self.preprocessor = preprocessor
        self.config = config
        self.label_names = label_names

    def fit(self, texts: Iterable[str], y: Sequence[Any] | npt.NDArray[Any]) -> Self:
        """Train on texts and their labels.

        Raises:
            TypeError: a bare string, or a row that is missing or no text (with its number).
            ValueError: labels that do not match the texts, are missing, or of fewer than two
                kinds, or texts without a feature.
        """
        checked = list(iter_texts(texts))
        classes, labels = encode_labels(y, len(checked))
        names = check_names(self.label_names, classes)
        preprocessor = (
            clone(self.preprocessor)
            if self.preprocessor is not None
            else Preprocessor(
                tokenizer=get_tokenizer("kiwi", output="form/tag"), vocabulary_size=None
            )
        )
        rows = preprocessor.fit_transform_ragged(checked)
        return self.fit_encoded(preprocessor, rows, labels, names, classes=classes)

    def fit_encoded(
        self,
        preprocessor: Preprocessor,
        rows: Ragged,
        labels: npt.NDArray[np.int32],
        label_names: tuple[str, ...],
        *,
        classes: npt.NDArray[Any] | None = None,
    ) -> Self:
        """Train on texts that were encoded before; see `fit`.

        Args:
            preprocessor: fitted, the one that encoded them; it is kept, not cloned.
            rows: ids of the texts, whole.
            labels: int32, shape (texts,), indices into `label_names`.
            label_names: the labels.
            classes: the labels, by their number; None takes the numbers.

        Raises:
            ValueError: a label without a text, or no token that stands in enough texts.
        """
        config = self.config or LinearConfig()
        check_present(labels, label_names)
        keys, text_numbers = _ngram_keys(rows, len(preprocessor.vocabulary_))
        features, columns, texts_with = _features(keys, text_numbers, len(rows))
        kept = np.flatnonzero(texts_with >= config.min_texts)
        if not len(kept):
            raise ValueError(
                f"no token stands in {config.min_texts} texts, so there is nothing to learn from"
            )
        place = np.full(len(features), -1)
        place[kept] = np.arange(len(kept))
        counts = _counts(place[columns], text_numbers, (len(rows), len(kept)))
        model = make_pipeline(
            TfidfTransformer(sublinear_tf=True),
            LogisticRegression(
                C=config.C, class_weight="balanced" if config.balanced else None, max_iter=300
            ),
        ).fit(counts, labels)
        regression = model[-1]
        size = len(preprocessor.vocabulary_)
        self.preprocessor_ = preprocessor
        self.ngrams_: npt.NDArray[np.int32] = np.stack(
            np.divmod(features[kept], size), axis=1
        ).astype(np.int32)
        self.idf_ = model[0].idf_.astype(np.float32)
        self.coefficients_ = regression.coef_.astype(np.float32)
        self.intercepts_ = regression.intercept_.astype(np.float32)
        self.classes_ = np.arange(len(label_names)) if classes is None else classes
        self.label_names_ = label_names
        return self

    def predict_proba(self, texts: Iterable[str]) -> npt.NDArray[np.float32]:
        """Return the probability of each label, float32, shape (texts, num_labels)."""
        check_fitted(self, "coefficients_")
        return self.label_probabilities(self.preprocessor_.transform_ragged(texts))

    def label_probabilities(self, rows: Ragged) -> npt.NDArray[np.float32]:
        """Return the probability of each label, float32 (texts, num_labels), of encoded texts."""
        size = len(self.preprocessor_.vocabulary_)
        features = self.ngrams_[:, 0].astype(np.int64) * size + self.ngrams_[:, 1]
        keys, text_numbers = _ngram_keys(rows, size)
        place = np.searchsorted(features, keys).clip(max=len(features) - 1)
        known = np.where(features[place] == keys, place, -1)
        counts = _counts(known, text_numbers, (len(rows), len(features)))
        counts.data = (1 + np.log(counts.data)) * self.idf_[counts.indices]
        norms = np.sqrt(counts.multiply(counts).sum(axis=1)).A1
        scores = (counts @ self.coefficients_.T) / np.maximum(norms, 1e-12)[:, None]
        scores = scores + self.intercepts_
        if scores.shape[1] == 1:
            scores = np.concatenate([np.zeros_like(scores), scores], axis=1)
        return softmax(scores).astype(np.float32)

    def training_summary(self) -> str:
        """Return how training went, in a few words."""
        return f"{len(self.ngrams_):,} tokens and pairs of tokens weighed"

    @property
    def parameters(self) -> int:
        """Numbers that were learned."""
        return int(self.coefficients_.size + self.intercepts_.size)

    def save(self, folder: str | Path, *, metrics: Mapping[str, float] | None = None) -> Path:
        """Save preprocessing and model as one bundle; see `koprep.bundle.write_bundle`.

        Args:
            folder: where to.
            metrics: figures to keep with it.
        """
        check_fitted(self, "coefficients_")
        saved = _Saved(config=asdict(self.config or LinearConfig()), classes=self.classes_.tolist())
        files = {
            **self.preprocessor_.bundle_files(),
            SETTINGS_FILE: (saved.model_dump_json(indent=2) + "\n").encode(),
            METRICS_FILE: json_bytes(dict(metrics or {})),
            CARD_FILE: classifier_card(
                model=BASELINE,
                label_names=self.label_names_,
                preprocessor=self.preprocessor_,
                training=saved.config,
                metrics=metrics or {},
            ).encode(),
            **{f"{name}.npy": _npy_bytes(getattr(self, f"{name}_")) for name in ARRAYS},
        }
        return write_bundle(
            folder,
            files,
            kind="classifier",
            task="classification",
            label_names=self.label_names_,
        )

    @classmethod
    def load(cls, folder: str | Path, *, strict: bool = False) -> Self:
        """Open a saved baseline; see `koprep.zoo.load`."""
        return cls.from_bundle(read_bundle(folder), strict=strict)

    @classmethod
    def from_bundle(cls, bundle: Bundle, *, strict: bool = False) -> Self:
        """Build the baseline of a bundle that was read; see `load`.

        Raises:
            ValueError: the bundle holds no baseline, or one whose parts do not fit together.
        """
        saved = read_settings(bundle, SETTINGS_FILE, _Saved)
        preprocessor = Preprocessor.from_bundle(bundle, strict=strict)
        with blaming(bundle.folder / SETTINGS_FILE):
            config = LinearConfig(**saved.config)
        baseline = cls(
            preprocessor=clone(preprocessor),
            config=config,
            label_names=bundle.manifest.label_names,
        )
        for name in ARRAYS:
            content = io.BytesIO(bundle.read_bytes(f"{name}.npy"))
            array = np.load(content, allow_pickle=False)
            setattr(baseline, f"{name}_", array)
        labels, features = len(saved.classes), len(baseline.ngrams_)
        columns = 1 if labels == 2 else labels
        if (
            baseline.ngrams_.shape != (features, 2)
            or baseline.idf_.shape != (features,)
            or baseline.coefficients_.shape != (columns, features)
            or baseline.intercepts_.shape != (columns,)
        ):
            raise ValueError(f"{bundle.folder}: its arrays do not fit together; train again")
        baseline.classes_ = np.array(saved.classes)
        baseline.label_names_ = bundle.manifest.label_names
        baseline.preprocessor_ = preprocessor
        return baseline


class _Saved(BaseModel):
    """What `baseline.json` holds."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)

    config: dict[str, Any]
    classes: list[bool] | list[int] | list[str]


def _ngram_keys(rows: Ragged, size: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return every token and every pair of neighbours as one number, and the text each is of.

    The number is first * size + second; second is 0, an id no token has, for one token alone.
    """
    ids = rows.token_ids.astype(np.int64)
    texts = np.repeat(np.arange(len(rows)), rows.lengths)
    within = texts[1:] == texts[:-1]
    keys = np.concatenate([ids * size, (ids[:-1] * size + ids[1:])[within]])
    return keys, np.concatenate([texts, texts[1:][within]])


def _features(
    keys: npt.NDArray[np.int64], text_numbers: npt.NDArray[np.int64], texts: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.intp], npt.NDArray[np.int64]]:
    """Return the different keys, sorted, the place of each key, and how many texts have it."""
    features, columns = np.unique(keys, return_inverse=True)
    different = np.unique(columns * max(texts, 1) + text_numbers) // max(texts, 1)
    return features, columns, np.bincount(different, minlength=len(features))


def _counts(
    columns: npt.NDArray[np.intp], text_numbers: npt.NDArray[np.int64], shape: tuple[int, int]
) -> csr_matrix:
    """Return how often each text has each feature; column -1 is no feature."""
    known = columns >= 0
    ones = np.ones(int(known.sum()), np.float32)
    counts = csr_matrix((ones, (text_numbers[known], columns[known])), shape=shape)
    counts.sum_duplicates()
    return counts


def _npy_bytes(array: npt.NDArray[Any]) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=False)
    return stream.getvalue()
