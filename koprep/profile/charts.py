"""The pictures of a profile, and the same figures as tables."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from koprep.profile.report import LabelCount, Lengths, UnknownShare, Words
from koprep.profile.svg import (
    WIDTH,
    Frame,
    element,
    picture,
    short_number,
    text,
    ticks,
)
from koprep.profile.words import HELD_OUT

BARS = 50
"""Bars of the histogram at most."""

BEYOND = 1.3
"""The histogram ends at this multiple of `maxlen`; one last bar holds what is longer."""

SHOWN_BARS = 20
"""Labels a picture shows; the table has all."""

UNLABELLED = "(라벨 없음)"


@dataclass(frozen=True)
class Chart:
    """A picture and the table of its figures; table cells are plain text."""

    svg: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class _Bin:
    first: int
    stop: int
    texts: int
    open: bool = False
    """Texts that are longer still are in it too."""

    @property
    def label(self) -> str:
        if self.open:
            return f"{self.first} 이상"
        last = self.stop - 1
        return f"{self.first}" if self.first == last else f"{self.first}–{last}"


def length_histogram(lengths: Lengths) -> Chart:
    """Draw tokens a text, with `maxlen`."""
    bins = _bins(lengths)
    most = max(part.texts for part in bins)
    frame = Frame()
    end = bins[-1].stop
    bars = []
    for part in bins:
        left, right, top = (
            frame.x(part.first / end),
            frame.x(part.stop / end),
            frame.y(part.texts / most),
        )
        bars.append(
            element(
                "rect",
                element("title", text(f"토큰 {part.label}개: 텍스트 {part.texts:,}개")),
                class_="bar second" if part.first > lengths.maxlen else "bar",
                x=left,
                y=top,
                width=max(0.6, right - left - 0.8),
                height=frame.y(0) - top,
            )
        )
    at = frame.x(min(1.0, (lengths.maxlen + 1) / end))
    callout = f"maxlen {lengths.maxlen} · {lengths.kept_whole:.1%} 온전"
    parts = [
        frame.axes(
            [((tick + 0.5) / end, str(tick)) for tick in ticks(end - 1, 6)],
            [(tick / most, short_number(tick)) for tick in ticks(most)],
            "텍스트의 토큰 수",
            "텍스트 수",
        ),
        *bars,
        element("line", class_="guide", x1=at, x2=at, y1=18, y2=frame.y(0)),
        element("text", text(callout), class_="callout", x=WIDTH - 4, y=13, text_anchor="end"),
    ]
    description = (
        f"텍스트 길이의 히스토그램. 가운데값 {lengths.median}개, 평균 {lengths.mean:.1f}개, "
        f"가장 긴 것 {lengths.longest:,}개. maxlen {lengths.maxlen}이면 "
        f"{lengths.kept_whole:.2%}가 잘리지 않는다."
    )
    return Chart(
        picture("lengths", "텍스트 길이(토큰 수)", description, frame.height, parts),
        ("토큰 수", "텍스트 수"),
        tuple((part.label, f"{part.texts:,}") for part in bins),
    )


def _bins(lengths: Lengths) -> list[_Bin]:
    end = min(lengths.longest, math.ceil(lengths.maxlen * BEYOND))
    size = math.ceil((end + 1) / BARS)
    # a bin ends at maxlen, so that the line between bars stands where texts are cut
    offset = (lengths.maxlen + 1) % size
    edges = [*([0] if offset else []), *range(offset, end + 1 + size, size)]
    texts = [0] * len(edges)
    for tokens, count in lengths.histogram.items():
        texts[bisect_right(edges, tokens) - 1] += count
    rest = texts.pop()
    bins = [_Bin(*part) for part in zip(edges, edges[1:], texts, strict=False)]
    return [*bins, _Bin(edges[-1], edges[-1] + size, rest, open=True)] if rest else bins


def growth_line(words: Words) -> Chart:
    """Draw types against tokens read."""
    frame = Frame()
    tokens, types = max(1, words.tokens), max(1, words.types)
    parts = [
        frame.axes(
            [(tick / tokens, short_number(tick)) for tick in ticks(tokens)],
            [(tick / types, short_number(tick)) for tick in ticks(types)],
            "지금까지 읽은 토큰 수",
            "서로 다른 토큰(종)",
        ),
        frame.line([(x / tokens, y / types) for x, y in words.growth]),
    ]
    description = (
        f"토큰 {words.tokens:,}개를 읽는 동안 서로 다른 토큰이 {words.types:,}종까지 늘었다."
    )
    return Chart(
        picture("growth", "어휘의 성장", description, frame.height, parts),
        ("읽은 토큰", "서로 다른 토큰"),
        tuple((f"{x:,}", f"{y:,}") for x, y in words.growth),
    )


def coverage_line(words: Words, share: float) -> Chart:
    """Draw the share of tokens that the k most frequent words cover, k on a log scale."""
    frame = Frame()
    decades = max(1.0, math.log10(max(1, words.types)))

    def x(count: int) -> float:
        return math.log10(max(1, count)) / decades

    chosen = next((target for target in words.targets if target.share >= share), None)
    parts = [
        frame.axes(
            [(x(10**i), short_number(10**i)) for i in range(int(decades) + 1)],
            [(tick / 100, f"{tick}%") for tick in (0, 25, 50, 75, 100)],
            "자주 나온 순서로 고른 토큰 수(로그 눈금)",
            "덮는 비율",
        ),
        frame.line([(x(point.words), point.share) for point in words.coverage]),
    ]
    if chosen is not None:
        label = f"{chosen.words:,}종이 {chosen.share:.1%}"
        parts.append(frame.mark((x(chosen.words), chosen.share), label))
    description = "가장 자주 나온 토큰부터 모을 때 전체 토큰을 덮는 비율. " + " ".join(
        f"{target.words:,}종이면 {target.share:.1%}." for target in words.targets
    )
    return Chart(
        picture("coverage", "어휘의 포함률", description, frame.height, parts),
        ("자주 나온 토큰", "덮는 비율"),
        tuple((f"{point.words:,}", f"{point.share:.2%}") for point in words.coverage),
    )


@dataclass(frozen=True)
class _Bar:
    label: str
    share: float
    value: str
    second: bool


def label_bars(labels: Sequence[LabelCount], training: str) -> Chart:
    """Draw how many texts have each label, part by part."""
    sizes: dict[str, int] = {}
    for count in labels:
        sizes[count.split] = sizes.get(count.split, 0) + count.texts
    many = len(sizes) > 1
    most = max(count.texts / sizes[count.split] for count in labels)
    names = dict.fromkeys(count.label for count in labels)
    places = {name: place for place, name in enumerate(names)}
    ordered = sorted(labels, key=lambda count: places[count.label])
    bars = []
    for count in ordered:
        share = count.texts / sizes[count.split]
        name = count.label or UNLABELLED
        bars.append(
            _Bar(
                f"{name} · {count.split}" if many else name,
                share / most,
                f"{count.texts:,} ({share:.1%})",
                count.split != training,
            )
        )
    description = "라벨마다 텍스트 수와 그 부분 안에서의 비율. " + "; ".join(
        f"{bar.label}: {bar.value}" for bar in bars[:SHOWN_BARS]
    )
    return Chart(
        _bars("labels", "라벨의 분포", "텍스트 수(그 부분에서의 비율)", description, bars),
        ("부분", "라벨", "텍스트 수", "비율"),
        tuple(
            (
                count.split,
                count.label or UNLABELLED,
                f"{count.texts:,}",
                f"{count.texts / sizes[count.split]:.1%}",
            )
            for count in ordered
        ),
    )


def unknown_bars(shares: Sequence[UnknownShare]) -> Chart:
    """Draw the share of tokens that training did not show."""
    rates = [share.unknown / share.tokens if share.tokens else 0.0 for share in shares]
    most = max(rates) or 1.0
    bars = [
        _Bar(part_name(share), rate / most, f"{rate:.2%}", share.label is None)
        for share, rate in zip(shares, rates, strict=True)
    ]
    description = "훈련 부분에 없던 토큰의 비율. " + "; ".join(
        f"{bar.label}: {bar.value}" for bar in bars[:SHOWN_BARS]
    )
    return Chart(
        _bars("unknown", "처음 보는 토큰(OOV)", "전체 토큰에서의 비율", description, bars),
        ("부분", "토큰", "처음 보는 토큰", "권장 어휘 밖"),
        tuple(
            (
                part_name(share),
                f"{share.tokens:,}",
                _of(share.unknown, share.tokens),
                _of(share.outside, share.tokens),
            )
            for share in shares
        ),
    )


def part_name(share: UnknownShare) -> str:
    """Return what a part is called on the page."""
    split = "따로 뗀 10%" if share.split == HELD_OUT else share.split
    if share.label is None:
        return f"{split} 전체"
    return f"{split} · {share.label or UNLABELLED}"


def _bars(name: str, title: str, measure: str, description: str, bars: Sequence[_Bar]) -> str:
    """Draw horizontal bars, each under its label and beside its value."""
    pitch, top = 40, 24
    parts = [element("text", text(measure), class_="name", x=WIDTH - 2, y=13, text_anchor="end")]
    for i, bar in enumerate(bars[:SHOWN_BARS]):
        y = top + i * pitch
        label = bar.label if len(bar.label) <= 24 else f"{bar.label[:23]}…"
        parts.append(
            element("text", text(label), class_="label", x=2, y=y + 13)
            + element(
                "text", text(bar.value), class_="value", x=WIDTH - 2, y=y + 13, text_anchor="end"
            )
            + element("rect", class_="track", x=2, y=y + 19, width=WIDTH - 4, height=11, rx=3)
            + element(
                "rect",
                class_="bar second" if bar.second else "bar",
                x=2,
                y=y + 19,
                width=max(2.0, bar.share * (WIDTH - 4)),
                height=11,
                rx=3,
            )
        )
    height = top + pitch * min(len(bars), SHOWN_BARS)
    if len(bars) > SHOWN_BARS:
        more = f"그 밖의 {len(bars) - SHOWN_BARS}개는 표에"
        parts.append(element("text", text(more), class_="name", x=2, y=height + 12))
        height += 20
    return picture(name, title, description, height, parts)


def _of(count: int, whole: int) -> str:
    return f"{count:,} ({count / whole:.2%})" if whole else "0"
