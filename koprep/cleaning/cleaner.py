"""Cleaner: the steps in order, as one object that is settings and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self, get_args

from koprep.cleaning.chain import Chain
from koprep.cleaning.characters import (
    FILLED_SYLLABLES,
    INVISIBLE,
    NFC,
    SURROGATES,
    WHITESPACE,
    WIDTH,
    Keep,
    keep_rule,
)
from koprep.cleaning.contacts import MASKS, ContactMode, contact_rule
from koprep.cleaning.containers import like
from koprep.cleaning.expressions import LAUGHTER, EmojiMode, RepeatKind, emoji_rule, repeat_rules
from koprep.cleaning.markup import ENTITIES, TAGS
from koprep.cleaning.offsets import CleanedText, OffsetTracker
from koprep.cleaning.rules import Step
from koprep.texts import iter_texts, short

MOST_REPEATS = 10_000
"""The longest run that a cleaner may be asked to keep; beyond, a run is as good as left alone."""

_SWITCHES = (
    "strip_html",
    "strip_invisible",
    "unify_width",
    "split_laughter",
    "collapse_spaces",
)
_CHOICES = {
    "urls": get_args(ContactMode),
    "emails": get_args(ContactMode),
    "phones": get_args(ContactMode),
    "resident_numbers": get_args(ContactMode),
    "emoji": get_args(EmojiMode),
    "keep": get_args(Keep),
    "replacement": (" ", ""),
}


@dataclass(frozen=True, kw_only=True)
class Cleaner:
    """Turns a raw text into a clean one, without fail; cleaning twice is cleaning once.

    The steps, in order: NFC and surrogate repair always; entities and tags; invisible characters;
    widths; links, e-mail addresses, resident and phone numbers; emoji; which characters stay;
    laughter; repeats; whitespace. Each is a function of `koprep.cleaning` too.

    The default keeps all that carries feeling (punctuation, ㅋㅋ, ㅠㅠ, emoji) and evens out how it
    is typed. An unknown choice is a ValueError that lists the choices, a wrong type a TypeError.

    Attributes:
        strip_html: decode entities and remove tags.
        strip_invisible: remove control, zero-width and direction characters and Hangul fillers;
            syllables spelled with fillers are composed.
        unify_width: full-width ASCII and half-width Hangul and katakana to their normal width.
        urls, emails, phones, resident_numbers: "keep", "remove" (a space stays) or "mask"
            ([URL], [EMAIL], [PHONE], [RRN]). A mask outlives `keep`; so does the same word
            typed by hand.
        emoji: "keep", "remove" (a space stays) or "alias" (the Korean name).
        keep: "all", or "hangul", "hangul+digits", "hangul+alnum": nothing else stays but spaces.
        replacement: what stands in for each character `keep` drops: a space, or nothing.
        split_laughter: 아닌뎈ㅋㅋ -> 아닌데 ㅋㅋ.
        max_repeats: longest run of one character (characters); None leaves runs alone.
        repeat_kinds: of which characters: "jamo", "punctuation", "symbols", "syllables".
        collapse_spaces: every run of whitespace to one space, none at the ends.

    >>> Cleaner().clean("재밌닼ㅋㅋㅋㅋ!!!!<br>10점 줌ㅠㅠㅠ 😂")
    '재밌다 ㅋㅋ!! 10점 줌ㅠㅠ 😂'
    >>> Cleaner(keep="hangul", urls="mask").clean("너무...좋아요 http://a.b/c에서 봄")
    '너무 좋아요 [URL]에서 봄'
    """

    strip_html: bool = True
    strip_invisible: bool = True
    unify_width: bool = True
    urls: ContactMode = "keep"
    emails: ContactMode = "keep"
    phones: ContactMode = "keep"
    resident_numbers: ContactMode = "keep"
    emoji: EmojiMode = "keep"
    keep: Keep = "all"
    replacement: str = " "
    split_laughter: bool = True
    max_repeats: int | None = 2
    repeat_kinds: tuple[RepeatKind, ...] = ("jamo", "punctuation")
    collapse_spaces: bool = True
    _chain: Chain = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name in _SWITCHES:
            if not isinstance(value := getattr(self, name), bool):
                raise TypeError(f"{name} must be True or False, got {value!r}")
        for name, choices in _CHOICES.items():
            _check_choice(name, getattr(self, name), choices)
        if not isinstance(self.repeat_kinds, tuple | list):
            raise TypeError(f"repeat_kinds must be a tuple of names, got {self.repeat_kinds!r}")
        for kind in self.repeat_kinds:
            _check_choice("each of repeat_kinds", kind, get_args(RepeatKind))
        _check_max_repeats(self.max_repeats)
        object.__setattr__(self, "repeat_kinds", tuple(self.repeat_kinds))
        object.__setattr__(self, "_chain", Chain(self._steps()))

    def __reduce__(self) -> tuple[Callable[[dict[str, Any]], Self], tuple[dict[str, Any]]]:
        return type(self).from_dict, (self.to_dict(),)  # compiled patterns stay behind

    @classmethod
    def lecture(cls) -> Self:
        """Return the course's cleaning: NFC, then all but Hangul and spaces deleted, nothing else.

        On NFC text it equals ``re.sub("[^ㄱ-ㅎㅏ-ㅣ가-힣 ]", "", text)``.

        >>> Cleaner.lecture().clean("너무...좋아요  10점ㅋㅋㅋㅋ")
        '너무좋아요  점ㅋㅋㅋㅋ'
        """
        return cls(
            strip_html=False,
            strip_invisible=False,
            unify_width=False,
            keep="hangul",
            replacement="",
            split_laughter=False,
            max_repeats=None,
            collapse_spaces=False,
        )

    def clean(self, text: str) -> str:
        """Return the clean text; anything but a `str` is a TypeError.

        >>> Cleaner().clean("스토리ㅋㅋㅋㅋㅋ 1000000원")
        '스토리ㅋㅋ 1000000원'
        """
        return self._chain.settle(_checked(text), _apply)

    def clean_with_offsets(self, text: str) -> CleanedText:
        """Return what `clean` returns, with the place in the raw text of every character.

        >>> cleaned = Cleaner().clean_with_offsets("와<br>재밌다ㅋㅋㅋㅋ")
        >>> cleaned.text, cleaned.raw_span(2, 5)
        ('와 재밌다ㅋㅋ', (5, 8))
        """
        tracker = OffsetTracker(text := _checked(text))
        return CleanedText(self._chain.settle(text, tracker.apply), tracker.offsets())

    def clean_many(self, texts: Any) -> Any:
        """Clean every text; arrays and Series come back as such, all else as a list.

        NumPy and Arrow arrays, pandas and polars Series (name and index kept). One bare string,
        a table, and a row that holds no text (None, NaN, a number) are TypeErrors, which name the
        row by its number.

        >>> Cleaner().clean_many(["굿ㅋㅋㅋ", " 별로 "])
        ['굿ㅋㅋ', '별로']
        """
        rows = iter_texts(texts)
        if getattr(texts, "ndim", 1) != 1:
            raise TypeError(f"expected texts in one dimension, got an array of shape {texts.shape}")
        return like(texts, [self.clean(text) for text in rows])

    def to_dict(self) -> dict[str, Any]:
        """Return the settings as JSON holds them; `from_dict` reads them back.

        >>> Cleaner.from_dict(Cleaner.lecture().to_dict()) == Cleaner.lecture()
        True
        """
        settings = {name: getattr(self, name) for name in _setting_names()}
        return settings | {"repeat_kinds": list(self.repeat_kinds)}

    @classmethod
    def from_dict(cls, settings: Mapping[str, Any]) -> Self:
        """Build a cleaner from settings; a missing one is the default, an unknown one a ValueError.

        >>> Cleaner.from_dict({"keep": "hangul"}).clean("10점 만점에 8점!")
        '점 만점에 점'
        """
        for name in settings:
            if name not in _setting_names():
                known = ", ".join(_setting_names())
                raise ValueError(f"unknown cleaner setting {name!r}; known are {known}")
        return cls(**settings)

    def _steps(self) -> list[Step]:
        steps: list[Step] = [SURROGATES]
        if self.strip_html:
            steps += [ENTITIES, TAGS]
        if self.strip_invisible:
            steps += [FILLED_SYLLABLES, INVISIBLE]
        if self.unify_width:
            steps.append(WIDTH)
        steps.append(NFC)
        modes = {
            "url": self.urls,
            "email": self.emails,
            "resident_number": self.resident_numbers,
            "phone": self.phones,
        }
        steps += [contact_rule(kind, mode) for kind, mode in modes.items() if mode != "keep"]
        if self.emoji != "keep":
            steps.append(emoji_rule(self.emoji))
        if self.keep != "all":
            if self.collapse_spaces:
                steps.append(WHITESPACE)  # a line break parts words even where it is not kept
            masks = tuple(MASKS[kind] for kind, mode in modes.items() if mode == "mask")
            steps.append(keep_rule(self.keep, self.replacement, masks))
        if self.split_laughter:
            steps.append(LAUGHTER)
        if self.max_repeats is not None:
            steps += repeat_rules(self.max_repeats, self.repeat_kinds)
        if self.collapse_spaces:
            steps.append(WHITESPACE)
        return steps


def _setting_names() -> list[str]:
    return [setting.name for setting in fields(Cleaner) if setting.init]


def _check_max_repeats(value: object) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"max_repeats must be a whole number or None, got {value!r}")
    if value < 1:
        raise ValueError(f"max_repeats must be at least 1 character, got {value}")
    if value > MOST_REPEATS:
        raise ValueError(
            f"max_repeats must be at most {MOST_REPEATS:,} characters, got {value}; "
            "None leaves runs alone"
        )


def _check_choice(name: str, value: object, choices: tuple[str, ...]) -> None:
    if value not in choices:
        known = ", ".join(map(repr, choices))
        raise ValueError(f"{name} must be one of {known}; got {value!r}")


def _checked(text: object) -> str:
    if not isinstance(text, str):
        raise TypeError(f"expected a text, got {type(text).__name__} {short(text)}")
    return str.__str__(text)  # a subclass, such as numpy.str_, goes no further


def _apply(step: Step, text: str) -> str:
    return step.apply(text)
