"""The networks by name: `create_model`, `list_models`, `model_info`, `register_model`."""

from __future__ import annotations

import dataclasses
import fnmatch
import importlib.metadata
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, Protocol, get_args

import numpy as np
import numpy.typing as npt

from koprep.datasets import TaskSpec
from koprep.datasets.encoded import Task

from .choices import unknown
from .recurrent import LAYERS, NetworkConfig, RecurrentConfig, build_mlp, build_recurrent

ENTRY_POINTS = "koprep.models"
"""Entry point group: its names are models' names, its objects `ModelEntry`s."""

ALL_TASKS: tuple[Task, ...] = get_args(Task)


class Builder(Protocol):
    """Builds an uncompiled Keras model for a task from its settings."""

    def __call__(self, spec: TaskSpec, config: Any, /) -> Any: ...


@dataclass(frozen=True, kw_only=True)
class ModelEntry:
    """What a name of the registry stands for.

    Raises:
        TypeError: `config` is no frozen dataclass instance.
        ValueError: a task that there is not, or none.
    """

    builder: Builder
    """Called with the `TaskSpec` and the settings."""
    config: Any
    """A frozen dataclass instance: the settings and their defaults."""
    summary: str
    """One line for lists."""
    tasks: tuple[Task, ...] = ALL_TASKS
    """What the model can be built for."""

    def __post_init__(self) -> None:
        params = getattr(type(self.config), "__dataclass_params__", None)
        if params is None or not params.frozen:
            raise TypeError(f"config must be a frozen dataclass instance, got {self.config!r}")
        if not self.tasks or any(task not in ALL_TASKS for task in self.tasks):
            raise ValueError(f"tasks must be of {', '.join(ALL_TASKS)}, got {self.tasks}")


@dataclass(frozen=True, kw_only=True)
class ModelInfo:
    """What can be known of a model before it is built."""

    name: str
    summary: str
    tasks: tuple[Task, ...]
    settings: Mapping[str, Any]
    """Setting -> default."""
    parameters: int | None
    """Numbers to learn with the defaults, for the spec that was asked about; None without one."""


_models: dict[str, ModelEntry] = {}


def register_model(name: str, entry: ModelEntry) -> None:
    """Make `create_model(name, …)` build a model.

    An installed package registers without a call: by an entry point of the group `koprep.models`
    whose name is the model's and whose object is a `ModelEntry`.

    Raises:
        ValueError: the name is taken.
    """
    if name in _models:
        raise ValueError(f"model {name!r} is already registered")
    _models[name] = entry


def list_models(*, task: str | None = None, pattern: str = "*") -> list[str]:
    """Return the registered names, sorted.

    Args:
        task: only models that serve this task.
        pattern: only names that match, `*` standing for any letters.

    >>> list_models(pattern="bi*", task="tagging")
    ['bigru', 'bilstm', 'bisimple_rnn']

    Raises:
        ValueError: a task that there is not (the message lists the choices).
    """
    if task is not None and task not in ALL_TASKS:
        raise ValueError(unknown("task", task, ALL_TASKS))
    return sorted(
        name
        for name, entry in _all_models().items()
        if fnmatch.fnmatchcase(name, pattern) and (task is None or task in entry.tasks)
    )


def model_info(name: str, spec: TaskSpec | None = None) -> ModelInfo:
    """Return what a model is, what it serves and what can be set.

    With a spec the model is built, and its parameters counted.

    >>> info = model_info("bigru_pool")
    >>> info.tasks, info.settings["units"]
    (('classification', 'next_token'), 128)

    Raises:
        ValueError: an unknown name (the message lists the choices), or a spec of a task that the
            model does not serve.
    """
    entry = _entry(name)
    return ModelInfo(
        name=name,
        summary=entry.summary,
        tasks=entry.tasks,
        settings=dataclasses.asdict(entry.config),
        parameters=None if spec is None else int(create_model(name, spec).count_params()),
    )


def model_config(name: str, **overrides: Any) -> Any:
    """Return a model's settings, with `overrides` in the place of the defaults.

    >>> model_config("gru", units=64).units
    64

    Raises:
        ValueError: an unknown name or setting (the message lists the choices) or a bad value.
    """
    config = _entry(name).config
    known = [field.name for field in dataclasses.fields(config)]
    for override in overrides:
        if override not in known:
            raise ValueError(f"model {name!r} has {unknown('option', override, known, none=True)}")
    return dataclasses.replace(config, **overrides)


def create_model(
    name: str,
    spec: TaskSpec,
    *,
    embedding_matrix: npt.NDArray[np.floating] | None = None,
    **overrides: Any,
) -> Any:
    """Build an uncompiled Keras model.

    Its input is int32 token ids of shape (batch, tokens), any number of tokens; its output holds
    probabilities: (batch, 1) for two labels, (batch, num_labels) for more, with a tokens
    dimension between for the tasks with a label at every token.

    Args:
        name: one of `list_models()`.
        spec: the task the model is for.
        embedding_matrix: what the embedding begins with, shape (vocabulary_size, embedding_size):
            row i for the token with id i. It sets `embedding_size`.
        overrides: settings that differ from the model's defaults.

    Raises:
        ValueError: an unknown name or setting (the message lists the choices), a bad value, a
            task that the model does not serve, or a matrix of another shape.
        ModuleNotFoundError: TensorFlow is not installed.
    """
    if embedding_matrix is not None:
        size = matrix_size(embedding_matrix, spec.vocabulary_size)
        if overrides.setdefault("embedding_size", size) != size:
            raise ValueError(
                f"embedding_size is {overrides['embedding_size']}, embedding_matrix has {size}"
            )
    else:
        check_frozen(overrides)
    config = model_config(name, **overrides)
    check_serves(name, spec.task)
    model = _entry(name).builder(spec, config)
    if embedding_matrix is not None:
        model.get_layer("embedding").set_weights([embedding_matrix])
    return model


def check_serves(name: str, task: Task) -> None:
    """Refuse a task that a model does not serve.

    Raises:
        ValueError: it does not; the message lists the models that do.
    """
    tasks = _entry(name).tasks
    if task not in tasks:
        raise ValueError(
            f"model {name!r} serves {', '.join(tasks)}, not {task}; for that choose from "
            f"{', '.join(list_models(task=task))}"
        )


def check_frozen(options: Mapping[str, Any]) -> None:
    """Refuse to freeze an embedding that is given no vectors.

    Raises:
        ValueError: `options` freeze it.
    """
    if options.get("freeze_embedding"):
        raise ValueError("freeze_embedding needs an embedding_matrix: random vectors must learn")


def _entry(name: str) -> ModelEntry:
    models = _all_models()
    if name not in models:
        raise ValueError(unknown("model", name, list_models()))
    return models[name]


def _all_models() -> dict[str, ModelEntry]:
    _load_entry_points()
    return _models


@cache  # once a process
def _load_entry_points() -> None:
    for point in importlib.metadata.entry_points(group=ENTRY_POINTS):
        try:
            entry = point.load()
            if not isinstance(entry, ModelEntry):
                raise TypeError(f"expected a ModelEntry, got {entry!r}")
            register_model(point.name, entry)
        except Exception as error:  # noqa: BLE001  # another package's fault must not stop this one
            warnings.warn(
                f"model {point.name!r} of {point.value} cannot be used: {error}", stacklevel=4
            )


def matrix_size(matrix: npt.NDArray[np.floating], vocabulary_size: int) -> int:
    """Return the numbers a token of an embedding matrix.

    Raises:
        ValueError: it is not finite, or has not a row for each id.
    """
    if matrix.ndim != 2 or len(matrix) != vocabulary_size or not np.isfinite(matrix).all():
        raise ValueError(
            f"embedding_matrix must be finite, of shape ({vocabulary_size}, embedding_size), "
            f"a row for each id of the vocabulary; got shape {matrix.shape}"
        )
    return int(matrix.shape[1])


_ABOUT: dict[str, tuple[str, str]] = {
    "simple_rnn": ("SimpleRNN", "the plain recurrent network"),
    "lstm": ("LSTM", "gates and a cell state for long-term memory"),
    "gru": ("GRU", "gates without a cell state, smaller than an LSTM"),
}

# A network that reads backwards knows the next token at every step: no language model.
_BOTH_WAYS: tuple[Task, ...] = ("classification", "next_token", "tagging")
# Pooling leaves one vector a text.
_ONE_VECTOR: tuple[Task, ...] = ("classification", "next_token")


def _register_recurrent() -> None:
    for cell in LAYERS:
        layer, what = _ABOUT[cell]
        build = partial(build_recurrent, cell=cell)
        one, two = RecurrentConfig(), RecurrentConfig(layers=2)
        forms = {
            cell: ModelEntry(
                builder=build, config=one, summary=f"Embedding, {layer}, Dense: {what}"
            ),
            f"stacked_{cell}": ModelEntry(
                builder=build, config=two, summary=f"two {layer} layers, one upon the other"
            ),
            f"bi{cell}": ModelEntry(
                builder=partial(build, bidirectional=True),
                config=one,
                summary=f"{layer} read forwards and backwards",
                tasks=_BOTH_WAYS,
            ),
        }
        if cell != "simple_rnn":
            forms[f"bi{cell}_pool"] = ModelEntry(
                builder=partial(build, bidirectional=True, pooled=True),
                config=one,
                summary=f"{layer} both ways, then maximum and mean over all steps",
                tasks=_ONE_VECTOR,
            )
        for name, entry in forms.items():
            register_model(name, entry)


_register_recurrent()
register_model(
    "mlp",
    ModelEntry(
        builder=build_mlp,
        config=NetworkConfig(),
        summary="mean of the embeddings, Dense: feed-forward, cannot see order",
    ),
)
