"""Texts that come again: duplicates, different labels for one text, training texts in the test."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from hashlib import blake2b

from koprep.profile.report import Example, Place
from koprep.profile.rows import Row, is_training
from koprep.profile.tally import SHOWN, Tally, place_of
from koprep.profile.trouble import excerpt


class _First:
    """Where each text stood first, and how many rows have it."""

    def __init__(self) -> None:
        self.rows, self._number, self._name = array("q"), array("q"), array("q")

    def add(self, key: int, row: Row, name: int) -> bool:
        """Count a row; True if the text was here before."""
        if key >= len(self.rows):
            missing = key + 1 - len(self.rows)
            self.rows.extend([0] * missing)
            self._number.extend([0] * missing)
            self._name.extend([0] * missing)
        self.rows[key] += 1
        if self.rows[key] > 1:
            return True
        self._number[key], self._name[key] = row.number, name
        return False

    def count(self, key: int) -> int:
        return self.rows[key] if key < len(self.rows) else 0

    def number(self, key: int) -> int:
        return self._number[key]

    def name(self, key: int) -> int:
        return self._name[key]


class Repeats:
    """Counts cleaned texts by their hashes; only texts that come again are kept, as excerpts.

    A text is 16 bytes of BLAKE2b here: that two of a million share them has odds of 1 in 10^26.
    """

    def __init__(self) -> None:
        self._keys: dict[bytes, int] = {}
        self._training, self._other, self._labelled = _First(), _First(), _First()
        self._name_numbers: dict[tuple[str, str | None], int] = {}
        self._names: list[tuple[str, str | None]] = []  # split and label
        # text -> what it says and where it came again, for the first time
        self._again_training: dict[int, tuple[str, Place]] = {}
        self._again_other: dict[int, tuple[str, Place]] = {}
        self._relabelled: dict[int, tuple[str, Place]] = {}
        self._crossed: dict[int, str] = {}

    def add(self, row: Row, cleaned: str) -> None:
        """Count a row by its cleaned text."""
        digest = blake2b(cleaned.encode(errors="surrogatepass"), digest_size=16).digest()
        key = self._keys.setdefault(digest, len(self._keys))
        name = self._name(row)
        training = is_training(row.split)
        part, opposite = (
            (self._training, self._other) if training else (self._other, self._training)
        )
        if part.add(key, row, name):
            again = self._again_training if training else self._again_other
            if key not in again:
                again[key] = (excerpt(row.text), place_of(row))
        elif opposite.count(key):
            self._crossed[key] = excerpt(row.text)
        if row.label and self._labelled.add(key, row, name) and key not in self._relabelled:
            _, first_label = self._names[self._labelled.name(key)]
            if row.label != first_label:
                self._relabelled[key] = (excerpt(row.text), place_of(row))

    def duplicates(self) -> Tally:
        """Rows whose text stood in the same part before."""
        copies = [
            (part.count(key) - 1, (self._place(part, key), place), text)
            for part, again in (
                (self._training, self._again_training),
                (self._other, self._again_other),
            )
            for key, (text, place) in again.items()
        ]
        return _tally(copies, "{}번 더 나옴")

    def conflicts(self) -> Tally:
        """Rows whose text has more than one label."""
        rows = [
            (
                self._training.count(key) + self._other.count(key),
                (self._place(self._labelled, key), place),
                text,
            )
            for key, (text, place) in self._relabelled.items()
        ]
        return _tally(rows, "모두 {}행")

    def leaked(self) -> Tally:
        """Rows outside of the training part whose text stands in it."""
        rows = [
            (
                self._other.count(key),
                (self._place(self._training, key), self._place(self._other, key)),
                text,
            )
            for key, text in self._crossed.items()
        ]
        return _tally(rows, "평가에 {}행")

    def _name(self, row: Row) -> int:
        name = (row.split, row.label)
        number = self._name_numbers.setdefault(name, len(self._names))
        if number == len(self._names):
            self._names.append(name)
        return number

    def _place(self, first: _First, key: int) -> Place:
        split, label = self._names[first.name(key)]
        return place_of(Row(first.number(key), "", label, split))


def _tally(found: Sequence[tuple[int, tuple[Place, ...], str]], note: str) -> Tally:
    """Sum rows up, and show the texts with the most."""
    most = sorted(found, key=lambda text: -text[0])[:SHOWN]  # stable: else as they came
    examples = [
        Example(places=places, text=text, note=note.format(rows)) for rows, places, text in most
    ]
    return Tally(sum(rows for rows, *_ in found), examples)
