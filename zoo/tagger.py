"""`SequenceTagger`: a preprocessor and a recurrent tagger with scikit-learn's verbs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

from sklearn.base import clone

from koprep.bundle import Bundle
from koprep.datasets import TaggedDataset, TaskSpec
from koprep.datasets.bio import is_bio
from koprep.padding import Ragged
from koprep.preprocessor import Preprocessor

from .card import model_card
from .checkpoint import CheckpointConfig
from .embeddings import Embeddings
from .estimator import NetworkEstimator
from .holding_out import hold_out
from .majority import unit_preprocessor
from .saved_settings import NetworkSettings
from .spans import likeliest_bio
from .tagged import Tagger, Tags, tagged_examples
from .training import TrainingConfig, kept_epoch
from .widths import answers

TAGGED_ROWS = 64
"""Rows of like length that the network tags together."""


class SequenceTagger(NetworkEstimator, Tagger):
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
        preprocessor_, model_: the fitted parts; `model_` is a Keras model, opened when asked for.
        history_: one dict of figures an epoch.
    """

    kind = "tagger"
    settings_file = "tagger.json"
    settings_type = NetworkSettings

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
        options = self._check_settings("tagging")
        examples = tagged_examples(X, y)
        train, held_out = hold_out(examples, config.validation_split, config.seed)
        preprocessor = (
            clone(self.preprocessor) if self.preprocessor is not None else unit_preprocessor(train)
        )
        preprocessor.fit(train.raw_texts)
        training = train.encode(preprocessor)
        validation = None if held_out is None else held_out.encode(preprocessor)
        self._fit_network(options, preprocessor, training, validation)
        self.preprocessor_ = preprocessor
        self.tag_names_ = training.spec.label_names
        return self

    def training_summary(self) -> str:
        """Return how training went, in a few words."""
        kept = kept_epoch(self.history_, self.monitor)
        return f"{kept.part} tag accuracy {kept.accuracy:.4f} (epoch {kept.number})"

    def _tag(self, rows: Sequence[Sequence[int]]) -> list[Sequence[int]]:
        """Run the network on rows of like length together; each row is tagged whole."""
        tags: list[Sequence[int]] = [[] for _ in rows]
        filled = [row for row in range(len(rows)) if len(rows[row])]
        if not filled:
            return tags
        kept = Ragged.from_rows([rows[row] for row in filled])
        for chosen, probabilities in answers(self.network_, self.spec_, kept, TAGGED_ROWS):
            for place, of_tokens in zip(chosen, probabilities, strict=True):
                row = filled[place]
                own = of_tokens[-len(rows[row]) :]
                if is_bio(self.tag_names_):
                    tags[row] = likeliest_bio(own, self.tag_names_)
                else:
                    tags[row] = own.argmax(axis=1).tolist()
        return tags

    @classmethod
    def _restored(
        cls, settings: NetworkSettings, bundle: Bundle, fitted: Preprocessor, **shared: Any
    ) -> Self:
        tagger = cls(settings.model, **shared)
        tagger.preprocessor_ = fitted
        tagger.tag_names_ = bundle.manifest.label_names
        tagger.spec_ = TaskSpec(
            task="tagging",
            vocabulary_size=len(fitted.vocabulary_),
            maxlen=settings.maxlen,
            num_labels=len(bundle.manifest.label_names),
            label_names=bundle.manifest.label_names,
        )
        return tagger

    def _settings(self) -> NetworkSettings:
        return NetworkSettings(**self._shared_settings())

    def _card(self, training: Mapping[str, Any], figures: Mapping[str, float]) -> str:
        return model_card(
            f"{self.model} sequence tagger",
            about=f"Tags: {', '.join(self.tag_names_)}.",
            preprocessor=self.preprocessor_,
            training=training,
            metrics=figures,
        )
