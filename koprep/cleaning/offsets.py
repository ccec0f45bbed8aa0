"""Where each cleaned character stood in the raw text."""

from dataclasses import dataclass
from itertools import pairwise

from koprep.cleaning.rules import Step


@dataclass(frozen=True)
class CleanedText:
    """A cleaned text that remembers where it came from.

    Attributes:
        text: the cleaned text.
        offsets: for each character of `text`, the [start, end) of the raw text it came from, in
            characters; neither starts nor ends ever fall. A character made of several (a syllable
            of decomposed Hangul) covers them all; several made of one (a name for an emoji) share
            its place.
    """

    text: str
    offsets: tuple[tuple[int, int], ...]

    def __post_init__(self) -> None:
        if len(self.text) != len(self.offsets):
            raise ValueError(f"{len(self.text)} characters but {len(self.offsets)} offsets")

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the [start, end) of the raw text that ``text[start:end]`` came from.

        An empty span gives the empty span before its next character. A span outside the text is a
        ValueError.

        >>> CleanedText("재미", ((2, 5), (5, 7))).raw_span(1, 2)
        (5, 7)
        """
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(
                f"span [{start}, {end}) is not inside the cleaned text, {len(self.text)} characters"
            )
        if start < end:
            return self.offsets[start][0], self.offsets[end - 1][1]
        if start < len(self.offsets):
            place = self.offsets[start][0]
        else:
            place = self.offsets[-1][1] if self.offsets else 0
        return place, place

    def changed_spans(self, raw: str) -> list[tuple[int, int]]:
        """Return where [start, end) the raw text was removed or rewritten, in order.

        >>> CleanedText("재미", ((2, 3), (5, 6))).changed_spans("<b재 …미")
        [(0, 2), (3, 5)]
        """
        pairs = zip(self.text, self.offsets, strict=True)
        kept = {start for one, (start, end) in pairs if raw[start:end] == one}
        places = [-1, *sorted(kept), len(raw)]
        return [(before + 1, after) for before, after in pairwise(places) if after > before + 1]


class OffsetTracker:
    """Applies steps as `Step.apply` does, and carries the offsets along.

    >>> from koprep.cleaning.expressions import LAUGHTER
    >>> tracker = OffsetTracker("넼ㅋ")
    >>> tracker.apply(LAUGHTER, "넼ㅋ"), tracker.offsets()
    ('네 ㅋㅋ', ((0, 1), (0, 1), (0, 1), (1, 2)))
    """

    def __init__(self, raw: str) -> None:
        self._starts = list(range(len(raw)))
        self._ends = list(range(1, len(raw) + 1))

    def apply(self, step: Step, text: str) -> str:
        """Return the changed text and note where its characters came from."""
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        done = 0
        for start, end, replacement in step.edits(text):
            pieces += (text[done:start], replacement)
            starts += self._starts[done:start] + [self._starts[start]] * len(replacement)
            ends += self._ends[done:start] + [self._ends[end - 1]] * len(replacement)
            done = end
        if done == 0:
            return text
        self._starts = starts + self._starts[done:]
        self._ends = ends + self._ends[done:]
        return "".join(pieces) + text[done:]

    def offsets(self) -> tuple[tuple[int, int], ...]:
        """Return [start, end) in the raw text for every character of the text as it is now."""
        return tuple(zip(self._starts, self._ends, strict=True))
