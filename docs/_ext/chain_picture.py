"""The whole chain in one picture, drawn from a real run of a pretrained model.

On a page:

    ```{chain-picture} review-sentiment
    배송이 너무 빨라요!!!! ㅋㅋㅋㅋ
    ```

The picture is SVG within the page, twice: one drawing for wide windows, one for narrow ones. Its
colours are the theme's, so it follows light and dark.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from koprep.zoo import pretrained

ROW = 46  # units a stage takes, beside its name
CHIP = 30  # units a token's box is high


@dataclass(frozen=True)
class Stage:
    """One step: what it is called, and the boxes or the one line it leads to."""

    name: str
    korean: str
    cells: tuple[str, ...]
    is_text: bool = False


@dataclass(frozen=True)
class Layout:
    """Where things stand: names beside the boxes, or above them in a narrow window."""

    css_class: str
    width: int
    name_width: int
    name_height: int


WIDE = Layout("wide-only", 760, 176, 0)
NARROW = Layout("narrow-only", 360, 0, 22)


class ChainPicture(SphinxDirective):
    """Draw what a pretrained model makes of a text."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        text = "\n".join(self.content)
        stages, answer, share = run_chain(self.arguments[0], text)
        told = f"{text} → " + " → ".join(
            f"{stage.name}: {' '.join(stage.cells)}" for stage in stages[1:]
        )
        pictures = [
            "\n".join(draw_chain(layout, stages, answer, share, told)) for layout in (WIDE, NARROW)
        ]
        page = f'<figure class="chain">{"".join(pictures)}</figure>'
        return [nodes.raw("", page, format="html")]


def run_chain(model_name: str, text: str) -> tuple[list[Stage], str, float]:
    model = pretrained(model_name)
    explanation = model.preprocessor_.explain(text)
    forms = tuple(token.token.form for token in explanation.tokens)
    ids = tuple(str(number) for token in explanation.tokens for number in token.token_ids)
    pads = len(explanation.padded) - len(ids)
    shares = model.predict_proba([text])[0]
    best = int(shares.argmax())
    stages = [
        Stage("raw text", "원문", (text,), is_text=True),
        Stage("Cleaner", "정제", (explanation.cleaned,), is_text=True),
        Stage("Tokenizer", "형태소", forms),
        Stage("Vocabulary", "정수", ids),
        Stage("padding", "패딩", (f"{pads}×0", *ids)),
        Stage("model", "예측", ()),
    ]
    return stages, str(model.label_names_[best]), float(shares[best])


def draw_chain(
    layout: Layout, stages: list[Stage], answer: str, share: float, told: str
) -> Iterator[str]:
    step = ROW + layout.name_height
    height = step * len(stages) - (ROW - CHIP) + 8
    columns = max(len(stage.cells) for stage in stages)
    cell = (layout.width - layout.name_width) / columns
    label = escape(f"{told} → {answer} {share:.0%}", quote=True)
    yield (
        f'<svg class="{layout.css_class}" viewBox="0 0 {layout.width} {height}" role="img" '
        f'aria-label="{label}">'
    )
    for row, stage in enumerate(stages):
        top = row * step + 6
        middle = top + layout.name_height + CHIP / 2
        name_y = middle if layout.name_width else top + 10
        yield (
            f'<text class="name" x="0" y="{name_y}">{escape(stage.name)}'
            f'<tspan class="korean" dx="8">{escape(stage.korean)}</tspan></text>'
        )
        if stage.is_text:
            line = escape(stage.cells[0])
            yield f'<text x="{layout.name_width + 2}" y="{middle}">{line}</text>'
        for place, content in enumerate(stage.cells if not stage.is_text else ()):
            column = place + columns - len(stage.cells)
            kind = "pad" if content.endswith("×0") else "chip"
            yield from _chip(layout.name_width + column * cell, middle, cell, content, kind)
        if not stage.cells:
            yield from _bar(layout, middle, answer, share)
    yield "</svg>"


def _chip(x: float, middle: float, width: float, content: str, kind: str) -> Iterator[str]:
    yield (
        f'<rect class="{kind}" x="{x + 2:.1f}" y="{middle - CHIP / 2}" width="{width - 4:.1f}" '
        f'height="{CHIP}" rx="6"/>'
        f'<text class="cell" x="{x + width / 2:.1f}" y="{middle}">{escape(content)}</text>'
    )


def _bar(layout: Layout, middle: float, answer: str, share: float) -> Iterator[str]:
    left, width = layout.name_width + 2, layout.width - layout.name_width - 4
    box = f'y="{middle - CHIP / 2}" height="{CHIP}" rx="6"'
    yield f'<rect class="chip" x="{left}" width="{width}" {box}/>'
    yield f'<rect class="share" x="{left}" width="{width * share:.1f}" {box}/>'
    yield f'<text class="answer" x="{left + 12}" y="{middle}">{escape(answer)} {share:.0%}</text>'


def setup(app: Sphinx) -> ExtensionMetadata:
    """Give pages the directive `chain-picture`."""
    app.add_directive("chain-picture", ChainPicture)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
