"""Elements, axes and numbers of a picture in SVG; colours are classes that the page defines."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 340
"""Units across a picture, near the pixels of a phone: text keeps its size there."""

Point = tuple[float, float]


def element(name: str, *children: str, **attributes: object) -> str:
    """Write an element; `children` are markup, `class_` is `class`, `_` in names is `-`.

    >>> element("text", text("<굿>"), class_="tick", text_anchor="end", x=1.5)
    '<text class="tick" text-anchor="end" x="1.5">&lt;굿&gt;</text>'
    >>> element("g", id='"a"')
    '<g id="&quot;a&quot;"></g>'
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_value(value))}"'
        for key, value in attributes.items()
    )
    return f"<{name}{written}>{''.join(children)}</{name}>"


def text(content: str) -> str:
    """Return text as markup."""
    return escape(content, quote=False)


def picture(name: str, title: str, description: str, height: float, parts: Iterable[str]) -> str:
    """Return a whole picture with its name and description for those who cannot see it."""
    return element(
        "svg",
        element("title", text(title), id=f"{name}-title"),
        element("desc", text(description), id=f"{name}-desc"),
        *parts,
        class_="chart",
        viewBox=f"0 0 {WIDTH} {_value(height)}",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
    )


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The room of a plot inside a picture, in units; shares run from the lower left corner."""

    height: float = 226
    left: float = 50
    right: float = 16
    top: float = 26
    bottom: float = 46

    def x(self, share: float) -> float:
        """Return the abscissa of a share of the width."""
        return self.left + share * (WIDTH - self.left - self.right)

    def y(self, share: float) -> float:
        """Return the ordinate of a share of the height."""
        return self.height - self.bottom - share * (self.height - self.top - self.bottom)

    def axes(
        self,
        x_ticks: Sequence[tuple[float, str]],
        y_ticks: Sequence[tuple[float, str]],
        x_name: str,
        y_name: str,
    ) -> str:
        """Draw grid lines, tick labels and names; a tick is its share and its label."""
        parts = []
        for share, label in y_ticks:
            y = self.y(share)
            parts.append(
                element("line", class_="grid", x1=self.x(0), x2=self.x(1), y1=y, y2=y)
                + element(
                    "text", text(label), class_="tick", x=self.left - 6, y=y + 4, text_anchor="end"
                )
            )
        for share, label in x_ticks:
            parts.append(
                element(
                    "text",
                    text(label),
                    class_="tick",
                    x=self.x(share),
                    y=self.y(0) + 17,
                    text_anchor="middle",
                )
            )
        parts.append(
            element("line", class_="axis", x1=self.x(0), x2=self.x(1), y1=self.y(0), y2=self.y(0))
        )
        parts.append(element("text", text(y_name), class_="name", x=4, y=13))
        parts.append(
            element(
                "text",
                text(x_name),
                class_="name",
                x=self.x(1),
                y=self.height - 6,
                text_anchor="end",
            )
        )
        return "".join(parts)

    def line(self, points: Iterable[Point]) -> str:
        """Draw a line through points given as shares."""
        path = " ".join(f"{_value(self.x(x))},{_value(self.y(y))}" for x, y in points)
        return element("polyline", class_="line", points=path)

    def mark(self, share: Point, label: str) -> str:
        """Mark a point by a dot, a line down to the axis and a label at its foot."""
        x, y = self.x(share[0]), self.y(share[1])
        before = x > WIDTH / 2
        return (
            element("path", class_="guide", d=f"M{_value(x)} {_value(self.y(0))}V{_value(y)}")
            + element("circle", class_="dot", cx=x, cy=y, r=4)
            + element(
                "text",
                text(label),
                class_="callout",
                x=x - 7 if before else x + 7,
                y=self.y(0) - 12,
                text_anchor="end" if before else "start",
            )
        )


def ticks(largest: float, count: int = 5) -> list[int]:
    """Return round whole numbers from 0 up to `largest`, about `count` steps.

    >>> ticks(61), ticks(3), ticks(0)
    ([0, 20, 40, 60], [0, 1, 2, 3], [0])
    """
    rough = max(1.0, largest / count)
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    return list(range(0, int(largest) + 1, int(step)))


def short_number(number: float) -> str:
    """Write a number as Korean reads large ones.

    >>> short_number(500), short_number(25_000), short_number(1_500_000)
    ('500', '2.5만', '150만')
    """
    if number >= 100_000_000:
        return f"{number / 100_000_000:.4g}억"
    if number >= 10_000:
        return f"{number / 10_000:.4g}만"
    return f"{number:,.0f}"


def _value(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
