"""The model card that is saved with a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from koprep import Preprocessor, __version__


def classifier_card(
    *,
    model: str,
    label_names: Sequence[str],
    preprocessor: Preprocessor,
    training: Mapping[str, Any],
    metrics: Mapping[str, float],
) -> str:
    """Return what a classifier is and how it was made, as Markdown; see `model_card`."""
    return model_card(
        f"{model} text classifier",
        about=f"Labels: {', '.join(label_names)}.",
        preprocessor=preprocessor,
        training=training,
        metrics=metrics,
    )


def model_card(
    title: str,
    *,
    about: str,
    preprocessor: Preprocessor,
    training: Mapping[str, Any],
    metrics: Mapping[str, float],
) -> str:
    """Return what a model is and how it was made, as Markdown.

    Args:
        title: the architecture's name and what it does.
        about: one sentence on what it knows.
        preprocessor: fitted.
        training: the training settings.
        metrics: figures by name.
    """
    lines = [
        f"# {title}",
        "",
        f"Made with koprep {__version__}. {about}",
        "",
        "## Preprocessing",
        "",
        *(f"- {line}" for line in preprocessing_lines(preprocessor)),
        "",
        "## Training",
        "",
        *(f"- {name}: {value}" for name, value in training.items()),
        "",
        "## Figures",
        "",
        *(f"- {name}: {value:.4f}" for name, value in metrics.items()),
        "",
    ]
    return "\n".join(lines)


def preprocessing_lines(preprocessor: Preprocessor) -> list[str]:
    """Return what a fitted preprocessor does to texts, a line each."""
    tokenizer = preprocessor.tokenizer_
    versions = ", ".join(f"{name} {number}" for name, number in tokenizer.engine_versions().items())
    return [
        f"tokenizer: {tokenizer.name} {tokenizer.settings() or ''}".rstrip(),
        f"engine: {versions or 'none'}",
        f"vocabulary: {len(preprocessor.vocabulary_)} ids, PAD and OOV included",
        f"row length: {_row_length(preprocessor)}",
    ]


def _row_length(preprocessor: Preprocessor) -> str:
    tokens = f"{preprocessor.maxlen_} tokens"
    share = preprocessor.whole_share_
    return tokens if share is None else f"{tokens}, which keep {share:.1%} of the texts whole"
