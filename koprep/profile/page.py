"""The page: the template `page.html`, filled with a profile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any

from koprep.cleaning import Cleaner
from koprep.profile.charts import (
    Chart,
    coverage_line,
    growth_line,
    label_bars,
    length_histogram,
    part_name,
    unknown_bars,
)
from koprep.profile.report import Example, Finding, Place, Profile, Settings, UnknownShare
from koprep.profile.svg import element, text
from koprep.profile.words import COVERED

_LEVELS = {"error": "● 오류", "warning": "▲ 주의", "info": "■ 참고"}

SHOWN_PARTS = 12
"""Parts whose unknown words are listed; the JSON has all."""


def to_html(profile: Profile) -> str:
    """Return the page; all that comes from the corpus is escaped."""
    training = profile.parts[0].split
    return _template().substitute(
        name=text(profile.name),
        settings=text(_settings(profile.settings)),
        facts=_facts(profile),
        suggestion=text(_suggestion(profile)),
        reasons=text(_reasons(profile)),
        findings=_findings(profile),
        lengths=_lengths(profile),
        labels=_labels(profile, training),
        growth=_growth(profile),
        coverage=_coverage(profile),
        unknown=_unknown(profile),
        rows="행 번호는 파일의 줄 번호입니다(Parquet은 1부터 센 행)."
        if profile.rows_are == "line"
        else "행 번호는 0부터 셉니다.",
    )


@cache
def _template() -> Template:
    return Template((files("koprep.profile") / "page.html").read_text("utf-8"))


def _settings(settings: Settings) -> str:
    versions = [f"{name} {version}" for name, version in settings.engine_versions.items()]
    engine = ", ".join(filter(None, (_arguments(settings.tokenizer_settings), *versions)))
    engine = f" ({engine})" if engine else ""
    words, tags = settings.stopwords["words"], settings.stopwords["tags"]
    if words or tags:
        name = settings.stopwords.get("name") or "목록"
        stopwords = f"불용어 {name}(단어 {words}개, 품사 {len(tags)}개)"
    else:
        stopwords = "불용어 없음"
    return f"토크나이저 {settings.tokenizer}{engine} · {stopwords}"


def _facts(profile: Profile) -> str:
    facts = [(f"텍스트 · {part.split}", f"{part.texts:,}") for part in profile.parts]
    facts += [
        ("토큰(훈련)", f"{profile.words.tokens:,}"),
        ("서로 다른 토큰", f"{profile.words.types:,}"),
    ]
    if labels := {count.label for count in profile.labels if count.label}:
        facts.append(("라벨", f"{len(labels):,}"))
    facts += [
        ("평균 길이(토큰)", f"{profile.lengths.mean:.1f}"),
        ("가장 긴 텍스트", f"{profile.lengths.longest:,}"),
        ("한 번만 나온 토큰", f"{profile.words.seen_once:,}"),
        ("읽지 못한 행", f"{profile.unreadable:,}"),
    ]
    return "".join(
        element("div", element("dt", text(name)), element("dd", text(value)))
        for name, value in facts
    )


def _suggestion(profile: Profile) -> str:
    settings = profile.settings
    plain = Cleaner().to_dict()
    cleaner = {name: value for name, value in settings.cleaner.items() if value != plain[name]}
    arguments = [f"cleaner=Cleaner({_arguments(cleaner)})"] if cleaner else []
    if settings.tokenizer_settings:
        options = _arguments(settings.tokenizer_settings)
        arguments.append(f'tokenizer=get_tokenizer("{settings.tokenizer}", {options})')
    else:
        arguments.append(f'tokenizer="{settings.tokenizer}"')
    stopwords = settings.stopwords
    if "name" in stopwords and "keep_negation" not in stopwords:
        arguments.append(f'stopwords="{stopwords["name"]}"')
    elif stopwords["words"] or stopwords["tags"]:
        arguments.append("stopwords=stopwords")  # a list of one's own
    arguments += [
        f"vocabulary_size={profile.words.vocabulary_size}",
        f"maxlen={profile.lengths.maxlen}",
    ]
    return f"Preprocessor({', '.join(arguments)})"


def _arguments(settings: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in settings.items())


def _reasons(profile: Profile) -> str:
    lengths, words = profile.lengths, profile.words
    return (
        f"maxlen {lengths.maxlen}: 훈련 텍스트의 99% 이상을 자르지 않는 가장 짧은 길이"
        f"(실제 {lengths.kept_whole:.2%}). Preprocessor(maxlen=None)과 같은 규칙입니다. "
        f"vocabulary_size {words.vocabulary_size:,}: 훈련 토큰의 {COVERED:.0%}를 덮는 "
        "가장 작은 어휘에 PAD와 OOV를 더한 수. "
        f"한 번만 나온 토큰은 {words.seen_once:,}종입니다."
    )


def _findings(profile: Profile) -> str:
    found = [finding for finding in profile.findings if finding.severity != "ok"]
    passed = [finding for finding in profile.findings if finding.severity == "ok"]
    cards = "".join(map(_finding, found)) or element("p", "문제를 찾지 못했습니다.", class_="card")
    names = "".join(element("li", text(finding.title)) for finding in passed if finding.checked)
    if not names:
        return cards
    heading = element("h3", "이상 없는 항목", class_="passing")
    return cards + heading + element("ul", names, class_="passed")


def _finding(finding: Finding) -> str:
    head = element(
        "div",
        element("span", _LEVELS[finding.severity], class_="level"),
        element("h3", text(finding.title)),
        element("span", text(f"{finding.count:,}행 ({finding.percent})"), class_="count"),
        class_="head",
    )
    mend = text(finding.mend)
    if finding.command:
        mend += " " + element("code", text(finding.command))
    examples = "".join(map(_example, finding.examples))
    return element(
        "article",
        head,
        element("p", mend),
        element("ul", examples, class_="examples") if examples else "",
        class_=f"card finding {finding.severity}",
    )


def _example(example: Example) -> str:
    places = " ↔ ".join(map(_place, example.places))
    note = f" · {example.note}" if example.note else ""
    shown = text(example.text) if example.text.strip() else "(빈 텍스트)"
    return element("li", element("span", text(places + note), class_="places"), "<br>", shown)


def _place(place: Place) -> str:
    label = "" if place.label is None else f" (라벨 {place.label or '없음'})"
    return f"{place.split} {place.row:,}행{label}".lstrip()


def _lengths(profile: Profile) -> str:
    key = _key(("", "그대로 들어가는 텍스트"), ("second", "앞이 잘리는 텍스트"))
    return _card("텍스트 길이", length_histogram(profile.lengths), key)


def _labels(profile: Profile, training: str) -> str:
    if not profile.labels:
        return ""
    splits = list(dict.fromkeys(count.split for count in profile.labels))
    key = ""
    if len(splits) > 1:
        others = ", ".join(split for split in splits if split != training)
        key = _key(("", training), ("second", others))
    return _card("라벨의 분포", label_bars(profile.labels, training), key)


def _growth(profile: Profile) -> str:
    words = profile.words
    once = words.seen_once / words.types if words.types else 0.0
    note = (
        f"서로 다른 토큰 {words.types:,}종 가운데 {words.seen_once:,}종({once:.1%})은 "
        "한 번만 나왔습니다. 곡선이 눕지 않으면 글을 더 읽을수록 새 낱말이 계속 나옵니다."
    )
    return _card("어휘의 성장", growth_line(words), element("p", text(note), class_="soft"))


def _coverage(profile: Profile) -> str:
    note = element(
        "p", "전체 토큰을 이만큼 덮으려면 자주 나온 것부터 몇 종이 필요한지:", class_="soft"
    )
    targets = "".join(
        element("li", element("span", f"{target.share:.1%}"), text(f" {target.words:,}종"))
        for target in dict.fromkeys(profile.words.targets)
    )
    return _card(
        "어휘의 포함률",
        coverage_line(profile.words, COVERED),
        note,
        element("ul", targets, class_="words"),
    )


def _unknown(profile: Profile) -> str:
    if not any(share.tokens for share in profile.unknown):
        reason = "평가 부분이 없고, 10%를 떼어 재기에는 텍스트가 너무 적습니다."
        return element("p", reason, class_="card")
    rule = (
        "평가 부분이 없어 훈련 텍스트의 약 10%를 정해진 시드로 떼고 나머지를 어휘로 삼았습니다."
        if profile.held_out
        else "훈련 부분의 토큰을 어휘로 삼아 다른 부분에서 쟀습니다."
    )
    rule += " 권장 어휘로 줄이면 더 늘어나는 몫은 표에 있습니다."
    rates = _card(
        "처음 보는 토큰의 비율",
        unknown_bars(profile.unknown),
        element("p", text(rule), class_="soft"),
    )
    lists = "".join(map(_top_words, profile.unknown[:SHOWN_PARTS]))
    note = element("p", "괄호 안은 그 부분에서 나온 횟수입니다.", class_="soft")
    words = element("div", element("h3", "자주 나온 처음 보는 토큰"), note, lists, class_="card")
    return rates + words


def _top_words(share: UnknownShare) -> str:
    words = "".join(
        element("li", text(word), " ", element("span", f"({count:,})"))
        for word, count in share.top_unknown
    )
    listed = element("ul", words, class_="words") if words else element("p", "없음", class_="soft")
    return element("p", text(part_name(share)), class_="places") + listed


def _card(title: str, chart: Chart, *after: str) -> str:
    return element(
        "div", element("h3", text(title)), chart.svg, *after, _table(chart), class_="card"
    )


def _key(*entries: tuple[str, str]) -> str:
    return element(
        "p",
        *(element("b", element("i", class_=kind), text(name)) for kind, name in entries),
        class_="key",
    )


def _table(chart: Chart) -> str:
    head = _cells("th", chart.header)
    rows = "".join(_cells("td", row) for row in chart.rows)
    table = element("table", element("thead", head), element("tbody", rows))
    return element(
        "details", element("summary", "표로 보기"), element("div", table, class_="scroll")
    )


def _cells(kind: str, cells: Iterable[str]) -> str:
    return element("tr", *(element(kind, text(cell)) for cell in cells))
