"""Counting the rows that have something, and keeping the first few to show."""

from __future__ import annotations

from dataclasses import dataclass, field

from koprep.profile.report import Example, Place
from koprep.profile.rows import Row
from koprep.profile.trouble import excerpt, visible

SHOWN = 3
"""Examples a finding shows."""


@dataclass
class Tally:
    """Rows that have something."""

    count: int = 0
    examples: list[Example] = field(default_factory=list)

    def add(self, row: Row, *, at: int = 0, note: str = "") -> None:
        """Count a row, and show it if it is among the first; `at` is the place to look at."""
        self.count += 1
        if len(self.examples) < SHOWN:
            example = Example(places=(place_of(row),), text=excerpt(row.text, at), note=note)
            self.examples.append(example)


def place_of(row: Row) -> Place:
    """Return where a row stands, its names fit to be shown."""
    label = None if row.label is None else visible(row.label)
    return Place(split=visible(row.split), row=row.number, label=label)
