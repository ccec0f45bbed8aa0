"""What a profile holds: plain frozen values, which save themselves as a page and as JSON."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from koprep.records.files import open_output

FORMAT = 1
"""The format number of the JSON."""

Severity = Literal["error", "warning", "info", "ok"]
"""`"error"`: results would mislead; `"warning"`: look at it; `"info"`: good to know."""

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info", "ok")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a text stands."""

    split: str
    row: int
    """The line of the file or the row's number, as `Profile.rows_are` says."""
    label: str | None = None
    """None where the part has no labels."""


@dataclass(frozen=True, kw_only=True)
class Example:
    """A text that shows a finding."""

    places: tuple[Place, ...]
    text: str
    """Cut to a line; what cannot be seen or encoded is written as ⟨U+200B⟩."""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one check found; the severity is `"ok"` where it found nothing."""

    code: str
    title: str
    severity: Severity
    count: int
    """Rows that have it."""
    checked: int
    """Rows that were looked at."""
    mend: str
    """What to do about it, in Korean."""
    command: str = ""
    """The koprep argument or command that does it, where there is one."""
    examples: tuple[Example, ...] = ()
    """Three at most."""

    @property
    def share(self) -> float:
        """`count` of `checked`, from 0 to 1."""
        return self.count / self.checked if self.checked else 0.0

    @property
    def percent(self) -> str:
        """`share` for people; a little is not written as nothing."""
        return f"{self.share:.1%}" if self.share >= 0.001 or not self.count else "<0.1%"


@dataclass(frozen=True, kw_only=True)
class PartSize:
    """How much text a split holds."""

    split: str
    training: bool
    texts: int
    tokens: int


@dataclass(frozen=True, kw_only=True)
class LabelCount:
    """How many texts of a split have a label; `label` is "" where one is due and missing."""

    split: str
    label: str
    texts: int


@dataclass(frozen=True, kw_only=True)
class Lengths:
    """Tokens a text, in the training part."""

    histogram: dict[int, int]
    """Tokens -> texts, by rising tokens."""
    mean: float
    median: int
    longest: int
    maxlen: int
    """What `Preprocessor(maxlen=None)` takes: the shortest that keeps 99 % of the texts whole."""
    kept_whole: float
    """Share of the texts that `maxlen` really keeps whole, from 0 to 1."""


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How many words cover a share of the tokens."""

    words: int
    """The most frequent ones, this many."""
    share: float
    """Of all tokens of the training part, from 0 to 1."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """Vocabulary of the training part: its growth and what its most frequent words cover."""

    tokens: int
    types: int
    seen_once: int
    """Types with one token."""
    growth: tuple[tuple[int, int], ...]
    """(tokens read, types seen so far), in the order of the texts."""
    coverage: tuple[Coverage, ...]
    """Points of the curve, by rising `words`."""
    targets: tuple[Coverage, ...]
    """The fewest words that cover at least 90, 95, 98, 99 and 99.9 % of the tokens."""
    vocabulary_size: int
    """Suggested: the fewest words that cover 99 % of the tokens, and PAD and OOV."""


@dataclass(frozen=True, kw_only=True)
class UnknownShare:
    """Tokens of a part that training did not show (OOV)."""

    split: str
    label: str | None
    """None: the whole split."""
    tokens: int
    unknown: int
    """Tokens that the training part does not hold."""
    outside: int
    """Tokens outside of the vocabulary of the suggested size."""
    top_unknown: tuple[tuple[str, int], ...]
    """The most frequent of `unknown` and their tokens, ten at most."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How the texts were cut."""

    tokenizer: str
    tokenizer_settings: dict[str, Any]
    engine_versions: dict[str, str]
    cleaner: dict[str, Any]
    stopwords: dict[str, Any]
    """What `Stopwords.to_dict` returns, without the words: their number stands for them."""


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What is in a corpus, what is wrong with it, which settings suit it."""

    name: str
    rows_are: Literal["line", "row"]
    """What row numbers count: lines of a file from 1, or rows from 0."""
    settings: Settings
    parts: tuple[PartSize, ...]
    """The training part first."""
    unreadable: int
    """Rows that could not be read; nothing else counts them."""
    lengths: Lengths
    labels: tuple[LabelCount, ...]
    words: Words
    held_out: bool
    """No part was given to test on: `unknown` measures a tenth of the training part."""
    unknown: tuple[UnknownShare, ...]
    findings: tuple[Finding, ...]
    """One for each check, the most severe first."""

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON values; histogram keys are numbers of tokens as strings."""
        values = {"format": FORMAT, **asdict(self)}
        values["findings"] = [
            {**asdict(finding), "share": finding.share} for finding in self.findings
        ]
        return json.loads(json.dumps(values))  # type: ignore[no-any-return]  # tuples to lists

    def to_html(self) -> str:
        """Return a self-contained page in Korean; the same profile gives the same page."""
        from koprep.profile.page import to_html  # it imports this module

        return to_html(self)

    def save(self, path: str | Path) -> tuple[Path, Path]:
        """Write the page and, beside it, the JSON.

        Args:
            path: an `.html` file, or a folder that takes `profile.html` and `profile.json`.
                Folders that are missing are made.

        Returns:
            The paths of the page and of the JSON.
        """
        page, values = profile_paths(path)
        page.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(self.to_dict(), ensure_ascii=False, indent=1) + "\n"
        for target, content in ((page, self.to_html()), (values, text)):
            with open_output(target) as stream:
                stream.write(content.encode())
        return page, values


def prepare_target(path: str | Path) -> None:
    """Refuse a place where `Profile.save` could not write, and make the folder.

    Raises:
        ValueError: a file of another kind than `.html`.
        OSError: the folder cannot be made or written to.
    """
    path = Path(path)
    kind = path.suffix.lower()
    if kind == ".htm" or (path.is_dir() if kind == ".html" else path.is_file()):
        raise ValueError(f"{path} is no folder: give one, or a file that ends in .html")
    folder = profile_paths(path)[0].parent
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        raise PermissionError(f"{folder} cannot be written to; give another place")


def profile_paths(path: str | Path) -> tuple[Path, Path]:
    """Return where `Profile.save` writes the page and the JSON.

    >>> [file.as_posix() for file in profile_paths("reports/nsmc.html")]
    ['reports/nsmc.html', 'reports/nsmc.json']
    """
    path = Path(path)
    page = path if path.suffix.lower() == ".html" else path / "profile.html"
    return page, page.with_suffix(".json")
