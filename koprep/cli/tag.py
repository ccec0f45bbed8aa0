"""`koprep tag`."""

from __future__ import annotations

import json as json_format
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from koprep.cli.inputs import text_chunks
from koprep.cli.options import Encoding, Json, ModelOption
from koprep.cli.output import Output

if TYPE_CHECKING:
    from koprep.datasets import Entity

STYLES = ("blue", "dark_orange", "green", "magenta", "cyan", "red")
"""One a label, over again where labels are more; the label itself always stands beside."""


def tag(
    texts: Annotated[
        list[str] | None,
        typer.Argument(metavar="TEXT…", help="Texts; without any, lines of standard input."),
    ] = None,
    model: ModelOption = "entity-tagger",
    json: Json = False,
    encoding: Encoding = None,
) -> None:
    """Mark the spans of texts, by default named entities: [경찰:OG]은 …."""
    from koprep.zoo import load

    chunks = text_chunks(texts, encoding)
    tagger = load(model, kind="tagger")
    names = {name.partition("-")[2] or name for name in tagger.tag_names_}
    labels = sorted(names, key=lambda name: (name == "O", name))  # O needs no colour of its own
    console = Output()
    for chunk in chunks:
        for text, spans in zip(chunk, tagger.predict(chunk), strict=True):
            if json:
                found = [{**span._asdict(), "text": text[span.start : span.end]} for span in spans]
                print(json_format.dumps({"text": text, "spans": found}, ensure_ascii=False))
            else:
                console.print(marked(text, spans, labels), soft_wrap=True)


def marked(text: str, spans: Sequence[Entity], labels: Sequence[str]) -> Text:
    """Return the text with each span in brackets, its label behind it, in the label's colour.

    >>> from koprep.datasets import Entity
    >>> marked("김씨 집", [Entity("PS", 0, 1)], ["PS"]).plain
    '[김:PS]씨 집'
    """
    line, at = Text(), 0
    for label, start, end in spans:
        style = STYLES[labels.index(label) % len(STYLES)]
        line.append(text[at:start])
        line.append("[", style=style)
        line.append(text[start:end], style=f"bold {style}")
        line.append(f":{label}]", style=style)
        at = end
    return line.append(text[at:])
