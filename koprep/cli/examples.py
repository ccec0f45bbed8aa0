"""Reading a dataset for a command, and telling what of it could not be used."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from koprep.datasets import TaggedDataset, TextDataset

SHOWN_SKIPPED = 5
"""Skipped rows that are told one by one."""


def load_examples(
    dataset: str,
    split: str,
    data_dir: Path | None,
    limit: int | None,
    sample: int | None,
    seed: int,
) -> TextDataset | TaggedDataset:
    """Read a split, its first rows or a random choice of them, and report skipped rows."""
    from koprep.datasets import load

    if limit is not None and sample is not None:
        raise ValueError("give --limit (the first examples) or --sample (a random choice)")
    examples = load(
        dataset,
        split=split,
        data_dir=data_dir,
        limit=limit if sample is None else sample,
        seed=None if sample is None else seed,
    )
    console = Console(stderr=True, emoji=False)
    for row in examples.skipped[:SHOWN_SKIPPED]:
        console.print(f"skipped {row}", style="yellow", highlight=False, markup=False)
    if len(examples.skipped) > SHOWN_SKIPPED:
        console.print(f"skipped {len(examples.skipped)} rows in all", style="yellow")
    return examples
