"""`TextClassifier`: a preprocessor and a recurrent model with scikit-learn's verbs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import clone

from koprep.bundle import Bundle
from koprep.datasets import EncodedDataset, TaskSpec, TextDataset, TrainingData
from koprep.datasets.examples import spec_of
from koprep.fitted import check_fitted
from koprep.padding import Ragged
from koprep.preprocessor import Preprocessor
from koprep.texts import iter_texts

from .card import classifier_card
from .characters import CharacterModel, check_characters
from .checkpoint import CheckpointConfig
from .distributed import Workers
from .embeddings import Embeddings
from .estimator import NetworkEstimator
from .labeling import LabelingEstimator, check_names, encode_labels, validation_split
from .predicting import LabelPredictor, network_rows, saved_characters
from .ratings import check_ratings, encode_ratings, without_texts
from .saved_settings import (
    CHARACTERS_FILE,
    CLASSIFIER_FILE,
    CharacterSettings,
    ClassifierSettings,
)
from .teaching import Taught, Teacher, check_teacher
from .training import TrainingConfig, kept_epoch


class TextClassifier(NetworkEstimator, LabelingEstimator):
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
            `koprep.zoo.ratings`. Their words count for the vocabulary. Those whose text is held
            out for validation are left out. They are not saved.
        teacher: a fitted classifier of the same labels, whose answers to the training's texts,
            the rated ones included, are learned beside the labels: see `koprep.zoo.teaching`. It
            is not saved.
        characters: what answers beside the network, such as `CharacterModel.fit(labelled,
            share=0.3)`: it was fitted before, and is saved with the model.
        training: the `TrainingConfig`; None is its defaults.
        label_names: what the classes are called, in the order of `classes_`; None calls them by
            their values.
        progress: draw a progress bar while training.
        checkpoints: write checkpoints while training, and go on from one; None does neither.

    Attributes (after `fit`):
        classes_: the labels, sorted, shape (num_labels,).
        label_names_: their names.
        preprocessor_, model_: the fitted parts; `model_` is a Keras model, opened when asked for.
        history_: one dict of figures an epoch.
    """

    kind = "classifier"
    settings_file = CLASSIFIER_FILE
    settings_type = ClassifierSettings

    def __init__(
        self,
        model: str = "gru",
        *,
        preprocessor: Preprocessor | None = None,
        model_options: Mapping[str, Any] | None = None,
        embeddings: Embeddings | None = None,
        ratings: TextDataset | None = None,
        teacher: Teacher | None = None,
        characters: CharacterModel | None = None,
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
        self.teacher = teacher
        self.characters = characters
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
        self._check_settings("classification")  # what is wrong shows before the long work
        if self.ratings is not None:
            check_ratings(self.ratings)
        checked = list(iter_texts(texts))
        classes, labels = encode_labels(y, len(checked))
        names = check_names(self.label_names, classes)
        if self.characters is not None:
            check_characters(self.characters, names)
        if self.teacher is not None:
            check_teacher(self.teacher, names)
        train_rows, validation_rows = validation_split(
            checked, labels, names, config.validation_split, config.seed
        )
        preprocessor = clone(self.preprocessor) if self.preprocessor is not None else Preprocessor()
        ratings = self.ratings
        if ratings is not None:
            ratings = without_texts(ratings, (checked[row] for row in validation_rows))
        rated_texts = () if ratings is None else ratings.texts
        labelled_texts = [checked[row] for row in train_rows]
        taught = None
        if self.teacher is not None:
            taught = Taught.by(self.teacher, labelled_texts, rated_texts)
        ragged = preprocessor.fit_transform_ragged(chain(labelled_texts, rated_texts))
        spec = spec_of("classification", preprocessor, names)

        encoder = preprocessor.encoder()

        def encoded(rows: Ragged, labels: npt.NDArray[np.int32]) -> EncodedDataset:
            return EncodedDataset(spec=spec, token_ids=network_rows(encoder, rows), labels=labels)

        validation = None
        if len(validation_rows):
            held_out = preprocessor.transform_ragged(checked[row] for row in validation_rows)
            validation = encoded(held_out, labels[validation_rows])
        training = encoded(ragged.part(0, len(train_rows)), labels[train_rows])
        rated = None
        if ratings is not None:
            rated = encode_ratings(
                ratings, network_rows(encoder, ragged.part(len(train_rows), len(ragged))), spec
            )
        return self.fit_encoded(
            preprocessor, training, validation, classes=classes, ratings=rated, taught=taught
        )

    def fit_encoded(
        self,
        preprocessor: Preprocessor,
        training: TrainingData,
        validation: TrainingData | None,
        *,
        classes: npt.NDArray[Any] | None = None,
        ratings: TrainingData | None = None,
        taught: Taught | None = None,
        workers: Workers | None = None,
    ) -> Self:
        """Train on examples that were encoded before; see `fit`.

        Args:
            preprocessor: fitted, the one that encoded them; it is kept, not cloned.
            training: a classification dataset.
            validation: held-out examples, or None.
            classes: the labels, by their number; None takes the numbers.
            ratings: what `encode_ratings` returned, or None.
            taught: what a teacher answers to `training` and `ratings`, or None.
            workers: what `Workers.join` returned, where this process is one of several that train
                together; each ends with the whole classifier, and one of them saves it.

        Raises:
            ValueError: what `fit` refuses, examples of another task or of other sizes than the
                preprocessor's, `validation` of another spec than `training`, or ratings or a
                teacher that were given to the estimator alone.
        """
        options = self._check_settings("classification")
        _check_encoded(training.spec, preprocessor)
        if validation is not None and validation.spec != training.spec:
            raise ValueError(
                f"validation must be as training, which is {training.spec}; it is {validation.spec}"
            )
        if self.characters is not None:
            named = training.spec.label_names or tuple(map(str, range(training.spec.num_labels)))
            check_characters(self.characters, named)
        if self.ratings is not None and ratings is None:
            raise ValueError(
                "the estimator's ratings are for fit: give ratings=encode_ratings(...)"
            )
        if self.teacher is not None and taught is None:
            raise ValueError("the estimator's teacher is for fit: give taught=Taught.by(...)")
        self._fit_network(options, preprocessor, training, validation, ratings, taught, workers)
        self.classes_ = np.arange(training.spec.num_labels) if classes is None else classes
        self.label_names_ = training.spec.label_names
        self.preprocessor_ = preprocessor
        return self

    def predict_proba(self, texts: Iterable[str]) -> npt.NDArray[np.float32]:
        """Return the probability of each label, float32, shape (texts, num_labels).

        The columns stand in the order of `classes_`.
        """
        return self.predictor().predict_proba(texts)

    def training_summary(self) -> str:
        """Return how training went, in a few words."""
        kept = kept_epoch(self.history_, self.monitor)
        return f"{kept.part} accuracy {kept.accuracy:.4f} (epoch {kept.number})"

    def label_probabilities(self, token_ids: npt.NDArray[np.int32]) -> npt.NDArray[np.float32]:
        """Return what the network says of encoded rows, float32 (rows, num_labels).

        It runs on rows of like length together; the result keeps the rows' order. A model of
        characters has no say, for it reads texts.
        """
        return self.predictor().label_probabilities(token_ids)

    def predictor(self) -> LabelPredictor:
        """Return what was learned, to predict and no more."""
        check_fitted(self, "network_")
        return LabelPredictor(
            encoder=self.preprocessor_.encoder(),
            network=self.network_,
            spec=self.spec_,
            characters=self.characters,
        )

    @classmethod
    def _restored(
        cls, settings: ClassifierSettings, bundle: Bundle, fitted: Preprocessor, **shared: Any
    ) -> Self:
        settings.check_vocabulary(fitted.vocabulary_, bundle)
        classifier = cls(settings.model, label_names=bundle.manifest.label_names, **shared)
        classifier.classes_ = np.array(settings.classes)
        classifier.label_names_ = bundle.manifest.label_names
        classifier.spec_ = settings.spec(bundle.manifest.label_names)
        classifier.preprocessor_ = fitted
        classifier.characters = saved_characters(bundle, settings)
        return classifier

    def _more_files(self) -> dict[str, bytes]:
        return {} if self.characters is None else {CHARACTERS_FILE: self.characters.to_bytes()}

    def _settings(self) -> ClassifierSettings:
        return ClassifierSettings(
            **self._shared_settings(),
            classes=self.classes_.tolist(),
            vocabulary_size=self.spec_.vocabulary_size,
            characters=self._character_settings(),
        )

    def _character_settings(self) -> CharacterSettings | None:
        model = self.characters
        if model is None:
            return None
        return CharacterSettings(unit=model.unit, bias=model.bias, share=model.share)

    def _card(self, training: Mapping[str, Any], figures: Mapping[str, float]) -> str:
        return classifier_card(
            model=self.model,
            label_names=self.label_names_,
            preprocessor=self.preprocessor_,
            training=training,
            metrics=figures,
        )


def _check_encoded(spec: TaskSpec, preprocessor: Preprocessor) -> None:
    if spec.task != "classification":
        raise ValueError(f"a classifier needs examples of classification, not of {spec.task}")
    found = (len(preprocessor.vocabulary_), preprocessor.maxlen_)
    if found != (spec.vocabulary_size, spec.maxlen):
        raise ValueError(
            f"the examples have {spec.vocabulary_size} ids in rows of {spec.maxlen}, the "
            f"preprocessor gives {found[0]} in rows of {found[1]}: give the one that encoded them"
        )
