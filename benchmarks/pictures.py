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
from benchmarks.record import Comparison, Record

BLUE, ORANGE, GREY = "#0072b2", "#d55e00", "#8a8a8a"

RATIOS = "ratios.svg"
GROWTH = "growth.svg"


def draw(record: Record, folder: Path) -> list[Path]:
    """Draw the ratios that something is asked of, and how time grows."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_ratios(record, folder / RATIOS), _growth(record, folder / GROWTH)]


def _ratios(record: Record, path: Path) -> Path:
    bars = [
        (finding, other, other.due)
        for findings in record.findings.values()
        for finding in findings
        if isinstance(finding, Comparison) and finding.unit in ("s", "ms")
        for other in finding.others
        if other.due is not None
    ]
    bars.sort(key=lambda bar: bar[1].ratio)
    figure, axes = plt.subplots(figsize=(8, 0.8 + 0.62 * len(bars)), layout="constrained")
    for place, (finding, other, due) in enumerate(bars):
        colour = BLUE if other.ratio >= due else ORANGE
        axes.barh(place, other.ratio - 1, left=1, color=colour, height=0.3)
        axes.annotate(
            _times(other.ratio), (max(other.ratio, due, 1), place),
            xytext=(5, 0), textcoords="offset points", va="center", fontsize=9,
        )  # fmt: skip
        axes.plot([due] * 2, [place - 0.24, place + 0.24], color="black", linewidth=2)
        axes.text(
            0, place + 0.36, f"{finding.koprep.name}, beside {other.name}: {finding.title}",
            transform=axes.get_yaxis_transform(), fontsize=7, va="center",
        )  # fmt: skip
    axes.axvline(1, color=GREY, linewidth=1)
    axes.set_xscale("log")
    axes.set_xlim(0.6, 2.5 * max(other.ratio for _, other, _ in bars))
    axes.set_ylim(-0.5, len(bars) - 0.2)
    axes.xaxis.set_major_formatter(lambda value, _: _times(value))
    axes.set_xlabel("times as fast as the other side; a black line: what is due")
    axes.set_yticks([])
    axes.spines[["top", "right", "left"]].set_visible(False)
    return _save(figure, path)


def _times(ratio: float) -> str:
    return f"{ratio:,.0f}×" if ratio >= 100 else f"{ratio:.3g}×"


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
