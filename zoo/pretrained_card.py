"""The card of a model that comes with koprep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from koprep import Preprocessor, __version__

from .card import preprocessing_lines
from .figures import Figure
from .onnx_format import EmbeddingType
from .pretrained_models import PretrainedModel


def pretrained_card(
    model: PretrainedModel,
    *,
    data: Sequence[str],
    limits: Sequence[str],
    failures: Sequence[str],
    architecture: str,
    training: Mapping[str, Any],
    preprocessor: Preprocessor,
    figures: Sequence[Figure],
    exact_figures: Sequence[Figure],
    embedding: EmbeddingType,
    validation: str,
    network_bytes: int,
    latency_ms: float,
) -> str:
    """Return what a model knows, what it was made of and how far it can be trusted, as Markdown.

    Args:
        model: its name, summary and licence.
        data: what it learned from, each with its licence.
        limits: what it is not for.
        failures: what it gets wrong.
        architecture: the network's name and its settings.
        training: the settings of training.
        preprocessor: fitted.
        figures: of the test examples.
        exact_figures: the same, of the network before its numbers were stored in fewer bits.
        embedding: how the embedding is stored.
        validation: how training went, by which the model was chosen.
        network_bytes: size of the network's file.
        latency_ms: milliseconds from one text to its answer, the median.
    """
    command = f"koprep zoo reproduce {model.name} --data-dir DATA --out FOLDER"
    sections = {
        "Data": data,
        "Training": (
            f"command: `{command}`",
            f"network: {architecture}",
            *(f"{name}: {value}" for name, value in training.items()),
            f"chosen by: {validation}",
        ),
        "Preprocessing": preprocessing_lines(preprocessor),
        "Figures on test examples": (
            *(_told(figure) for figure in figures),
            "in brackets: the 95 % confidence interval; no choice was made by these examples",
        ),
        "Size and speed": (
            f"network: {network_bytes / 1e6:.2f} MB",
            *(
                f"{one.what}, stored as {embedding}: {_value(one)}; in float32 {_value(exact)}"
                for one, exact in zip(figures, exact_figures, strict=True)
            ),
            f"one text, from text to answer: {latency_ms:.2f} ms, the median on the machine that "
            "wrote this card",
        ),
        "Limits": limits,
        "Known failures": failures,
        "Licence": (f"weights: {model.license}",),
    }
    lines = [f"# {model.name}", "", f"It {model.summary}. Made with koprep {__version__}."]
    for title, items in sections.items():
        lines += ["", f"## {title}", "", *(f"- {item}" for item in items)]
    return "\n".join([*lines, ""])


def _told(figure: Figure) -> str:
    low, high = figure.interval
    return f"{figure.what}: {_value(figure)} [{_number(low, figure)}, {_number(high, figure)}]"


def _value(figure: Figure) -> str:
    return _number(figure.value, figure)


def _number(number: float, figure: Figure) -> str:
    """Write a share in percent, and what is no share as it is."""
    return f"{number:.2f}" if figure.value > 1 else f"{number:.2%}"
