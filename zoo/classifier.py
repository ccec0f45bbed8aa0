"""`TextClassifier`: a preprocessor and a recurrent model with scikit-learn's verbs."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Self

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

from koprep.bundle import Bundle, read_bundle, write_bundle
from koprep.datasets import EncodedDataset, TaskSpec, TextDataset
from koprep.padding import Ragged, pad_sequences
from koprep.preprocessor import Preprocessor
from koprep.texts import iter_texts

from .backend import import_keras
from .card import classifier_card
from .checkpoint import CheckpointConfig
from .embeddings import Embeddings
from .fitting import check_settings, fit_network
from .labeling import LabelingEstimator, check_names, encode_labels, validation_split
from .ratings import check_ratings, encode_ratings
from .saving import (
    MODEL_FILE,
    check_kind,
    load_network,
    network_files,
    read_history,
    read_settings,
)
from .training import TrainingConfig, best_epoch, kept_epoch
from .widths import as_read, length_batches

CLASSIFIER_FILE = "classifier.json"

PREDICT_BATCH = 256


class TextClassifier(LabelingEstimator):
    """Classify raw texts with a recurrent network.

    Args:
        model: a name of `list_models()`.
        preprocessor: an unfitted `Preprocessor`; None is `Preprocessor()`. It is cloned, and the
            clone learns its vocabulary from the part of the texts the network trains on.
        model_options: the model's settings that differ from its defaults, such as `units`.
        embeddings: what the embedding begins with, such as `PretrainedEmbeddings(texts)`: a
            function from the fitted preprocessor to a matrix, a row for each id of its vocabulary.
            It is not saved with the model, whose weights hold what came of it; None begins at
            random.
        ratings: texts that carry a rating and no label, the ratings being the dataset's labels
            from the lowest to the highest: an ordinal second target to learn from, see
            `koprep.zoo.ratings`. Their words count for the vocabulary. They are not saved.
        training: the `TrainingConfig`; None is its defaults.
        label_names: what the classes are called, in the order of `classes_`; None calls them by
            their values.
        progress: draw a progress bar while training.
        checkpoints: write checkpoints while training, and go on from one; None does neither.

    Attributes (after `fit`):
        classes_: the labels, sorted, shape (num_labels,).
        label_names_: their names.
        preprocessor_, model_: the fitted parts; `model_` is a Keras model.
        history_: one dict of figures an epoch.
    """

    def __init__(
        self,
        model: str = "gru",
        *,
        preprocessor: Preprocessor | None = None,
        model_options: Mapping[str, Any] | None = None,
        embeddings: Embeddings | None = None,
        ratings: TextDataset | None = None,
        training: TrainingConfig | None = None,
        label_names: Sequence[str] | None = None,
        progress: bool = False,
        checkpoints: CheckpointConfig | None = None,
    ) -> None:
        self.model = model
        self.preprocessor = preprocessor
        self.model_options = model_options
        self.embeddings = embeddings
        self.ratings = ratings
        self.training = training
        self.label_names = label_names
        self.progress = progress
        self.checkpoints = checkpoints

    def fit(self, texts: Iterable[str], y: Sequence[Any] | npt.NDArray[Any]) -> Self:
        """Train on texts and their labels.

        Raises:
            TypeError: a bare string, or a row that is missing or no text (with its number).
            ValueError: an unknown model or option, labels that do not match the texts, are
                missing, or of fewer than two kinds, or too few texts to hold some out.
        """
        config = self.training or TrainingConfig()
        self._check_settings()  # what is wrong shows before the long work
        checked = list(iter_texts(texts))
        classes, labels = encode_labels(y, len(checked))
        names = check_names(self.label_names, classes)
        train_rows, validation_rows = validation_split(
            checked, labels, names, config.validation_split, config.seed
        )
        preprocessor = clone(self.preprocessor) if self.preprocessor is not None else Preprocessor()
        rated_texts = () if self.ratings is None else self.ratings.texts
        labelled_texts = (checked[row] for row in train_rows)
        ragged = preprocessor.fit_transform_ragged(itertools.chain(labelled_texts, rated_texts))
        spec = TaskSpec(
            task="classification",
            vocabulary_size=len(preprocessor.vocabulary_),
            maxlen=preprocessor.maxlen_,
            num_labels=len(classes),
            label_names=names,
        )

        def encoded(rows: Ragged, labels: npt.NDArray[np.int32]) -> EncodedDataset:
            return EncodedDataset(spec=spec, token_ids=_rows(preprocessor, rows), labels=labels)

        validation = None
        if len(validation_rows):
            held_out = preprocessor.transform_ragged(checked[row] for row in validation_rows)
            validation = encoded(held_out, labels[validation_rows])
        training = encoded(ragged.part(0, len(train_rows)), labels[train_rows])
        rated = None
        if self.ratings is not None:
            rated = encode_ratings(
                self.ratings, _rows(preprocessor, ragged.part(len(train_rows), len(ragged))), spec
            )
        return self.fit_encoded(preprocessor, training, validation, classes=classes, ratings=rated)

    def fit_encoded(
        self,
        preprocessor: Preprocessor,
        training: EncodedDataset,
        validation: EncodedDataset | None,
        *,
        classes: npt.NDArray[Any] | None = None,
        ratings: EncodedDataset | None = None,
    ) -> Self:
        """Train on examples that were encoded before; see `fit`.

        Args:
            preprocessor: fitted, the one that encoded them; it is kept, not cloned.
            training: a classification dataset.
            validation: held-out examples, or None.
            classes: the labels, by their number; None takes the numbers.
            ratings: what `encode_ratings` returned, or None.
        """
        config = self.training or TrainingConfig()
        options = self._check_settings()
        network, history = fit_network(
            self.model,
            options,
            training,
            validation,
            config,
            preprocessor=preprocessor,
            embeddings=self.embeddings,
            progress=self.progress,
            checkpoints=self.checkpoints,
            ratings=ratings,
        )
        self.classes_ = np.arange(training.spec.num_labels) if classes is None else classes
        self.label_names_ = training.spec.label_names
        self.spec_ = training.spec
        self.preprocessor_ = preprocessor
        self.model_ = network
        self.history_ = history
        return self

    def predict_proba(self, texts: Iterable[str]) -> npt.NDArray[np.float32]:
        """Return the probability of each label, float32, shape (texts, num_labels).

        The columns stand in the order of `classes_`.
        """
        check_is_fitted(self, "model_")
        token_ids = _rows(self.preprocessor_, self.preprocessor_.transform_ragged(texts))
        return self.label_probabilities(token_ids)

    def training_summary(self) -> str:
        """Return how training went, in a few words."""
        kept = kept_epoch(self.history_)
        return f"{kept.part} accuracy {kept.accuracy:.4f} (epoch {kept.number})"

    def save(
        self,
        folder: str | Path,
        *,
        metrics: Mapping[str, float] | None = None,
    ) -> Path:
        """Save preprocessing and model as one bundle; see `koprep.bundle.write_bundle`.

        Args:
            folder: where to.
            metrics: figures to keep beside those of the best epoch.
        """
        check_is_fitted(self, "model_")
        saved = _Saved(
            model=self.model,
            model_options=dict(self.model_options or {}),
            training=(self.training or TrainingConfig()).to_dict(),
            classes=self.classes_.tolist(),
            vocabulary_size=self.spec_.vocabulary_size,
            maxlen=self.spec_.maxlen,
        )
        kept = {**self.history_[best_epoch(self.history_)], **(metrics or {})}
        card = classifier_card(
            model=self.model,
            label_names=self.label_names_,
            preprocessor=self.preprocessor_,
            training=saved.training,
            metrics=kept,
        )
        files = network_files(
            CLASSIFIER_FILE, saved, self.preprocessor_, self.model_, self.history_, kept, card
        )
        return write_bundle(
            folder,
            files,
            kind="classifier",
            task="classification",
            label_names=self.label_names_,
        )

    @classmethod
    def load(cls, folder: str | Path, *, strict: bool = False) -> Self:
        """Open a saved classifier.

        Args:
            folder: a folder that `save` wrote.
            strict: make analyzer drift an error; see `Preprocessor.load`.

        Raises:
            FileNotFoundError: there is no such folder.
            ValueError: the folder holds no classifier, or a file of it was changed.
            ModuleNotFoundError: TensorFlow is not installed.
        """
        return cls.from_bundle(read_bundle(folder), strict=strict)

    @classmethod
    def from_bundle(cls, bundle: Bundle, *, strict: bool = False) -> Self:
        """Build the classifier of a bundle that was read; see `load`."""
        import_keras()
        check_kind(bundle, "classifier")
        saved = read_settings(bundle, CLASSIFIER_FILE, _Saved)
        history = read_history(bundle)
        preprocessor = Preprocessor.from_bundle(bundle, strict=strict)
        classifier = cls(
            saved.model,
            preprocessor=clone(preprocessor),
            model_options=saved.model_options,
            training=TrainingConfig(**saved.training),
            label_names=bundle.manifest.label_names,
        )
        classifier.classes_ = np.array(saved.classes)
        classifier.label_names_ = bundle.manifest.label_names
        classifier.spec_ = TaskSpec(
            task="classification",
            vocabulary_size=saved.vocabulary_size,
            maxlen=saved.maxlen,
            num_labels=len(saved.classes),
            label_names=bundle.manifest.label_names,
        )
        classifier.preprocessor_ = preprocessor
        classifier.model_ = load_network(bundle.path(MODEL_FILE), saved.model)
        classifier.history_ = history
        return classifier

    def _check_settings(self) -> dict[str, Any]:
        if self.ratings is not None:
            check_ratings(self.ratings)
        return check_settings(
            self.model,
            self.model_options,
            "classification",
            self.checkpoints,
            self.embeddings,
            self.training or TrainingConfig(),
        )

    def label_probabilities(self, token_ids: npt.NDArray[np.int32]) -> npt.NDArray[np.float32]:
        """Return the probability of each label, float32 (rows, num_labels), of encoded rows.

        The network runs on rows of like length together; the result keeps the rows' order.
        """
        dataset = EncodedDataset(
            spec=self.spec_, token_ids=token_ids, labels=np.zeros(len(token_ids), np.int32)
        )
        dataset = as_read(self.model_, dataset, self.spec_.maxlen)
        probabilities = np.empty((len(token_ids), self.spec_.num_labels), np.float32)
        for rows in length_batches(dataset, PREDICT_BATCH):
            output = self.model_.predict_on_batch(dataset.batch(rows).token_ids)
            if output.shape[1] == 1:
                output = np.concatenate([1 - output, output], axis=1)
            probabilities[rows] = output
        return probabilities


class _Saved(BaseModel):
    """What `classifier.json` holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str
    model_options: dict[str, Any]
    training: dict[str, Any]
    classes: Annotated[list[bool] | list[int] | list[str], Field(min_length=2)]
    vocabulary_size: int
    maxlen: int


def _rows(preprocessor: Preprocessor, ragged: Ragged) -> npt.NDArray[np.int32]:
    """Pad on the left, as the network reads; the preprocessor still chooses what is cut off."""
    return pad_sequences(ragged, preprocessor.maxlen_, truncating=preprocessor.truncating)
