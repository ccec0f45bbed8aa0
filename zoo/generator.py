"""`TextGenerator`: a preprocessor and a language model with scikit-learn's verbs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import clone

from koprep.bundle import Bundle
from koprep.datasets import EncodedDataset, TaskSpec, next_token_samples, shifted
from koprep.fitted import check_fitted
from koprep.padding import Ragged
from koprep.preprocessor import Preprocessor
from koprep.text_estimator import TextEstimator
from koprep.tokenizers import get_tokenizer

from .card import model_card
from .checkpoint import CheckpointConfig
from .decoding import DecodingConfig, NextToken, decode
from .embeddings import Embeddings
from .estimator import NetworkEstimator
from .network import check_answer
from .saved_settings import NetworkSettings
from .sentences import SentenceEncoder, split_texts
from .stateful import next_token_reader
from .training import TrainingConfig, kept_epoch
from .widths import as_read, length_batches

GeneratorTask = Literal["language_model", "next_token"]

SCORED_ROWS = 64
"""Texts of like length that are scored together, at most."""


class GeneratorSettings(NetworkSettings):
    """What `generator.json` holds."""

    sentence_boundaries: bool


class Generated(NamedTuple):
    """One more token of a text that is being written."""

    token: str
    """As the vocabulary holds it."""
    probability: float
    """What the model gave it."""
    text: str
    """The whole text so far, the prompt included. A later token may change its last letters, as
    가 + 았 become 갔."""


class TextGenerator(NetworkEstimator, TextEstimator):
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
        preprocessor_: that preprocessor.
        model_: the Keras model, opened when asked for.
        history_: one dict of figures an epoch.
    """

    kind = "generator"
    settings_file = "generator.json"
    settings_type = GeneratorSettings

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
        options = self._check_settings(self.task)
        train, held_out = split_texts(texts, config.validation_split, config.seed)
        preprocessor = clone(self.preprocessor) if self.preprocessor is not None else _default()
        ragged = preprocessor.fit_transform_ragged(train)
        encoder = SentenceEncoder(preprocessor, self.sentence_boundaries)
        training = self._samples(encoder, encoder.mark(ragged))
        validation = self._held_out_samples(encoder, held_out) if held_out else None
        self._fit_network(options, preprocessor, training, validation)
        self.encoder_ = encoder
        self.preprocessor_ = preprocessor
        return self

    def training_summary(self) -> str:
        """Return how training went, in a few words."""
        kept = kept_epoch(self.history_, self.monitor)
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
        samples = as_read(self.network_, samples, maxlen)
        found = np.zeros(samples.labels.shape, np.float32)
        for chosen in length_batches(samples, SCORED_ROWS):
            batch = samples.batch(chosen)
            output = check_answer(self.network_.probabilities(batch.token_ids), self.spec_)
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

    @property
    def _reader(self) -> NextToken:
        return next_token_reader(self.network_, self.spec_.vocabulary_size, self.spec_.maxlen)

    def _encoder(self) -> SentenceEncoder:
        check_fitted(self, "network_")
        encoder: SentenceEncoder = self.encoder_
        return encoder

    def _held_out_samples(self, encoder: SentenceEncoder, texts: Sequence[str]) -> EncodedDataset:
        try:
            return self._samples(encoder, encoder.encode(texts))
        except ValueError as error:
            raise ValueError(
                f"of the {len(texts)} texts that are held out: {error}; give more texts, or "
                "validation_split=0"
            ) from None

    def _samples(self, encoder: SentenceEncoder, rows: Ragged) -> EncodedDataset:
        return _SAMPLERS[self.task](rows, encoder.vocabulary_size, maxlen=encoder.maxlen)

    @classmethod
    def _restored(
        cls, settings: GeneratorSettings, bundle: Bundle, fitted: Preprocessor, **shared: Any
    ) -> Self:
        task: Any = bundle.manifest.task
        generator = cls(
            settings.model,
            task=task,
            sentence_boundaries=settings.sentence_boundaries,
            **shared,
        )
        encoder = SentenceEncoder(fitted, settings.sentence_boundaries)
        generator.encoder_ = encoder
        generator.preprocessor_ = fitted
        generator.spec_ = TaskSpec(
            task=task,
            vocabulary_size=encoder.vocabulary_size,
            maxlen=settings.maxlen,
            num_labels=encoder.vocabulary_size,
        )
        return generator

    def _settings(self) -> GeneratorSettings:
        return GeneratorSettings(
            **self._shared_settings(), sentence_boundaries=self.sentence_boundaries
        )

    def _card(self, training: Mapping[str, Any], figures: Mapping[str, float]) -> str:
        return model_card(
            f"{self.model} text generator",
            about="It writes on from the beginning of a sentence.",
            preprocessor=self.preprocessor_,
            training={"task": self.task, **training},
            metrics=figures,
        )


_SAMPLERS = {"language_model": shifted, "next_token": next_token_samples}


def _default() -> Preprocessor:
    return Preprocessor(tokenizer=get_tokenizer("kiwi", output="form/tag"))
