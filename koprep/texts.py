"""The boundary where texts come in: whatever holds them, one checked `str` at a time."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

MISSING = frozenset({"None", "nan", "<NA>", "NaT"})
"""How missing values print, those of pandas included, whose NA refuses comparison."""


NAMED = 10
"""Things that a message names, at most."""


def listed(things: Sequence[str]) -> str:
    """Return the first of many things, and how many more there are.

    >>> listed(["a", "b"]), listed([str(number) for number in range(99)])
    ('a, b', '0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 89 more')
    """
    more = len(things) - NAMED
    return ", ".join(things[:NAMED]) + (f" and {more:,} more" if more > 0 else "")


def iter_texts(texts: Any) -> Iterator[str]:
    """Iterate over texts, refusing what is not a text by its row number, counted from 0.

    Takes lists, tuples, generators, NumPy arrays, pandas and polars Series, Arrow arrays and
    columns of Hugging Face datasets.

    >>> list(iter_texts(("가", "나")))
    ['가', '나']

    Raises:
        TypeError: `texts` is one bare string, or holds no rows; or, while iterating, a row is
            missing (None, NaN) or no text.
    """
    if isinstance(texts, (str, bytes)):
        raise TypeError(f"expected many texts, got one: put it in a list: [{short(texts)}]")
    if hasattr(texts, "columns"):
        raise TypeError(
            f"expected one column of texts, got a table of {len(texts.columns)} columns; "
            "choose one: table['text']"
        )
    if isinstance(texts, Mapping):
        names = ", ".join(map(repr, texts)) or "nothing"
        raise TypeError(f"expected one column of texts, got a table of {names}; choose one of them")
    if hasattr(texts, "to_pylist"):  # Arrow's own items are not str
        texts = texts.to_pylist()
    if not isinstance(texts, Iterable):
        raise TypeError(f"expected texts, got {type(texts).__name__} {short(texts)}")
    return _checked(texts)


def _checked(texts: Iterable[Any]) -> Iterator[str]:
    for row, text in enumerate(texts):
        if isinstance(text, str):
            yield text
        elif str(text) in MISSING:
            raise TypeError(f"row {row} holds no text ({text!r}): fill it or drop it first")
        else:
            raise TypeError(f"row {row}: expected a text, got {type(text).__name__} {short(text)}")


def short(value: object) -> str:
    """Write a value for an error message, cut to 40 characters."""
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def text_key(text: str) -> str:
    r"""Return what is the same for texts that differ in spaces or Unicode form only.

    >>> text_key(" 재미  있다\n") == text_key("재미 있다")
    True
    """
    return " ".join(unicodedata.normalize("NFC", text).split())
