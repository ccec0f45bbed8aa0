"""From tallies to findings: how bad each is, and what mends it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from koprep.cleaning import Cleaner
from koprep.profile.checks import Checks
from koprep.profile.report import SEVERITIES, Finding, LabelCount, Severity
from koprep.profile.tally import Tally
from koprep.stopwords import Stopwords

MUCH = 0.01
"""From this share of the rows on, leaks are an error and duplicates a warning."""

IMBALANCE = 10
"""The largest class has this many times the texts of the smallest."""

_REREAD = "koprep profile FILE --encoding cp949"
_CLEAN = "koprep clean FILE --column COLUMN --out CLEAN"


@dataclass(frozen=True)
class Corpus:
    """What the findings are measured against."""

    texts: int
    tested: int
    """Texts outside of the training part."""
    training_labels: Sequence[LabelCount]
    cleaner: Cleaner
    stopwords: Stopwords


def judge(checks: Checks, corpus: Corpus) -> tuple[Finding, ...]:
    """Return a finding for each check, the most severe first."""
    findings = (
        *_rows_and_labels(checks, corpus),
        *_repeats(checks, corpus),
        _negation(checks.tallies["listed_negation"], corpus),
        *_characters(checks, corpus),
        *_emptiness(checks, corpus),
    )
    return tuple(sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity)))


def _finding(
    code: str,
    title: str,
    severity: Severity,
    tally: Tally,
    checked: int,
    mend: str,
    command: str = "",
) -> Finding:
    return Finding(
        code=code,
        title=title,
        severity=severity if tally.count else "ok",
        count=tally.count,
        checked=checked,
        mend=mend,
        command=command,
        examples=tuple(tally.examples),
    )


def _rows_and_labels(checks: Checks, corpus: Corpus) -> Iterator[Finding]:
    yield _finding(
        "unreadable_rows",
        "읽을 수 없는 행",
        "error",
        checks.unreadable,
        corpus.texts + checks.unreadable.count,
        "이 행들은 어떤 수치에도 들어가지 않았습니다. "
        "clean을 돌리면 이유와 함께 CLEAN.bad.jsonl에 모입니다.",
        _CLEAN,
    )
    yield _finding(
        "missing_labels",
        "라벨이 비어 있는 행",
        "error",
        checks.tallies["missing_labels"],
        corpus.texts,
        "라벨을 채우거나 그 행을 뺀 뒤 학습하세요.",
    )
    labelled = [count for count in corpus.training_labels if count.label]
    sizes = [count.texts for count in labelled]
    smallest = min(labelled, key=lambda count: count.texts, default=None)
    skewed = smallest is not None and max(sizes) >= IMBALANCE * smallest.texts
    times = max(sizes) / smallest.texts if smallest else 1
    yield _finding(
        "label_imbalance",
        "라벨 불균형",
        "warning",
        Tally(smallest.texts if smallest and skewed else 0),
        sum(sizes),
        f"가장 큰 라벨이 가장 작은 라벨({smallest.label if skewed and smallest else ''})의 "
        f"{times:,.0f}배입니다. 정확도 대신 라벨별 F1로 평가하고, 작은 라벨을 더 모으세요."
        if skewed
        else "라벨별 수가 서로 비슷합니다.",
    )


def _repeats(checks: Checks, corpus: Corpus) -> Iterator[Finding]:
    leaked = checks.repeats.leaked()
    yield _finding(
        "leakage",
        "훈련 텍스트가 평가에도 있음(누수)",
        "error" if leaked.count >= MUCH * corpus.tested else "warning",
        leaked,
        corpus.tested,
        "평가에서 이 행들을 빼고 점수를 다시 재세요. 새로 나눌 때는 중복부터 없애세요.",
    )
    yield _finding(
        "label_conflicts",
        "같은 텍스트, 다른 라벨",
        "warning",
        checks.repeats.conflicts(),
        corpus.texts,
        "라벨을 다시 확인해 하나로 맞추거나, 알 수 없으면 그 텍스트를 모두 빼세요.",
    )
    duplicates = checks.repeats.duplicates()
    yield _finding(
        "duplicates",
        "중복 텍스트(정제한 뒤 같음)",
        "warning" if duplicates.count >= MUCH * corpus.texts else "info",
        duplicates,
        corpus.texts,
        "훈련과 평가로 나누기 전에 하나만 남기세요.",
    )


def _negation(tally: Tally, corpus: Corpus) -> Finding:
    if corpus.stopwords.keep_negation:
        return _finding(
            "dropped_negation",
            "부정어를 지우는 불용어",
            "info",
            tally,
            corpus.texts,
            "불용어가 부정어(안, 못, 않 …)까지 가리키지만 koprep은 남겨 두었습니다. "
            "다른 도구에서는 지워지니 목록에서 빼세요.",
            "stopwords.remove(NEGATION)",
        )
    return _finding(
        "dropped_negation",
        "부정어를 지우는 불용어",
        "error",
        tally,
        corpus.texts,
        "부정어(안, 못, 않 …)가 지워져 문장의 뜻이 뒤집힙니다. 부정어를 남기세요.",
        "dataclasses.replace(stopwords, keep_negation=True)",
    )


def _characters(checks: Checks, corpus: Corpus) -> Iterator[Finding]:
    hidden: Severity = "info" if corpus.cleaner.strip_invisible else "warning"
    kinds: tuple[tuple[str, str, Severity, str, str], ...] = (
        (
            "mojibake",
            "깨진 인코딩 흔적",
            "warning",
            "잘못된 인코딩으로 읽은 글자입니다. 원본 파일을 제 인코딩으로 다시 읽으세요.",
            _REREAD,
        ),
        (
            "replacement_characters",
            "대체 문자 U+FFFD(�)",
            "warning",
            "이미 잃은 글자라 되살릴 수 없습니다. 원본 파일을 제 인코딩으로 다시 읽으세요.",
            _REREAD,
        ),
        (
            "unpaired_surrogates",
            "짝 없는 서로게이트",
            "warning",
            "반쪽만 남은 글자(대개 잘린 이모지)입니다. 정제하면 U+FFFD로 바뀝니다.",
            _CLEAN,
        ),
        (
            "decomposed_hangul",
            "풀어 쓴 한글(NFD)",
            "info",
            "koprep은 정제할 때 늘 NFC로 합칩니다. 다른 도구에 넘기려면 먼저 정제하세요.",
            _CLEAN,
        ),
        (
            "control_characters",
            "제어 문자",
            hidden,
            "정제할 때 지웁니다(기본값).",
            "Cleaner(strip_invisible=True)",
        ),
        (
            "zero_width_characters",
            "보이지 않는 문자(폭 없는 문자, 채움 문자)",
            hidden,
            "정제할 때 지웁니다(기본값).",
            "Cleaner(strip_invisible=True)",
        ),
    )
    for code, title, severity, mend, command in kinds:
        yield _finding(code, title, severity, checks.tallies[code], corpus.texts, mend, command)


def _emptiness(checks: Checks, corpus: Corpus) -> Iterator[Finding]:
    yield _finding(
        "empty_texts",
        "빈 텍스트",
        "warning",
        checks.tallies["empty_texts"],
        corpus.texts,
        "학습에서 빼세요. koprep은 PAD만 있는 행으로 바꿉니다.",
    )
    all_kept = corpus.cleaner.keep == "all"
    yield _finding(
        "cleaned_to_nothing",
        "정제하면 비는 텍스트",
        "warning",
        checks.tallies["cleaned_to_nothing"],
        corpus.texts,
        "남길 글자가 없는 텍스트이니 빼세요."
        if all_kept
        else "한글만 남기는 정제가 지웠습니다. 글자를 더 남기거나 빼세요.",
        "" if all_kept else 'Cleaner(keep="all")',
    )
    stopped = corpus.stopwords != Stopwords()
    yield _finding(
        "without_tokens",
        "토큰이 남지 않는 텍스트",
        "warning",
        checks.tallies["without_tokens"],
        corpus.texts,
        "불용어를 빼면 아무것도 남지 않습니다. 불용어를 줄이거나 텍스트를 빼세요."
        if stopped
        else "토크나이저가 자르지 못한 텍스트입니다. 빼세요.",
        "Preprocessor(stopwords=None)" if stopped else "",
    )
