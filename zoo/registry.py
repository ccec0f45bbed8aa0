"""The models by name: `create_model`, `list_models`, `register_model`."""

from __future__ import annotations

import dataclasses
from typing import Any, NamedTuple, Protocol

from koprep.datasets import TaskSpec

from .recurrent import RecurrentConfig, build_recurrent


class Builder(Protocol):
    """Builds an uncompiled Keras model for a task from its settings."""

    def __call__(self, spec: TaskSpec, config: Any, /) -> Any: ...


class _Entry(NamedTuple):
    builder: Builder
    config: Any
    """A frozen dataclass instance: the settings and their defaults."""
    summary: str


_models: dict[str, _Entry] = {}


def register_model(name: str, builder: Builder, config: Any, summary: str) -> None:
    """Make `create_model(name, …)` build a model.

    Args:
        name: the name.
        builder: called with the `TaskSpec` and the settings.
        config: a frozen dataclass instance; its fields are what `create_model` lets override.
        summary: one line for lists.

    Raises:
        ValueError: the name is taken.
        TypeError: `config` is no frozen dataclass instance.
    """
    if name in _models:
        raise ValueError(f"model {name!r} is already registered")
    params = getattr(type(config), "__dataclass_params__", None)
    if params is None or not params.frozen:
        raise TypeError(f"config must be a frozen dataclass instance, got {config!r}")
    _models[name] = _Entry(builder, config, summary)


def list_models() -> list[str]:
    """Return the registered names, sorted.

    >>> list_models()
    ['gru', 'lstm', 'simple_rnn']
    """
    return sorted(_models)


def model_summary(name: str) -> str:
    """Return what a model is, in one line."""
    return _entry(name).summary


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
            raise ValueError(
                f"model {name!r} has no option {override!r}; choose from {', '.join(known)}"
            )
    return dataclasses.replace(config, **overrides)


def create_model(name: str, spec: TaskSpec, **overrides: Any) -> Any:
    """Build an uncompiled Keras model.

    Its input is int32 token ids of shape (batch, tokens), any number of tokens; its output holds
    probabilities: (batch, 1) for two labels, (batch, num_labels) for more, with a tokens
    dimension between for the tasks with a label at every token.

    Args:
        name: one of `list_models()`.
        spec: the task the model is for.
        overrides: settings that differ from the model's defaults.

    Raises:
        ValueError: an unknown name or setting (the message lists the choices) or a bad value.
        ModuleNotFoundError: TensorFlow is not installed.
    """
    config = model_config(name, **overrides)
    return _entry(name).builder(spec, config)


def _entry(name: str) -> _Entry:
    if name not in _models:
        raise ValueError(f"unknown model {name!r}; choose from {', '.join(list_models())}")
    return _models[name]


register_model(
    "simple_rnn",
    build_recurrent,
    RecurrentConfig(cell="simple_rnn"),
    "Embedding, SimpleRNN, Dense: the plain recurrent network",
)
register_model(
    "lstm",
    build_recurrent,
    RecurrentConfig(cell="lstm"),
    "Embedding, LSTM, Dense: gates and a cell state for long-term memory",
)
register_model(
    "gru",
    build_recurrent,
    RecurrentConfig(cell="gru"),
    "Embedding, GRU, Dense: gates without a cell state, smaller than an LSTM",
)
