"""What every engine can take: text without odd characters, in pieces it does not choke on."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ODD = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")
_BEYOND = re.compile("[\U00010000-\U0010ffff\ud7a4-\uf8ff]")

STAND_IN = "□"
"""What an engine reads for a character its 16-bit characters or dictionaries do not know."""


def safe_text(text: str) -> str:
    r"""Return `text` with odd characters replaced one for one, so that offsets stay true.

    Whitespace and control characters become spaces; characters beyond 16 bits and private ones
    become `STAND_IN`.

    >>> safe_text("가\x00나😀\t다")
    '가 나□ 다'
    """
    return _BEYOND.sub(STAND_IN, _ODD.sub(" ", text))


def pieces(text: str, *, longest_run: int, most_repeats: int | None) -> Iterator[tuple[int, str]]:
    """Cut a text where an engine would need forever: yields (offset, piece), nothing lost.

    Args:
        text: what `safe_text` returned.
        longest_run: characters without a space that the engine takes at once.
        most_repeats: times one Hangul character may follow itself; None for any.

    >>> list(pieces("가나다 라마", longest_run=2, most_repeats=None))
    [(0, '가나'), (2, '다 라마')]
    >>> list(pieces("와ㅋㅋㅋ", longest_run=9, most_repeats=2))
    [(0, '와ㅋㅋ'), (3, 'ㅋ')]
    """
    start = run = repeats = 0
    previous = ""
    for i, character in enumerate(text):
        run = 0 if character == " " else run + 1
        repeats = repeats + 1 if character == previous and character >= "\u3131" else 1
        previous = character
        too_repeated = most_repeats is not None and repeats > most_repeats
        if run > longest_run or too_repeated:
            yield start, text[start:i]
            start, run, repeats = i, 1, 1
        elif character == " " and i - start >= LONG_TEXT:
            yield start, text[start:i]
            start = i
    if start < len(text):
        yield start, text[start:]


LONG_TEXT = 2_000
"""Characters after which the next space ends a piece: engines are slower than linear."""
