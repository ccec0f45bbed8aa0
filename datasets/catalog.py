"""The datasets by name: `load`, `list_datasets`, `dataset_card`."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from . import lecture, mini_reviews, naver_shopping, nsmc
from .card import DatasetCard
from .examples import TextDataset


class _Entry(NamedTuple):
    card: DatasetCard
    read: Callable[..., TextDataset]


_entries = {
    module.CARD.name: _Entry(module.CARD, module.read)
    for module in (lecture, mini_reviews, naver_shopping, nsmc)
}

SAMPLES = Path(__file__).parent / "samples"


def list_datasets() -> list[str]:
    """Return the names `load` knows, sorted.

    >>> list_datasets()
    ['lecture_sentences', 'mini_reviews', 'naver_shopping', 'nsmc']
    """
    return sorted(_entries)


def dataset_card(name: str) -> DatasetCard:
    """Return a dataset's card.

    Raises:
        ValueError: the name is unknown; the message lists the choices.
    """
    return _entry(name).card


def load(
    name: str,
    *,
    split: str = "train",
    data_dir: str | Path | None = None,
    limit: int | None = None,
    seed: int | None = None,
    **options: Any,
) -> TextDataset:
    """Read a dataset.

    Args:
        name: one of `list_datasets()`.
        split: one of the card's splits.
        data_dir: the folder with the dataset's files; not needed for what comes with koprep.
        limit: examples at most: the first ones, or with `seed` a random choice.
        seed: of that choice.
        options: settings of the dataset's reader, such as `neutral` of naver_shopping.

    >>> len(load("mini_reviews", split="test"))
    160

    Raises:
        ValueError: an unknown name, split or option (the message lists the choices), a missing
            `data_dir`, or a file whose content is not what the dataset promises.
        FileNotFoundError: the file is not in `data_dir`.
    """
    entry = _entry(name)
    card = entry.card
    if split not in card.splits:
        raise ValueError(
            f"dataset {name!r} has no split {split!r}; choose from {', '.join(card.splits)}"
        )
    known = list(inspect.signature(entry.read).parameters)[2:]
    for option in options:
        if option not in known:
            raise ValueError(
                f"dataset {name!r} has no option {option!r}; it has {', '.join(known) or 'none'}"
            )
    if card.included:
        folder = SAMPLES
    elif data_dir is None:
        raise ValueError(
            f"dataset {name!r} does not come with koprep: give the folder that holds "
            f"{', '.join(card.files.values())} as data_dir (--data-dir)"
        )
    else:
        folder = Path(data_dir)
    return entry.read(folder, split, **options).limit(limit, seed)


def _entry(name: str) -> _Entry:
    if name not in _entries:
        raise ValueError(f"unknown dataset {name!r}; choose from {', '.join(list_datasets())}")
    return _entries[name]
