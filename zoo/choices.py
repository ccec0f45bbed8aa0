"""What to say to a name that there is not."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def unknown(what: str, given: str, known: Iterable[str], *, none: bool = False) -> str:
    """Say that there is no such thing, which there are, and which was likely meant.

    >>> unknown("model", "gruu", ["gru", "lstm"])
    "unknown model 'gruu': did you mean 'gru'? choose from gru, lstm"
    """
    choices = list(known)
    close = difflib.get_close_matches(given, choices, n=1)
    hint = f": did you mean {close[0]!r}? " if close else "; "
    word = "no" if none else "unknown"
    return f"{word} {what} {given!r}{hint}choose from {', '.join(choices)}"
