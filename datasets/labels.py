"""From the labels a table holds to numbers from 0 and their names."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

LabelNames = Sequence[str | int] | Mapping[Any, str] | None

_WHOLE = re.compile(r"0|-?[1-9][0-9]{,17}", re.ASCII)
_WRITTEN_AS_FRACTION = re.compile(r"(0|-?[1-9][0-9]{,17})\.0+", re.ASCII)


def label_value(value: Any) -> str | int | None:
    """Return a label as a text or a number; None if it is missing or no label.

    Whole numbers count as such however they come, for tables turn them into fractions beside a
    missing value, and CSV into texts. Spaces around a text are not part of it; decomposed Hangul,
    as macOS writes it, is the same label as composed (NFC).

    >>> [label_value(value) for value in (" 긍정 ", "1", 1.0, True, None, float("nan"), 0.5, "")]
    ['긍정', 1, 1, 'True', None, None, None, None]
    """
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return int(value) if float(value).is_integer() else None
    if not isinstance(value, str) or not (text := label_text(value)):
        return None
    return int(text) if _WHOLE.fullmatch(text) else text


def label_text(value: str) -> str:
    """Return what counts of a label that is a text."""
    return unicodedata.normalize("NFC", value.strip())


def name_labels(
    values: Sequence[str | int], label_names: LabelNames, place: Callable[[int], str]
) -> tuple[npt.NDArray[np.int32], tuple[str, ...]]:
    """Number labels from 0.

    Args:
        values: each row's label.
        label_names: the labels in their order, or label -> name in its order; None sorts them,
            numbers by size and before texts.
        place: says where a row stands, for errors.

    Returns:
        labels, int32 of shape (len(values),), and their names.

    >>> name_labels([10, 9, 10], None, str)
    (array([1, 0, 1], dtype=int32), ('9', '10'))

    Raises:
        ValueError: a label is not among `label_names`, or these name one twice.
    """
    values = _whole_again(values, () if label_names is None else label_names)
    if label_names is None:
        known = sorted(set(values), key=lambda value: (isinstance(value, str), value))
        names = tuple(map(str, known))
    else:
        known = [_given(label) for label in label_names]
        given = label_names.values() if isinstance(label_names, Mapping) else label_names
        names = tuple(label_text(str(name)) for name in given)
    for listed in (known, names):
        for label, times in Counter(listed).items():
            if times > 1:
                raise ValueError(f"label_names hold {label!r} twice")
    index = {label: number for number, label in enumerate(known)}
    for row, value in enumerate(values):
        if value not in index:
            raise ValueError(
                f"{place(row)}: label {value!r} is not one of {', '.join(map(str, known))}"
            )
    return np.array([index[value] for value in values], np.int32), names


def _whole_again(values: Sequence[str | int], given: Iterable[Any]) -> Sequence[str | int]:
    """Return whole numbers for texts such as 1.0, if all texts are such and none was given so.

    pandas makes fractions of whole numbers beside a missing one, and writes them so to CSV.
    """
    texts = {value for value in values if isinstance(value, str)}
    if not texts.isdisjoint(map(str, given)):
        return values
    whole = {text: _WRITTEN_AS_FRACTION.fullmatch(text) for text in texts}
    if not all(whole.values()):
        return values
    numbers = {text: int(match[1]) for text, match in whole.items() if match}
    return [numbers[value] if isinstance(value, str) else value for value in values]


def _given(label: Any) -> str | int:
    value = label_value(label)
    if value is None:
        raise ValueError(f"label_names hold {label!r}, which is no label")
    return value
