"""`SequenceTagger`: a preprocessor and a recurrent tagger with scikit-learn's verbs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import numpy as np
from pydantic import BaseModel, ConfigDict
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

from koprep.bundle import Bundle, read_bundle, write_bundle
from koprep.datasets import EncodedDataset, TaggedDataset, TaskSpec, split_dataset
from koprep.datasets.bio import is_bio
from koprep.padding import Ragged, pad_sequences
from koprep.preprocessor import Preprocessor

from .card import model_card
from .checkpoint import CheckpointConfig
from .embeddings import Embeddings
from .fitting import check_settings, fit_network
from .majority import units
from .saving import (
    MODEL_FILE,
    check_kind,
    load_network,
    network_files,
    read_history,
    read_settings,
)
from .spans import likeliest_bio
from .tagged import Tagger, Tags, tagged_examples
from .training import History, TrainingConfig, best_epoch, kept_epoch
from .widths import as_read, length_batches

TAGGER_FILE = "tagger.json"

TAGGED_ROWS = 64
"""Rows of like length that the network tags together."""


class SequenceTagger(Tagger):
    """Tag the tokens of raw texts with a recurrent network, and give spans.

    Args:
        model: a name of `list_models()`; one that reads both ways sees what follows, too.
        preprocessor: an unfitted `Preprocessor`; None takes characters, spaces included, or
            words where these are tagged. It is cloned, and the clone learns its
            vocabulary from the part the network trains on.
        model_options: the model's settings that differ from its defaults, such as `units`.
        embeddings: what the embedding begins with, such as `PretrainedEmbeddings(texts)`: a
            function from the fitted preprocessor to a matrix, a row for each id of its vocabulary.
            It is not saved with the model, whose weights hold what came of it; None begins at
            random.
        training: the `TrainingConfig`; None is its defaults.
        progress: draw a progress bar while training.
        checkpoints: write checkpoints while training, and go on from one; None does neither.

    Attributes (after `fit`):
        tag_names_: the tags.
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
        training: TrainingConfig | None = None,
        progress: bool = False,
        checkpoints: CheckpointConfig | None = None,
    ) -> None:
        self.model = model
        self.preprocessor = preprocessor
        self.model_options = model_options
        self.embeddings = embeddings
        self.training = training
        self.progress = progress
        self.checkpoints = checkpoints

    def fit(self, X: TaggedDataset | Sequence[str | Sequence[str]], y: Tags | None = None) -> Self:
        """Train on tagged texts.

        Args:
            X: a `TaggedDataset`; or texts, of which a tag belongs to each character; or texts as
                lists of words, of which a tag belongs to each word.
            y: the names of the tags, a list a text; None with a dataset.

        Raises:
            ValueError: an unknown model or option, texts and tags that do not match, fewer than
                two tags, or too few texts to hold some out.
        """
        config = self.training or TrainingConfig()
        options = check_settings(
            self.model,
            self.model_options,
            "tagging",
            self.checkpoints,
            self.embeddings,
            config,
        )
        examples = tagged_examples(X, y)
        train, held_out = examples, None
        if config.validation_split:
            train, held_out = split_dataset(examples, config.validation_split, config.seed)
        preprocessor = clone(self.preprocessor) if self.preprocessor is not None else units(train)
        preprocessor.fit(train.raw_texts)
        training = train.encode(preprocessor)
        validation = None if held_out is None else held_out.encode(preprocessor)
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
        )
        self._set_fitted(preprocessor, training.spec, network, history)
        return self

    def training_summary(self) -> str:
        """Return how training went, in a few words."""
        kept = kept_epoch(self.history_)
        return f"{kept.part} tag accuracy {kept.accuracy:.4f} (epoch {kept.number})"

    def save(self, folder: str | Path, *, metrics: Mapping[str, float] | None = None) -> Path:
        """Save preprocessing and model as one bundle; see `koprep.bundle.write_bundle`.

        Args:
            folder: where to.
            metrics: figures to keep beside those of the best epoch, such as a span F1.
        """
        check_is_fitted(self, "model_")
        training = (self.training or TrainingConfig()).to_dict()
        saved = _Saved(
            model=self.model,
            model_options=dict(self.model_options or {}),
            training=training,
            maxlen=self.spec_.maxlen,
        )
        kept = {**self.history_[best_epoch(self.history_)], **(metrics or {})}
        card = model_card(
            f"{self.model} sequence tagger",
            about=f"Tags: {', '.join(self.tag_names_)}.",
            preprocessor=self.preprocessor_,
            training=training,
            metrics=kept,
        )
        files = network_files(
            TAGGER_FILE, saved, self.preprocessor_, self.model_, self.history_, kept, card
        )
        return write_bundle(
            folder, files, kind="tagger", task="tagging", label_names=self.tag_names_
        )

    @classmethod
    def load(cls, folder: str | Path, *, strict: bool = False) -> Self:
        """Open a saved tagger.

        Args:
            folder: a folder that `save` wrote.
            strict: make analyzer drift an error; see `Preprocessor.load`.

        Raises:
            FileNotFoundError: there is no such folder.
            ValueError: the folder holds no tagger, or a file of it was changed.
            ModuleNotFoundError: TensorFlow is not installed.
        """
        return cls.from_bundle(read_bundle(folder), strict=strict)

    @classmethod
    def from_bundle(cls, bundle: Bundle, *, strict: bool = False) -> Self:
        """Build the tagger of a bundle that was read; see `load`."""
        check_kind(bundle, "tagger")
        saved = read_settings(bundle, TAGGER_FILE, _Saved)
        preprocessor = Preprocessor.from_bundle(bundle, strict=strict)
        tagger = cls(
            saved.model,
            preprocessor=clone(preprocessor),
            model_options=saved.model_options,
            training=TrainingConfig(**saved.training),
        )
        spec = TaskSpec(
            task="tagging",
            vocabulary_size=len(preprocessor.vocabulary_),
            maxlen=saved.maxlen,
            num_labels=len(bundle.manifest.label_names),
            label_names=bundle.manifest.label_names,
        )
        history = read_history(bundle)
        tagger._set_fitted(
            preprocessor, spec, load_network(bundle.path(MODEL_FILE), saved.model), history
        )
        return tagger

    def _tag(self, rows: Sequence[Sequence[int]]) -> list[Sequence[int]]:
        """Run the network on rows of like length together; each row is tagged whole."""
        tags: list[Sequence[int]] = [[] for _ in rows]
        filled = [row for row in range(len(rows)) if len(rows[row])]
        if not filled:
            return tags
        dataset = self._encoded([rows[row] for row in filled])
        for chosen in length_batches(dataset, TAGGED_ROWS):
            probabilities = self.model_.predict_on_batch(dataset.batch(chosen).token_ids)
            for place, of_tokens in zip(chosen, np.asarray(probabilities), strict=True):
                row = filled[place]
                own = of_tokens[-len(rows[row]) :]
                if is_bio(self.tag_names_):
                    tags[row] = likeliest_bio(own, self.tag_names_)
                else:
                    tags[row] = own.argmax(axis=1).tolist()
        return tags

    def _encoded(self, rows: Sequence[Sequence[int]]) -> EncodedDataset:
        maxlen = max(self.spec_.maxlen, *map(len, rows))
        token_ids = pad_sequences(Ragged.from_rows(rows), maxlen)
        dataset = EncodedDataset(
            spec=replace(self.spec_, maxlen=maxlen),
            token_ids=token_ids,
            labels=np.zeros(token_ids.shape, np.int32),
            sample_weight=np.zeros(token_ids.shape, np.float32),
        )
        return as_read(self.model_, dataset, self.spec_.maxlen)

    def _set_fitted(
        self, preprocessor: Preprocessor, spec: TaskSpec, network: Any, history: History
    ) -> None:
        self.preprocessor_ = preprocessor
        self.spec_ = spec
        self.tag_names_ = spec.label_names
        self.model_ = network
        self.history_ = history


class _Saved(BaseModel):
    """What `tagger.json` holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str
    model_options: dict[str, Any]
    training: dict[str, Any]
    maxlen: int
