"""A record as pictures: `python -m benchmarks.pictures RECORD FOLDER` draws them.

Colours are those of Okabe and Ito, which colour-blind readers tell apart.
"""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("agg")
import matplotlib.pyplot as plt

from benchmarks.questions.growth import FROM, growth_of
from benchmarks.record import Comparison, Other, Record

BLUE, ORANGE, GREY = "#0072b2", "#d55e00", "#8a8a8a"

RATIOS = "ratios.svg"
GROWTH = "growth.svg"


def draw(record: Record, folder: Path) -> list[Path]:
    """Draw the ratios of the timed comparisons, and how time grows."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_ratios(record, folder / RATIOS), _growth(record, folder / GROWTH)]


def _ratios(record: Record, path: Path) -> Path:
    bars = [
        (finding, other)
        for findings in record.findings.values()
        for finding in findings
        if isinstance(finding, Comparison) and finding.unit in ("s", "ms")
        for other in finding.others
    ]
    bars.sort(key=lambda bar: bar[1].ratio)
    figure, axes = plt.subplots(figsize=(8, 1.2 + 0.5 * len(bars)), layout="constrained")
    for place, (_, other) in enumerate(bars):
        reached = other.due is None or other.ratio >= other.due
        axes.barh(place, other.ratio - 1, left=1, color=BLUE if reached else ORANGE, height=0.5)
        axes.annotate(
            f"{other.ratio:,.3g}×", (max(other.ratio, 1), place),
            xytext=(4, 0), textcoords="offset points", va="center", fontsize=9,
        )  # fmt: skip
        if other.due is not None:
            axes.plot([other.due] * 2, [place - 0.38, place + 0.38], color="black", linewidth=2)
    axes.set_yticks(range(len(bars)), [_label(*bar) for bar in bars], fontsize=8)
    axes.axvline(1, color=GREY, linewidth=1)
    axes.set_xscale("log")
    axes.set_xlim(right=2.5 * max(other.ratio for _, other in bars))
    axes.set_xlabel("times as fast as the other side; a black line: what is due")
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    return _save(figure, path)


def _label(comparison: Comparison, other: Other) -> str:
    return f"{comparison.koprep.name}: {comparison.title}\nbeside {other.name}"


def _growth(record: Record, path: Path) -> Path:
    times, slope = growth_of(record.findings["growth"])
    figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
    sizes, seconds = [*times], [*times.values()]
    axes.loglog(sizes, seconds, "o", color=BLUE)
    line = [size for size in sizes if size >= FROM]
    axes.loglog(
        line, [times[line[-1]] * (size / line[-1]) ** slope for size in line],
        "--", color=ORANGE, label=f"slope {slope:.3f} from {FROM:,} reviews",
    )  # fmt: skip
    for size, second in times.items():
        axes.annotate(
            f"{second:,.3g} s", (size, second), xytext=(6, -10), textcoords="offset points",
            fontsize=9,
        )  # fmt: skip
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.set_xlabel("reviews")
    axes.set_ylabel("seconds from raw reviews to rows of ids")
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    axes.minorticks_off()
    return _save(figure, path)


def _save(figure: plt.Figure, path: Path) -> Path:
    with mpl.rc_context({"svg.hashsalt": "koprep"}):
        figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
    return path


if __name__ == "__main__":
    for drawn in draw(Record.load(Path(sys.argv[1])), Path(sys.argv[2])):
        print(drawn)
