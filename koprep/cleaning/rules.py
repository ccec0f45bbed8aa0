"""What a cleaning step is: a pattern, and what stands in the place of each match."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

Edit = tuple[int, int, str]
"""``text[start:end]`` becomes the string: (start, end, replacement)."""


class Step(Protocol):
    """One link of the chain; `apply` and `edits` say the same thing twice."""

    @property
    def trigger(self) -> str:
        """Characters, as inside ``[...]``, without which nothing changes; "" when any text may."""

    def apply(self, text: str) -> str:
        """Return the changed text."""

    def edits(self, text: str) -> list[Edit]:
        """Return the changes, left to right, not overlapping."""


@dataclass(frozen=True)
class Rule:
    """A step that replaces the matches of a pattern."""

    pattern: re.Pattern[str]
    replacement: Callable[[re.Match[str]], str] | str  # a plain string holds no backslash
    trigger: str = ""
    shortens: bool = False  # the replacement is the beginning of the match, which is no edit

    def apply(self, text: str) -> str:
        """Return the changed text.

        >>> Rule(re.compile("a+"), "b").apply("caat")
        'cbt'
        """
        return self.pattern.sub(self.replacement, text)

    def edits(self, text: str) -> list[Edit]:
        """Return the changes.

        >>> Rule(re.compile("a+"), "b").edits("caat"), Rule(re.compile("a+"), "a").edits("cat")
        ([(1, 3, 'b')], [])
        >>> Rule(re.compile("a+"), "a", shortens=True).edits("caat")
        [(2, 3, '')]
        """
        edits = []
        for match in self.pattern.finditer(text):
            replacement = self.replacement
            new = replacement if isinstance(replacement, str) else replacement(match)
            if new == match[0]:
                continue
            if self.shortens:
                edits.append((match.start() + len(new), match.end(), ""))
            else:
                edits.append((match.start(), match.end(), new))
        return edits
