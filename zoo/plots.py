"""Pictures of data, training and states: PNG, legible in print and on a phone.

Colours are those of Okabe and Ito, which colour-blind readers tell apart, and lines also differ in
their markers.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import cache, wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

import numpy as np
import numpy.typing as npt

from koprep.fonts import MEND, korean_fonts

from .inspection import Reading
from .spans import SpanEvaluation
from .training import History, best_epoch

BLUE, ORANGE, GREEN, PINK = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
SERIES = ((BLUE, "o", "-"), (ORANGE, "s", "--"), (GREEN, "^", "-."), (PINK, "D", ":"))
"""Colour, marker and line of each series."""

DOTS_PER_INCH = 200
WIDTH = 6.4
"""Inches."""

SHOWN_MARKERS = 12
"""Markers a line, about."""

SHOWN_LABELS = 20
"""Rows of a confusion matrix up to which its cells hold their counts."""

Axes = Any
Figure = Any
Rest = ParamSpec("Rest")


class FontWarning(UserWarning):
    """No font holds Hangul: pictures show boxes in its place."""


def picture(
    draw: Callable[Concatenate[Figure, Rest], None],
) -> Callable[Concatenate[str | Path, Rest], Path]:
    """Make a function that draws on a figure into one that writes a PNG and returns its path."""

    @wraps(draw)
    def write(path: str | Path, /, *arguments: Rest.args, **settings: Rest.kwargs) -> Path:
        matplotlib = import_matplotlib()
        from matplotlib.figure import Figure

        fonts = _fonts()
        with matplotlib.rc_context(_style(fonts)), warnings.catch_warnings():
            if not fonts:  # said once already
                warnings.filterwarnings("ignore", message="Glyph .* missing from font")
            figure = Figure(figsize=(WIDTH, 4), layout="constrained")
            draw(figure, *arguments, **settings)
            target = Path(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            figure.savefig(target, format="png", dpi=DOTS_PER_INCH)
        return target

    return write


@picture
def history_curves(figure: Figure, history: History, monitor: str = "loss") -> None:
    """Draw loss and accuracy by epoch, of training and validation; the kept epoch is marked.

    Args:
        figure: what to draw on; the caller gives the PNG's path instead.
        history: one dict of figures an epoch.
        monitor: what chose the epoch; see `TrainingConfig`.
    """
    epochs = np.arange(1, len(history) + 1)
    kept = best_epoch(history, monitor) + 1
    for axes, name in zip(figure.subplots(1, 2), ("loss", "accuracy"), strict=True):
        for key, label, series in (
            (name, "training", SERIES[0]),
            (f"val_{name}", "validation", SERIES[1]),
        ):
            if key in history[0]:
                _line(axes, epochs, [epoch[key] for epoch in history], label, series)
        if "val_loss" in history[0]:
            axes.axvline(kept, color="0.5", linestyle=":", label=f"kept: epoch {kept}")
        axes.set(title=name, xlabel="epoch")
        axes.xaxis.get_major_locator().set_params(integer=True)
    _legend_below(figure, columns=3)


@picture
def label_bars(figure: Figure, counts: Mapping[str, int], counted: str = "examples") -> None:
    """Draw how often each label occurs.

    Args:
        figure: what to draw on; the caller gives the PNG's path instead.
        counts: label -> occurrences.
        counted: what has a label, in the plural.
    """
    total = max(1, sum(counts.values()))
    figure.set_figheight(max(1.6, 0.5 * len(counts) + 1))
    axes = figure.subplots()
    bars = axes.barh(list(counts), list(counts.values()), color=BLUE)
    said = [f"{count:,} ({count / total:.0%})" for count in counts.values()]
    axes.bar_label(bars, said, padding=4)
    axes.set_xlim(0, max(1, *counts.values()) * 1.3)
    axes.invert_yaxis()
    axes.set(xlabel=counted)
    axes.grid(visible=False, axis="y")


@picture
def length_histogram(
    figure: Figure, lengths: npt.NDArray[np.integer], maxlen: int | None = None
) -> None:
    """Draw how many texts have how many tokens, and what a row length keeps whole.

    Args:
        figure: what to draw on; the caller gives the PNG's path instead.
        lengths: tokens of each text.
        maxlen: tokens a row.
    """
    axes = figure.subplots()
    longest = int(max(1, lengths.max(initial=1)))
    width = max(1, -(-longest // 60))
    axes.hist(lengths, bins=np.arange(-0.5, longest + width + 0.5, width), color=BLUE)
    axes.set(xlabel="tokens a text", ylabel="texts")
    median = float(np.median(lengths))
    axes.axvline(median, color=GREEN, linestyle="-.", label=f"half have up to {median:g}")
    if maxlen is not None:
        whole = (lengths <= maxlen).mean()
        label = f"maxlen {maxlen} keeps {whole:.1%} whole"
        axes.axvline(maxlen, color=ORANGE, linestyle="--", label=label)
    _legend_below(figure, columns=2)


@picture
def confusion_matrix(
    figure: Figure, confusion: Sequence[Sequence[int]], label_names: Sequence[str]
) -> None:
    """Draw how many texts of each label were given which label; the shade is the row's share.

    Args:
        figure: what to draw on; the caller gives the PNG's path instead.
        confusion: confusion[i][j] texts of label i were given label j.
        label_names: the labels.
    """
    counts = np.asarray(confusion)
    shares = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    side = min(9.0, max(4.2, 1.0 * len(counts) + 1.8))
    figure.set_size_inches(side * 1.15, side)
    axes = figure.subplots()
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    if len(counts) <= SHOWN_LABELS:
        for (row, column), count in np.ndenumerate(counts):
            axes.text(
                column,
                row,
                f"{count:,}\n{shares[row, column]:.0%}",
                ha="center",
                va="center",
                linespacing=1.4,
                color="white" if shares[row, column] > 0.6 else "black",
            )
    ticks = range(len(label_names))
    axes.set(xlabel="predicted", ylabel="true", xticks=ticks, yticks=ticks)
    axes.set_xticklabels(label_names, rotation=0 if len(counts) <= 5 else 90)
    axes.set_yticklabels(label_names)
    axes.grid(visible=False)
    figure.colorbar(image, label="share of the true label", format="{x:.0%}", shrink=0.85)


@picture
def span_bars(figure: Figure, result: SpanEvaluation) -> None:
    """Draw the F1 of each label's spans, and beside it how many spans there are.

    Args:
        figure: what to draw on; the caller gives the PNG's path instead.
        result: what `evaluate_spans` returns.
    """
    figure.set_figheight(max(2.2, 0.5 * len(result.labels) + 1.6))
    axes = figure.subplots()
    names = [f"{row.label} ({row.support:,})" for row in result.labels]
    bars = axes.barh(names, [row.f1 for row in result.labels], color=BLUE)
    over_line = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    said = [f"{row.f1:.2f}" for row in result.labels]
    axes.bar_label(bars, said, padding=4, bbox=over_line)
    together = f"all spans together: {result.micro.f1:.2f}"
    axes.axvline(result.micro.f1, color=ORANGE, linestyle="--", label=together)
    axes.set_xlim(0, 1.1)
    axes.set_xticks(np.arange(0, 1.1, 0.2))
    axes.invert_yaxis()
    axes.set(xlabel="strict F1", ylabel="label (spans)")
    axes.grid(visible=False, axis="y")
    _legend_below(figure, columns=1)


@picture
def hidden_state_map(figure: Figure, reading: Reading, label_names: Sequence[str]) -> None:
    """Draw the hidden state after each token, and beside it the probability of the label given.

    The text runs from top to bottom, so that its tokens stay legible however many there are.

    Args:
        figure: what to draw on; the caller gives the PNG's path instead.
        reading: what `inspection.read_along` returns.
        label_names: the labels.
    """
    count, units = reading.hidden.shape
    figure.set_figheight(0.32 * count + 2)
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(3, 2))
    limit = max(float(np.abs(reading.hidden).max()), 1e-6)
    image = left.imshow(
        reading.hidden, cmap="PuOr", vmin=-limit, vmax=limit, aspect="auto", interpolation="nearest"
    )
    left.set(xlabel=f"{units} units", xticks=[], yticks=range(count))
    left.set_yticklabels(reading.tokens)
    left.grid(visible=False)
    figure.colorbar(image, ax=left, label="hidden state", location="bottom", aspect=30)
    label = int(reading.probabilities[-1].argmax())
    colour, marker, line = SERIES[0]
    right.plot(
        reading.probabilities[:, label], range(count), color=colour, marker=marker, linestyle=line
    )
    right.axvline(1 / reading.probabilities.shape[1], color="0.5", linestyle=":")
    right.set(xlim=(-0.03, 1.03), xlabel=f"probability of {label_names[label]}")
    right.tick_params(left=False)


@picture
def gradient_curves(figure: Figure, norms: Mapping[str, npt.NDArray[np.floating]]) -> None:
    """Draw gradient norms through time, on a logarithmic scale.

    Args:
        figure: what to draw on; the caller gives the PNG's path instead.
        norms: name -> what `inspection.gradient_norms` returns.
    """
    axes = figure.subplots()
    for number, (name, values) in enumerate(norms.items()):
        before = np.arange(len(values))[::-1]
        _line(axes, before, np.maximum(values, np.finfo(float).tiny), name, SERIES[number % 4])
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter("{x:g}")  # powers in mathtext need a minus many fonts lack
    axes.yaxis.set_minor_formatter("")
    axes.invert_xaxis()
    axes.set(xlabel="tokens before the last", ylabel="relative gradient norm")
    _legend_below(figure, columns=2)


def _legend_below(figure: Figure, columns: int) -> None:
    """Name the lines of the first axes under the picture, where they cover nothing."""
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=columns)


def _line(
    axes: Axes,
    x: npt.NDArray[np.integer],
    y: npt.NDArray[np.floating] | Sequence[float],
    label: str,
    series: tuple[str, str, str],
) -> None:
    colour, marker, line = series
    every = max(1, len(x) // SHOWN_MARKERS)
    axes.plot(x, y, color=colour, marker=marker, linestyle=line, label=label, markevery=every)


def _style(fonts: tuple[str, ...]) -> dict[str, Any]:
    return {
        "font.family": [*fonts[:1], "DejaVu Sans"],
        "font.size": 13,
        "axes.unicode_minus": False,  # many Korean fonts lack U+2212
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": "0.9",
        "lines.linewidth": 2,
        "lines.markersize": 5,
        "legend.frameon": False,
    }


@cache
def _fonts() -> tuple[str, ...]:
    fonts = tuple(korean_fonts())
    if not fonts:
        warnings.warn(
            f"no font holds Hangul, so pictures show boxes in its place: {MEND}",
            FontWarning,
            stacklevel=3,
        )
    return fonts


def import_matplotlib() -> Any:
    """Import matplotlib; also a check that pictures can be drawn, before long work.

    Raises:
        ModuleNotFoundError: matplotlib is not installed.
    """
    try:
        import matplotlib
    except ModuleNotFoundError as error:
        if error.name != "matplotlib":
            raise
        raise ModuleNotFoundError(
            "plots need matplotlib: pip install 'koprep[train]'", name=error.name
        ) from error
    return matplotlib
