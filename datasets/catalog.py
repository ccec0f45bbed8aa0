"""The datasets by name: `load`, `list_datasets`, `dataset_card`, `download_dataset`."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, NamedTuple, overload

from . import (
    chatbot,
    hello,
    klue_ner,
    lecture,
    mini_reviews,
    naver_shopping,
    nsmc,
    steam,
    weather_menu,
)
from .card import DatasetCard
from .download import Retry, download
from .examples import TaggedDataset, TextDataset, check_limit

TaggedName = Literal["klue_ner", "weather_menu"]
"""The datasets that `load` returns as `TaggedDataset`."""


class _Entry(NamedTuple):
    card: DatasetCard
    read: Callable[..., TextDataset | TaggedDataset]


_entries: dict[str, _Entry] = {
    "chatbot": _Entry(chatbot.CARD, chatbot.read),
    "hello": _Entry(hello.CARD, hello.read),
    "klue_ner": _Entry(klue_ner.CARD, klue_ner.read),
    "lecture_sentences": _Entry(lecture.CARD, lecture.read),
    "mini_reviews": _Entry(mini_reviews.CARD, mini_reviews.read),
    "naver_shopping": _Entry(naver_shopping.CARD, naver_shopping.read),
    "nsmc": _Entry(nsmc.CARD, nsmc.read),
    "steam": _Entry(steam.CARD, steam.read),
    "weather_menu": _Entry(weather_menu.CARD, weather_menu.read),
}

SAMPLES = Path(__file__).parent / "samples"


def list_datasets() -> list[str]:
    """Return the names `load` knows, sorted.

    >>> list_datasets()[:4]
    ['chatbot', 'hello', 'klue_ner', 'lecture_sentences']
    """
    return sorted(_entries)


def dataset_card(name: str) -> DatasetCard:
    """Return a dataset's card.

    Raises:
        ValueError: the name is unknown; the message lists the choices.
    """
    return _entry(name).card


@overload
def load(
    name: TaggedName,
    *,
    split: str = ...,
    data_dir: str | Path | None = ...,
    limit: int | None = ...,
    seed: int | None = ...,
    progress: bool = ...,
    **options: Any,
) -> TaggedDataset: ...
@overload
def load(
    name: str,
    *,
    split: str = ...,
    data_dir: str | Path | None = ...,
    limit: int | None = ...,
    seed: int | None = ...,
    progress: bool = ...,
    **options: Any,
) -> TextDataset: ...
def load(
    name: str,
    *,
    split: str = "train",
    data_dir: str | Path | None = None,
    limit: int | None = None,
    seed: int | None = None,
    progress: bool = False,
    **options: Any,
) -> TextDataset | TaggedDataset:
    """Read a dataset; what is not there is downloaded into the cache once and verified.

    Args:
        name: one of `list_datasets()`.
        split: one of the card's splits.
        data_dir: the folder with the dataset's files, whatever their origin; None takes what comes
            with koprep, or else the cache (`KOPREP_DATA_HOME`; `KOPREP_OFFLINE=1` forbids
            downloads).
        limit: examples at most: the first ones, or with `seed` a random choice.
        seed: of that choice; of a generated dataset, of its content.
        progress: draw a progress bar while downloading.
        options: settings of the dataset's reader, listed on its card.

    Returns:
        A `TextDataset`, or a `TaggedDataset` where the card's `kind` is "tagged".

    >>> len(load("mini_reviews", split="test"))
    160

    Raises:
        ValueError: an unknown name, split or option (the message lists the choices), a `data_dir`
            for what comes with koprep, or a file whose content is not what the dataset promises.
        FileNotFoundError: the file is not in `data_dir`.
        koprep.datasets.DownloadError: see `download_dataset`.
    """
    card, read = _entry(name)
    _check_split(card, split)
    check_limit(limit)
    known = list(inspect.signature(read).parameters)[2:]
    for option in options:
        if option not in known:
            choices = ", ".join(choice for choice in known if choice != "seed") or "none"
            raise ValueError(f"dataset {name!r} has no option {option!r}; it has {choices}")
    if "seed" in known:
        options["seed"] = 0 if seed is None else seed
    if card.included and data_dir is not None:
        raise ValueError(f"dataset {name!r} comes with koprep: leave out data_dir, got {data_dir}")
    if card.included:
        folder = SAMPLES
    elif data_dir is None:
        folder = download(card, split, progress=progress).parent
    else:
        folder = Path(data_dir)
    return read(folder, split, **options).limit(limit, seed)


def download_dataset(
    name: str,
    splits: tuple[str, ...] | None = None,
    *,
    base_url: str | None = None,
    progress: bool = False,
    retry: Retry | None = None,
) -> dict[str, Path]:
    """Bring a dataset's files into the cache, unless the right ones are there.

    Args:
        name: one of `list_datasets()`.
        splits: some of the card's splits; None takes all.
        base_url: a mirror laid out as raw.githubusercontent.com is; None is that itself.
        progress: draw a progress bar on standard error.
        retry: how patient to be with failures; None is `Retry()`.

    Returns:
        Split -> path; nothing for what is part of koprep.

    Raises:
        ValueError: an unknown name or split.
        DownloadError: `KOPREP_OFFLINE` forbids downloads and a file is missing, the server fails
            again and again, or what it sends is not the file of the card.
    """
    card = dataset_card(name)
    for split in splits or ():
        _check_split(card, split)
    if card.included:
        return {}
    return {
        split: download(card, split, base_url=base_url, progress=progress, retry=retry)
        for split in splits or card.splits
    }


def _check_split(card: DatasetCard, split: str) -> None:
    if split not in card.splits:
        raise ValueError(
            f"dataset {card.name!r} has no split {split!r}; choose from {', '.join(card.splits)}"
        )


def _entry(name: str) -> _Entry:
    if name not in _entries:
        raise ValueError(f"unknown dataset {name!r}; choose from {', '.join(list_datasets())}")
    return _entries[name]
