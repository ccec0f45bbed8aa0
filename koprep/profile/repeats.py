"""Texts that come again: duplicates, different labels for one text, training texts in the test."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from hashlib import blake2b

from koprep.profile.report import Example, Place
from koprep.profile.rows import Row, is_training
from koprep.profile.tally import SHOWN, Tally, place_of
from koprep.profile.trouble import excerpt


@dataclass(frozen=True)
class _Again:
    """A text that came again: where, and what it says."""

    place: Place
    text: str


class Repeats:
    """Counts cleaned texts by their hashes; only texts that come again are kept, as excerpts.

    A text is 16 bytes of BLAKE2b here: that two of a million share them has odds of 1 in 10^27.
    """

    def __init__(self) -> None:
        self._keys: dict[bytes, int] = {}
        self._training, self._other = array("q"), array("q")  # rows of each text
        self._first_row, self._first_name = array("q"), array("q")
        self._names: dict[tuple[str, str | None], int] = {}  # (split, label) -> number
        self._name_list: list[tuple[str, str | None]] = []
        self._same_part: dict[int, _Again] = {}  # the first time it came again in its part
        self._other_part: dict[int, _Again] = {}
        self._other_label: dict[int, _Again] = {}

    def add(self, row: Row, cleaned: str) -> None:
        """Count a row by its cleaned text."""
        digest = blake2b(cleaned.encode(errors="surrogatepass"), digest_size=16).digest()
        key = self._keys.setdefault(digest, len(self._keys))
        if key == len(self._training):
            self._training.append(0)
            self._other.append(0)
            self._first_row.append(row.number)
            self._first_name.append(self._name(row))
        else:
            self._note(key, row)
        counts = self._training if is_training(row.split) else self._other
        counts[key] += 1

    def duplicates(self) -> Tally:
        """Rows whose text stood in the same part before."""
        repeated = {
            key: max(0, self._training[key] - 1) + max(0, self._other[key] - 1)
            for key in self._same_part
        }
        return self._tally(repeated, self._same_part, "{}번 더 나옴")

    def conflicts(self) -> Tally:
        """Rows whose text has more than one label."""
        rows = {key: self._training[key] + self._other[key] for key in self._other_label}
        return self._tally(rows, self._other_label, "모두 {}행")

    def leaked(self) -> Tally:
        """Rows outside of the training part whose text stands in it."""
        rows = {
            key: self._other[key]
            for key in self._other_part
            if self._training[key] and self._other[key]
        }
        return self._tally(rows, self._other_part, "평가에 {}행")

    def _note(self, key: int, row: Row) -> None:
        first_split, first_label = self._name_list[self._first_name[key]]
        training = is_training(row.split)
        part = self._same_part if is_training(first_split) == training else self._other_part
        differs = row.label and first_label and row.label != first_label
        if key in part and not (differs and key not in self._other_label):
            return
        again = _Again(place_of(row), excerpt(row.text))
        part.setdefault(key, again)
        if differs:
            self._other_label.setdefault(key, again)

    def _name(self, row: Row) -> int:
        name = (row.split, row.label)
        number = self._names.setdefault(name, len(self._names))
        if number == len(self._name_list):
            self._name_list.append(name)
        return number

    def _tally(self, rows: dict[int, int], again: dict[int, _Again], note: str) -> Tally:
        most = sorted(rows, key=lambda key: (-rows[key], key))[:SHOWN]
        examples = [self._example(key, again[key], note.format(rows[key])) for key in most]
        return Tally(sum(rows.values()), examples)

    def _example(self, key: int, again: _Again, note: str) -> Example:
        split, label = self._name_list[self._first_name[key]]
        first = place_of(Row(self._first_row[key], "", label, split))
        return Example(places=(first, again.place), text=again.text, note=note)
