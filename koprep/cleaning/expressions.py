"""Steps about how feeling is typed: laughter, drawn-out signs, emoji."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, get_args

from koprep.cleaning.emoji_pattern import EMOJI_CHARACTERS, EMOJI_SEQUENCE
from koprep.cleaning.rules import Rule
from koprep.hangul import NUCLEI, ONSETS, compose_syllable, decompose_syllable

EmojiMode = Literal["keep", "remove", "alias"]
RepeatKind = Literal["jamo", "punctuation", "symbols", "syllables"]


def replace_emoji(text: str, *, mode: EmojiMode = "alias") -> str:
    """Replace each emoji by its Korean name between spaces; `mode` "remove" leaves the space.

    Names are those of the package `emoji`.

    >>> replace_emoji("최고👍🏽진짜😂")
    '최고 올린 엄지 갈색 피부 진짜 기쁨의 눈물을 흘리는 얼굴 '
    """
    return text if mode == "keep" else emoji_rule(mode).apply(text)


def split_laughter(text: str) -> str:
    """Part a laugh from the syllable it was typed into: 아닌뎈ㅋㅋ -> 아닌데 ㅋㅋㅋ.

    A syllable that ends in ㅋ or ㅎ right before the same letter loses it, and a space shows where
    the word ends. Words that end so by themselves stay: 부엌, 키읔, 케잌 and -녘 (새벽녘), and the
    syllables with ㅎ of the dictionary (좋-, 놓-, 그렇-, 까맣- ...). So do clusters (많ㅎㅎ,
    싫ㅎㅎ) and every other coda (굿ㅋㅋ, 영ㅇㅇ).

    >>> split_laughter("아닌뎈ㅋㅋ 하핳ㅎㅎ"), split_laughter("부엌ㅋㅋ 좋ㅎㅎ 밥ㅋㅋ")
    ('아닌데 ㅋㅋㅋ 하하 ㅎㅎㅎ', '부엌ㅋㅋ 좋ㅎㅎ 밥ㅋㅋ')
    """
    return LAUGHTER.apply(text)


def squeeze_repeats(
    text: str, *, max_repeats: int = 2, kinds: Sequence[RepeatKind] = ("jamo", "punctuation")
) -> str:
    """Shorten a run of one character to at most `max_repeats` characters.

    `kinds` says of which: "jamo" (ㅋㅋㅋ), "punctuation" (!!!, ~~~), and, only when asked,
    "symbols" (♥♥♥, emoji) and "syllables". Digits and Latin letters are never touched. Symbols are
    left alone by default because they count: ★★★★★ is five stars.

    >>> squeeze_repeats("스토리ㅋㅋㅋㅋㅋ!!!! 1000000원")
    '스토리ㅋㅋ!! 1000000원'
    >>> squeeze_repeats("하하하하 😂😂😂", max_repeats=1, kinds=["syllables", "symbols"])
    '하 😂'
    """
    for rule in repeat_rules(max_repeats, tuple(kinds)):
        text = rule.apply(text)
    return text


@lru_cache(maxsize=4096)
def _korean_name(sequence: str) -> str:
    import emoji

    return emoji.demojize(sequence, language="ko", delimiters=(" ", " ")).replace("_", " ")


@lru_cache
def emoji_rule(mode: EmojiMode) -> Rule:
    """Return the rule behind `replace_emoji`; a mode with no rule is a ValueError."""
    if mode not in ("remove", "alias"):
        raise ValueError(f"mode must be one of {', '.join(get_args(EmojiMode))}; got {mode!r}")
    return Rule(
        re.compile(EMOJI_SEQUENCE),
        " " if mode == "remove" else lambda match: _korean_name(match[0]),
        trigger=f"{EMOJI_CHARACTERS}\u20e3",
    )


def _laugh_moved_out(match: re.Match[str]) -> str:
    onset, nucleus, coda = decompose_syllable(match[0])
    return f"{compose_syllable(onset, nucleus)} {coda}"


def _syllables(coda: str) -> list[str]:
    return [compose_syllable(onset, nucleus, coda) for onset in ONSETS for nucleus in NUCLEI]


# Read off the word lists of Kiwi, Kkma and Open Korean Text: what ends so and is no laugh.
_WORD_ENDS = frozenset("녘좋놓넣렇떻랗닿쌓낳옇얗갛맣겋멓땋찧빻읗")
_ENDING_IN_KIEUK = "".join(ch for ch in _syllables("ㅋ") if ch not in _WORD_ENDS)
_ENDING_IN_HIEUT = "".join(ch for ch in _syllables("ㅎ") if ch not in _WORD_ENDS)

LAUGHTER = Rule(
    re.compile(
        f"[{_ENDING_IN_KIEUK}{_ENDING_IN_HIEUT}]"
        f"(?:(?<=[{_ENDING_IN_KIEUK}])(?=ㅋ)|(?<=[{_ENDING_IN_HIEUT}])(?=ㅎ))"
        "(?<!부엌)(?<!키읔)(?<!케잌)"
    ),
    _laugh_moved_out,
)

_REPEATED = {
    "jamo": "\u3131-\u3163\u3165-\u318e",  # U+3164 is an invisible filler
    "punctuation": (
        r"!-/:-@\[-`{-~¡§¨«¬¯°±´¶·¸»¿×÷"
        "\u2010-\u2027\u2030-\u205e\u3001-\u3003\u3008-\u3020\u3030\u303d"
        "\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
    ),
    "syllables": "가-힣",
}


@lru_cache
def repeat_rules(max_repeats: int, kinds: tuple[RepeatKind, ...]) -> tuple[Rule, ...]:
    """Return the rules behind `squeeze_repeats`; a number or kind with no rule is a ValueError."""
    if max_repeats < 1:
        raise ValueError(f"max_repeats must be at least 1 character, got {max_repeats}")
    for kind in kinds:
        if kind not in get_args(RepeatKind):
            choices = ", ".join(get_args(RepeatKind))
            raise ValueError(f"kinds must be among {choices}; got {kind!r}")
    rules = []
    characters = "".join(_REPEATED[kind] for kind in kinds if kind != "symbols")
    if characters:
        rules.append(_repeat_rule(f"[{characters}]", max_repeats, trigger=""))
    if "symbols" in kinds:
        symbol = rf"(?>{EMOJI_SEQUENCE})|[\u2190-\u2bff]"
        rules.append(_repeat_rule(symbol, max_repeats, f"{EMOJI_CHARACTERS}\u20e3\u2190-\u2bff"))
    return tuple(rules)


def _repeat_rule(repeated: str, max_repeats: int, trigger: str) -> Rule:
    return Rule(
        re.compile(rf"({repeated})\1{{{max_repeats},}}"),
        lambda match: match[1] * max_repeats,
        trigger,
        shortens=True,
    )
