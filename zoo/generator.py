"""`TextGenerator`: a preprocessor and a language model with scikit-learn's verbs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict
from sklearn.base import BaseEstimator, clone
from sklearn.utils.validation import check_is_fitted

from koprep.bundle import Bundle, read_bundle, write_bundle
from koprep.datasets import EncodedDataset, TaskSpec, next_token_samples, shifted
from koprep.padding import Ragged
from koprep.preprocessor import Preprocessor
from koprep.tokenizers import get_tokenizer

from .card import model_card
from .checkpoint import CheckpointConfig
from .decoding import DecodingConfig, NextToken, decode
from .embeddings import Embeddings
from .fitting import check_settings, fit_network
from .saving import (
    MODEL_FILE,
    check_kind,
    load_network,
    network_files,
    read_history,
    read_settings,
)
from .sentences import SentenceEncoder, split_texts
from .stateful import next_token_reader
from .training import History, TrainingConfig, best_epoch, kept_epoch
from .widths import as_read, length_batches

GENERATOR_FILE = "generator.json"

GeneratorTask = Literal["language_model", "next_token"]

SCORED_ROWS = 64
"""Texts of like length that are scored together, at most."""


class Generated(NamedTuple):
    """One more token of a text that is being written."""

    token: str
    """As the vocabulary holds it."""
    probability: float
    """What the model gave it."""
    text: str
    """The whole text so far, the prompt included. A later token may change its last letters, as
    가 + 았 become 갔."""


class TextGenerator(BaseEstimator):  # type: ignore[misc]  # scikit-learn is untyped
    """Learn from sentences what comes next, and write on.

    The preprocessor's tokenizer decides what the model writes: `whitespace` words, `character`
    characters (spaces included), Kiwi morphemes with their tags (`output="form/tag"`), which
    `Kiwi.join` writes together again.

    Args:
        model: a name of `list_models()`; one that reads from left to right.
        task: `"language_model"` learns the next token at every token at once, `"next_token"` from
            every prefix on its own.
        preprocessor: an unfitted `Preprocessor`; None cuts morphemes with tags. It is cloned, and
            the clone learns its vocabulary from the part of the texts the network trains on.
        sentence_boundaries: learn where sentences begin and end; see `SentenceEncoder`. Without,
            as in the course, a text ends when `max_tokens` are written.
        model_options: the model's settings that differ from its defaults, such as `units`.
        embeddings: what the embedding begins with, such as `PretrainedEmbeddings(texts)`: a
            function from the fitted preprocessor to a matrix, a row for each id of its vocabulary.
            It is not saved with the model, whose weights hold what came of it; None begins at
            random.
        training: the `TrainingConfig`; None is its defaults.
        progress: draw a progress bar while training.
        checkpoints: write checkpoints while training, and go on from one; None does neither.

    Attributes (after `fit`):
        encoder_: the `SentenceEncoder` with the fitted preprocessor.
        model_: the Keras model.
        history_: one dict of figures an epoch.
    """

    def __init__(
        self,
        model: str = "gru",
        *,
        task: GeneratorTask = "language_model",
        preprocessor: Preprocessor | None = None,
        sentence_boundaries: bool = True,
        model_options: Mapping[str, Any] | None = None,
        embeddings: Embeddings | None = None,
        training: TrainingConfig | None = None,
        progress: bool = False,
        checkpoints: CheckpointConfig | None = None,
    ) -> None:
        self.model = model
        self.task = task
        self.preprocessor = preprocessor
        self.sentence_boundaries = sentence_boundaries
        self.model_options = model_options
        self.embeddings = embeddings
        self.training = training
        self.progress = progress
        self.checkpoints = checkpoints

    def fit(self, texts: Iterable[str], y: object = None) -> Self:
        """Train on sentences.

        Raises:
            TypeError: a bare string, or a row that is missing or no text (with its number).
            ValueError: an unknown model, option or task, too few texts to hold some out, or texts
                without two tokens in a row.
        """
        config = self.training or TrainingConfig()
        if self.task not in _SAMPLERS:
            raise ValueError(f"task must be one of {', '.join(_SAMPLERS)}, got {self.task!r}")
        options = check_settings(
            self.model,
            self.model_options,
            self.task,
            self.checkpoints,
            self.embeddings,
            config,
        )
        train, held_out = split_texts(texts, config.validation_split, config.seed)
        preprocessor = clone(self.preprocessor) if self.preprocessor is not None else _default()
        ragged = preprocessor.fit_transform_ragged(train)
        encoder = SentenceEncoder(preprocessor, self.sentence_boundaries)
        training = self._samples(encoder, encoder.mark(ragged))
        validation = self._samples(encoder, encoder.encode(held_out)) if held_out else None
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
        self._set_fitted(encoder, training.spec, network, history)
        return self

    def training_summary(self) -> str:
        """Return how training went, in a few words."""
        kept = kept_epoch(self.history_)
        return f"{kept.part} perplexity {math.exp(kept.loss):.2f} (epoch {kept.number})"

    def generate(self, prompt: str = "", **decoding: Any) -> str:
        """Write on from a prompt; return the whole text, the prompt included.

        Args:
            prompt: the beginning; "" begins a new sentence.
            decoding: settings of `DecodingConfig`, such as `max_tokens` or `temperature`.

        Raises:
            TypeError: an unknown setting.
            ValueError: a bad setting, or an empty prompt where sentences have no boundaries.
        """
        text = prompt
        for step in self.stream(prompt, **decoding):
            text = step.text
        return text

    def stream(self, prompt: str = "", **decoding: Any) -> Iterator[Generated]:
        """Yield each token as it is chosen, with the text so far; a beam yields all at its end.

        See `generate` for what it takes and raises.
        """
        return self.stream_with(prompt, DecodingConfig(**decoding))

    def stream_with(self, prompt: str, config: DecodingConfig) -> Iterator[Generated]:
        """Do what `stream` does, with settings that were checked before."""
        encoder = self._encoder()
        begin = encoder.prompt(prompt)
        if not begin.token_ids:
            raise ValueError(
                f"the prompt {prompt!r} has no token the model knows, and it was trained without "
                "sentence boundaries: give a prompt of words it saw"
            )
        return self._stream(encoder, begin.token_ids, list(begin.tokens), config)

    def _stream(
        self,
        encoder: SentenceEncoder,
        prompt_ids: list[int],
        tokens: list[str],
        config: DecodingConfig,
    ) -> Iterator[Generated]:
        steps = decode(
            self._reader,
            prompt_ids,
            config,
            end_id=encoder.boundary_id,
            banned_ids=encoder.banned_ids,
        )
        for step in steps:
            tokens.append(encoder.token(step.token_id))
            yield Generated(tokens[-1], step.probability, encoder.join(tokens))

    def token_log_probabilities(self, texts: Iterable[str]) -> npt.NDArray[np.float64]:
        """Return the natural logarithm of the probability of every token that has one before it.

        The tokens of all texts stand in one row, float64 of shape (tokens,). With boundaries the
        first token of a text counts too, and its end; unknown tokens count as the OOV token.

        Raises:
            ValueError: no text has two tokens in a row.
        """
        rows = self._encoder().encode(texts)
        ends = np.maximum(rows.lengths - 1, 0).cumsum()
        order = np.argsort(rows.lengths, kind="stable")
        order = order[rows.lengths[order] > 1]
        if not len(order):
            raise ValueError("no text has two tokens, so there is no next token to score")
        found = np.empty(ends[-1], np.float64)
        for start in range(0, len(order), SCORED_ROWS):
            chosen = order[start : start + SCORED_ROWS]
            places = [np.arange(ends[row] + 1 - len(rows[row]), ends[row]) for row in chosen]
            found[np.concatenate(places)] = self._probabilities([rows[row] for row in chosen])
        smallest = np.finfo(np.float32).tiny  # a float32 softmax may say 0
        log_probabilities: npt.NDArray[np.float64] = np.log(np.maximum(found, smallest))
        return log_probabilities

    def _probabilities(self, rows: Sequence[npt.NDArray[np.int32]]) -> npt.NDArray[np.float32]:
        """Return the probability of each token that has one before it, row by row."""
        size, maxlen, ragged = self.spec_.vocabulary_size, self.spec_.maxlen, Ragged.from_rows(rows)
        if self.task == "next_token":
            samples = next_token_samples(ragged, size, maxlen=maxlen)
        else:  # whole rows, so that no token loses what stands before it
            longest = int(ragged.lengths.max()) - 1
            samples = shifted(ragged, size, maxlen=max(maxlen, longest))
        samples = as_read(self.model_, samples, maxlen)
        found = np.zeros(samples.labels.shape, np.float32)
        for chosen in length_batches(samples, SCORED_ROWS):
            batch = samples.batch(chosen)
            output = np.asarray(self.model_.predict_on_batch(batch.token_ids))
            picked = np.take_along_axis(output, batch.labels[..., None], axis=-1)[..., 0]
            columns = (slice(-picked.shape[1], None),) if samples.spec.per_token else ()
            found[(chosen, *columns)] = picked
        return found if samples.sample_weight is None else found[samples.sample_weight > 0]

    def score(self, texts: Iterable[str], y: object = None) -> float:
        """Return the mean log probability of a token: higher is better."""
        return float(self.token_log_probabilities(texts).mean())

    def perplexity(self, texts: Iterable[str]) -> float:
        """Return exp(-score): among how many equally likely tokens the model hesitates."""
        return float(np.exp(-self.score(texts)))

    def save(self, folder: str | Path, *, metrics: Mapping[str, float] | None = None) -> Path:
        """Save preprocessing and model as one bundle; see `koprep.bundle.write_bundle`.

        Args:
            folder: where to.
            metrics: figures to keep beside those of the best epoch, such as a perplexity.
        """
        encoder = self._encoder()
        training = (self.training or TrainingConfig()).to_dict()
        saved = _Saved(
            model=self.model,
            model_options=dict(self.model_options or {}),
            training=training,
            sentence_boundaries=self.sentence_boundaries,
            maxlen=self.spec_.maxlen,
        )
        kept = {**self.history_[best_epoch(self.history_)], **(metrics or {})}
        card = model_card(
            f"{self.model} text generator",
            about="It writes on from the beginning of a sentence.",
            preprocessor=encoder.preprocessor,
            training={"task": self.task, **training},
            metrics=kept,
        )
        files = network_files(
            GENERATOR_FILE, saved, encoder.preprocessor, self.model_, self.history_, kept, card
        )
        return write_bundle(folder, files, kind="generator", task=self.task)

    @classmethod
    def load(cls, folder: str | Path, *, strict: bool = False) -> Self:
        """Open a saved generator.

        Args:
            folder: a folder that `save` wrote.
            strict: make analyzer drift an error; see `Preprocessor.load`.

        Raises:
            FileNotFoundError: there is no such folder.
            ValueError: the folder holds no generator, or a file of it was changed.
            ModuleNotFoundError: TensorFlow is not installed.
        """
        return cls.from_bundle(read_bundle(folder), strict=strict)

    @classmethod
    def from_bundle(cls, bundle: Bundle, *, strict: bool = False) -> Self:
        """Build the generator of a bundle that was read; see `load`."""
        check_kind(bundle, "generator")
        saved = read_settings(bundle, GENERATOR_FILE, _Saved)
        task: Any = bundle.manifest.task
        preprocessor = Preprocessor.from_bundle(bundle, strict=strict)
        generator = cls(
            saved.model,
            task=task,
            preprocessor=clone(preprocessor),
            sentence_boundaries=saved.sentence_boundaries,
            model_options=saved.model_options,
            training=TrainingConfig(**saved.training),
        )
        encoder = SentenceEncoder(preprocessor, saved.sentence_boundaries)
        spec = TaskSpec(
            task=task,
            vocabulary_size=encoder.vocabulary_size,
            maxlen=saved.maxlen,
            num_labels=encoder.vocabulary_size,
        )
        history = read_history(bundle)
        generator._set_fitted(
            encoder, spec, load_network(bundle.path(MODEL_FILE), saved.model), history
        )
        return generator

    @cached_property
    def _reader(self) -> NextToken:
        return next_token_reader(self.model_, self.spec_.vocabulary_size, self.spec_.maxlen)

    def _encoder(self) -> SentenceEncoder:
        check_is_fitted(self, "model_")
        encoder: SentenceEncoder = self.encoder_
        return encoder

    def _samples(self, encoder: SentenceEncoder, rows: Ragged) -> EncodedDataset:
        return _SAMPLERS[self.task](rows, encoder.vocabulary_size, maxlen=encoder.maxlen)

    def _set_fitted(
        self, encoder: SentenceEncoder, spec: TaskSpec, network: Any, history: History
    ) -> None:
        self.__dict__.pop("_reader", None)  # of an earlier fit
        self.encoder_ = encoder
        self.spec_ = spec
        self.model_ = network
        self.history_ = history

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        return tags


_SAMPLERS = {"language_model": shifted, "next_token": next_token_samples}


class _Saved(BaseModel):
    """What `generator.json` holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str
    model_options: dict[str, Any]
    training: dict[str, Any]
    sentence_boundaries: bool
    maxlen: int


def _default() -> Preprocessor:
    return Preprocessor(tokenizer=get_tokenizer("kiwi", output="form/tag"))
