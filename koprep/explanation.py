"""`Explanation`: every stage one text went through, for people to read."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from koprep.padding import PAD_ID
from koprep.tokenizers import Token

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

Fate = Literal["known", "unknown", "stopword", "cut off"]
"""What became of a token: it has an id of its own; it has none; the stopwords dropped it; the row
was too short for it."""


@dataclass(frozen=True, kw_only=True)
class ExplainedToken:
    """One token, where it came from and what became of it."""

    token: Token
    """What the tokenizer cut; offsets count characters of the cleaned text."""
    raw_start: int
    raw_end: int
    """Its place in the raw text."""
    rendered: str | None
    """What the vocabulary is asked for; None for a stopword."""
    token_ids: tuple[int, ...]
    """Its ids: none for a stopword, several where an unknown token is spelled."""
    fate: Fate


@dataclass(frozen=True, kw_only=True, eq=False)
class Explanation:
    """Every stage one text went through; `print` shows it as a table, a notebook in colour."""

    raw: str
    cleaned: str
    changed: tuple[tuple[int, int], ...]
    """Where [start, end) cleaning removed or rewrote the raw text."""
    tokens: tuple[ExplainedToken, ...]
    padded: npt.NDArray[np.int32]
    """The row a model reads, int32, shape (maxlen,)."""

    @property
    def kept_tokens(self) -> tuple[Token, ...]:
        """What the stopwords left."""
        return tuple(one.token for one in self.tokens if one.fate != "stopword")

    @property
    def token_ids(self) -> npt.NDArray[np.int32]:
        """All ids, those that the row is too short for included; int32, shape (ids,)."""
        return np.array([i for one in self.tokens for i in one.token_ids], np.int32)

    def __str__(self) -> str:
        from io import StringIO

        from rich.console import Console

        out = StringIO()
        Console(
            file=out, width=100, color_system=None, force_terminal=False, force_jupyter=False
        ).print(self)
        return out.getvalue().rstrip()

    def __rich__(self) -> RenderableType:
        from rich.console import Group
        from rich.text import Text

        return Group(
            Text.assemble(("raw      ", "bold"), _visible(self.raw)),
            Text.assemble(("cleaned  ", "bold"), self.cleaned),
            self._table(),
            Text.assemble((f"row of {len(self.padded)}  ", "bold"), self._row()),
        )

    def _table(self) -> Table:
        from rich.table import Table
        from rich.text import Text

        styles = {"known": "", "unknown": "yellow", "stopword": "dim", "cut off": "red"}
        table = Table("in the raw text", "token", "tag", "id", "")
        for cells, fate in self._rows():
            table.add_row(*map(Text, cells), style=styles[fate])
        return table

    def _repr_html_(self) -> str:
        colours = {"known": "", "unknown": "#b45309", "stopword": "#6b7280", "cut off": "#b91c1c"}
        rows = ""
        for cells, fate in self._rows():
            style = f' style="color:{colours[fate]}"' if colours[fate] else ""
            rows += f"<tr{style}>" + "".join(f"<td>{html.escape(c)}</td>" for c in cells) + "</tr>"
        names = ("in the raw text", "token", "tag", "id", "")
        head = "".join(f"<th>{name}</th>" for name in names)
        return (
            f"<p><b>raw</b> {html.escape(_visible(self.raw))}<br>"
            f"<b>cleaned</b> {html.escape(self.cleaned)}</p>"
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
            f"<p><b>row of {len(self.padded)}</b> {html.escape(self._row())}</p>"
        )

    def _rows(self) -> Iterator[tuple[tuple[str, ...], Fate]]:
        for one in self.tokens:
            place = (
                f"{one.raw_start}:{one.raw_end} {_visible(self.raw[one.raw_start : one.raw_end])}"
            )
            ids = " ".join(map(str, one.token_ids))
            note = "" if one.fate == "known" else one.fate
            yield (place, one.token.form, one.token.tag, ids, note), one.fate

    def _row(self) -> str:
        ids = self.padded.tolist()
        shown = " ".join(str(i) for i in ids if i != PAD_ID)
        pads = f"{ids.count(PAD_ID)} PAD" if PAD_ID in ids else ""
        parts = (pads, shown) if ids[0] == PAD_ID else (shown, pads)
        return ", then ".join(filter(None, parts))


def _visible(text: str) -> str:
    """Show control characters and unpaired surrogates as escapes."""
    return "".join(
        ch if ch.isprintable() else ch.encode("unicode_escape").decode("ascii") for ch in text
    )
