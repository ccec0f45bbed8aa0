"""Models side by side on one dataset: accuracy, size, time to train, time to answer."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from koprep.datasets import EncodedDataset, TextDataset
from koprep.datasets.examples import spec_of
from koprep.padding import Ragged, pad_sequences, whole_length
from koprep.preprocessor import Preprocessor
from koprep.vocabulary import OOV_ID, PAD_ID, Vocabulary

from .baselines import BASELINE, LinearBaseline
from .classifier import TextClassifier
from .embeddings import Embeddings
from .fitting import check_settings
from .labeling import validation_split
from .latency import latency_ms
from .loading import load
from .onnx_format import ONNX_FILE
from .recipes import Examples
from .saving import MODEL_FILE
from .training import TrainingConfig


@dataclass(frozen=True, kw_only=True)
class LeaderboardRow:
    """The figures of one model."""

    model: str
    accuracy: float
    """On the test part."""
    parameters: int
    size_bytes: int
    """Of the saved folder, without what only further training needs."""
    train_seconds: float
    """Without tokenizing, which is done once for all models."""
    latency_ms: float
    """From raw text to probabilities, one text at a time; the median."""


@dataclass(frozen=True, kw_only=True)
class Leaderboard:
    """Models side by side, the most accurate first."""

    dataset: str
    training_examples: int
    test_examples: int
    training: dict[str, Any]
    """The settings of training."""
    tokenize_seconds: float
    """Cleaning and cutting all texts, once."""
    embeddings_seconds: float
    """Learning what the networks' embeddings begin with, once; 0 without."""
    rows: tuple[LeaderboardRow, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the figures, ready for JSON."""
        return asdict(self)

    def to_markdown(self) -> str:
        """Return the table as Markdown."""
        lines = [
            f"{self.dataset}: {self.training_examples:,} texts to train, "
            f"{self.test_examples:,} to test.",
            "",
            "| model | accuracy | parameters | size | seconds to train | latency |",
            "|---|---:|---:|---:|---:|---:|",
            *(f"| {' | '.join(cells(row))} |" for row in self.rows),
            "",
        ]
        return "\n".join(lines)


def cells(row: LeaderboardRow) -> tuple[str, ...]:
    """Return a row as it is shown.

    >>> cells(LeaderboardRow(model="gru", accuracy=0.8, parameters=9000, size_bytes=2_500_000,
    ...                      train_seconds=3.21, latency_ms=1.5))
    ('gru', '80.00 %', '9,000', '2.5 MB', '3.2', '1.50 ms')
    """
    return (
        row.model,
        f"{100 * row.accuracy:.2f} %",
        f"{row.parameters:,}",
        f"{row.size_bytes / 1e6:.1f} MB",
        f"{row.train_seconds:.1f}",
        f"{row.latency_ms:.2f} ms",
    )


def make_leaderboard(
    models: Sequence[str],
    training: Examples,
    test: Examples,
    *,
    preprocessor: Preprocessor,
    model_options: Mapping[str, Any] | None = None,
    embeddings: Embeddings | None = None,
    config: TrainingConfig | None = None,
    progress: Callable[[str], None] = lambda model: None,
) -> Leaderboard:
    """Train models on the same examples and compare them; the linear baseline is always among them.

    All read the same tokens. The networks know the tokens the preprocessor's vocabulary holds and
    keep their best epoch by a split of the training part; the baseline knows every token and
    trains on the whole part, having nothing to choose.

    Args:
        models: names of `list_models()`.
        training: labelled texts.
        test: labelled texts, which nothing is chosen by.
        preprocessor: unfitted; it needs one OOV token for all unknown ones.
        model_options: settings of all networks that differ from their defaults, such as `units`.
        embeddings: what all networks' embeddings begin with, learned once; None begins at random.
        config: of the networks' training; None is the defaults.
        progress: called with a model's name before it is trained.

    Raises:
        ValueError: an unknown model, one that does not classify, a preprocessor that does
            something else with unknown tokens or chooses its words by coverage, or
            datasets without labels or with different ones.
    """
    _check_unknown(preprocessor)
    config = config or TrainingConfig()
    options = dict(model_options or {})
    for name in models:
        if name != BASELINE:
            check_settings(name, options, "classification", None, embeddings, config)
    for examples in (training, test):
        if not isinstance(examples, TextDataset) or examples.labels is None:
            raise ValueError(f"dataset {examples.name!r} has no labels to train a classifier on")
    assert isinstance(training, TextDataset)
    assert isinstance(test, TextDataset)
    if training.label_names != test.label_names:
        raise ValueError(f"labels differ: {training.label_names} and {test.label_names}")
    start = time.perf_counter()
    data = _Encoded(training, test, preprocessor, options, config)
    tokenize_seconds = time.perf_counter() - start
    learning = time.perf_counter()
    data.learn_embeddings(embeddings)
    embeddings_seconds = time.perf_counter() - learning if embeddings else 0.0
    rows = []
    for name in dict.fromkeys([BASELINE, *models]):
        progress(name)
        rows.append(data.measure(name, test))
    return Leaderboard(
        dataset=training.name,
        training_examples=len(training),
        test_examples=len(test),
        training=config.to_dict(),
        tokenize_seconds=tokenize_seconds,
        embeddings_seconds=embeddings_seconds,
        rows=tuple(sorted(rows, key=lambda row: -row.accuracy)),
    )


class _Encoded:
    """The examples, tokenized once: whole for the baseline, cut to the vocabulary for networks."""

    def __init__(
        self,
        training: TextDataset,
        test: TextDataset,
        preprocessor: Preprocessor,
        options: dict[str, Any],
        config: TrainingConfig,
    ) -> None:
        assert training.labels is not None
        assert test.labels is not None
        self._options, self._config = options, config
        self._test_labels = test.labels
        self._names = training.label_names
        learn, held_out = validation_split(
            training.texts, training.labels, self._names, config.validation_split, config.seed
        )
        order = np.concatenate([learn, held_out])
        self._labels, self._learned = training.labels[order], len(learn)
        every_word = {"vocabulary_size": None, "min_count": 1}
        self._whole = Preprocessor(**{**_settings(preprocessor), **every_word})
        self._rows = self._whole.fit_transform_ragged(training.texts[row] for row in order)
        self._test_rows = self._whole.transform_ragged(test.texts)
        self._cut = _with_fewer_words(self._whole, preprocessor, self._rows.part(0, len(learn)))
        get = self._cut.vocabulary_.token_to_id.get
        known = [get(token, OOV_ID) for token in self._whole.vocabulary_.tokens]
        self._cut_ids = np.array([PAD_ID, *known[1:]], np.int32)
        self._matrix: npt.NDArray[np.floating] | None = None

    def learn_embeddings(self, embeddings: Embeddings | None) -> None:
        """Learn what every network's embedding begins with."""
        if embeddings is not None:
            self._matrix = embeddings(self._cut)

    def _embeddings(self) -> Embeddings | None:
        if (matrix := self._matrix) is None:
            return None
        return lambda preprocessor: matrix

    def measure(self, name: str, test: TextDataset) -> LeaderboardRow:
        start = time.perf_counter()
        estimator: LinearBaseline | TextClassifier
        if name == BASELINE:
            estimator = LinearBaseline().fit_encoded(
                self._whole, self._rows, self._labels, self._names
            )
            seconds = time.perf_counter() - start
            probabilities = estimator.label_probabilities(self._test_rows)
            parameters = estimator.parameters
        else:
            estimator = TextClassifier(
                name,
                model_options=self._options,
                embeddings=self._embeddings(),
                training=self._config,
                label_names=self._names,
            )
            learned, end = self._learned, len(self._rows)
            held_out = None
            if learned < end:
                rows = self._rows.part(learned, end)
                held_out = self._dataset(rows, self._labels[learned:])
            training = self._dataset(self._rows.part(0, learned), self._labels[:learned])
            estimator.fit_encoded(self._cut, training, held_out)
            seconds = time.perf_counter() - start
            test_rows = self._dataset(self._test_rows, self._test_labels)
            probabilities = estimator.label_probabilities(test_rows.token_ids)
            parameters = int(estimator.model_.count_params())
        size_bytes, latency = _size_and_latency(estimator, test.texts)
        return LeaderboardRow(
            model=name,
            accuracy=float((probabilities.argmax(axis=1) == self._test_labels).mean()),
            parameters=parameters,
            size_bytes=size_bytes,
            train_seconds=seconds,
            latency_ms=latency,
        )

    def _dataset(self, rows: Ragged, labels: npt.NDArray[np.int32]) -> EncodedDataset:
        maxlen = self._cut.maxlen_
        spec = spec_of("classification", self._cut, self._names)
        known = Ragged(self._cut_ids[rows.token_ids], rows.offsets)
        token_ids = pad_sequences(known, maxlen, truncating=self._cut.truncating)
        return EncodedDataset(spec=spec, token_ids=token_ids, labels=labels)


def _settings(preprocessor: Preprocessor) -> dict[str, Any]:
    settings: dict[str, Any] = preprocessor.get_params(deep=False)
    return settings


def _check_unknown(preprocessor: Preprocessor) -> None:
    """Refuse what the vocabulary cut for the networks cannot follow."""
    if preprocessor.oov_token is None:
        raise ValueError("a leaderboard's preprocessor needs an oov_token")
    for name, plain in (("oov_buckets", 1), ("spell_unknown", False), ("coverage", None)):
        if (value := getattr(preprocessor, name)) != plain:
            raise ValueError(
                f"a leaderboard's preprocessor needs {name}={plain}, got {value}: all models read "
                "the same tokens, and the networks' unknown ones become the one OOV token"
            )


def _with_fewer_words(whole: Preprocessor, wanted: Preprocessor, learned: Ragged) -> Preprocessor:
    """Return what `wanted` would be if it were fitted on the texts of `learned`."""
    tokens = whole.vocabulary_.tokens
    token_ids, first, counts = np.unique(learned.token_ids, return_index=True, return_counts=True)
    fewer = Vocabulary.from_counts(
        {
            tokens[token_ids[place]]: int(counts[place])
            for place in np.argsort(first)
            if token_ids[place] > OOV_ID
        },
        vocabulary_size=wanted.vocabulary_size,
        min_count=wanted.min_count,
        oov_token=wanted.oov_token,
    )
    maxlen = wanted.maxlen if wanted.maxlen is not None else whole_length(learned.lengths)
    whole_share = float(np.mean(learned.lengths <= maxlen))
    return Preprocessor(**_settings(wanted)).adopt(fewer, maxlen, whole_share)


def _size_and_latency(
    estimator: LinearBaseline | TextClassifier, texts: Sequence[str]
) -> tuple[int, float]:
    """Return the bytes of what answers, and how long an answer takes, as it is once saved."""
    with tempfile.TemporaryDirectory() as folder:
        saved = estimator.save(Path(folder) / "model")
        sizes = {file.name: file.stat().st_size for file in saved.iterdir()}
        opened = load(saved)
    if ONNX_FILE in sizes:
        del sizes[MODEL_FILE]  # answering does not need it
    return sum(sizes.values()), latency_ms(lambda text: opened.predict_proba([text]), texts)
