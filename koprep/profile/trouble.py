"""Characters that tell of a broken file: decomposed, undecodable, invisible, misread."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from koprep.cleaning.characters import INVISIBLE, SURROGATES
from koprep.hangul import is_syllable

EXCERPT = 80
"""Characters of a text that an example shows."""

_ORDINARY = re.compile("[\t\n\r -~ㄱ-ㅎㅏ-ㅣ가-힣]*")  # most texts hold nothing else
_DECOMPOSED = re.compile("[\u1100-\u1112][\u1161-\u1175]|[가-힣][\u11a8-\u11c2]")

_INVISIBLE = re.compile(f"[{INVISIBLE.trigger}]")

# How UTF-8 Hangul looks when read as cp1252 or latin-1: a lead byte 0xEA-ED and two more.
_CP1252_MARKS = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_UTF8_AS_LATIN = re.compile(f"[êëìí][\x80-\xbf{_CP1252_MARKS}]{{2}}")
# ... and EUC-KR Hangul, two bytes a syllable: two syllables or more in a row, not signs alone,
# for Korean writes the middle dot in rows.
_EUC_AS_LATIN = re.compile("(?=[\xa1-\xbf]*[À-ÖØ-öø-þ])(?:[\xb0-\xc8][\xa1-\xfe]){2,}")
# UTF-8 read as CP949: every other syllable is lost, the rest are rare ones.
_UTF8_AS_CP949 = re.compile("[?\ufffd]([가-힣])")
# U+FFFD three times, written as UTF-8 and read as CP949.
_LOST_TWICE = "占쏙옙"

MOJIBAKE_SIGNS = 2
"""Misread syllables in a text that are taken for mojibake: one may be chance."""


def find_trouble(text: str) -> dict[str, int]:
    r"""Return what is wrong with a raw text's characters: code -> where it begins.

    >>> find_trouble("재\u200b밌다\ufffd"), find_trouble("정상 👩\u200d💻")
    ({'replacement_characters': 4, 'zero_width_characters': 1}, {})
    >>> find_trouble("ì•ˆë…•"), find_trouble("¾È³ç"), find_trouble("안녕".encode().decode(
    ...     "cp949", "replace"))["mojibake"]
    ({'mojibake': 0}, {'mojibake': 0}, 0)
    """
    if _ORDINARY.fullmatch(text):
        return {}
    found: dict[str, int] = {}
    if match := _DECOMPOSED.search(text):
        found["decomposed_hangul"] = match.start()
    if "\ufffd" in text:
        found["replacement_characters"] = text.index("\ufffd")
    for match in SURROGATES.pattern.finditer(text):
        if len(match[0]) == 1:
            found.setdefault("unpaired_surrogates", match.start())
    if (start := _mojibake(text)) is not None:
        found["mojibake"] = start
    for match in INVISIBLE.pattern.finditer(text) if _INVISIBLE.search(text) else ():
        if match[1] is None:  # not the joiners that make up an emoji
            for offset, character in enumerate(match[0]):
                control = unicodedata.category(character) == "Cc"
                code = "control_characters" if control else "zero_width_characters"
                found.setdefault(code, match.start() + offset)
    return found


def _mojibake(text: str) -> int | None:
    if (start := text.find(_LOST_TWICE)) >= 0:
        return start
    if match := _EUC_AS_LATIN.search(text):
        return match.start()
    for signs in (_latin_signs(text), _cp949_signs(text)):
        places = list(signs)
        if len(places) >= MOJIBAKE_SIGNS:
            return places[0]
    return None


def _latin_signs(text: str) -> Iterator[int]:
    for match in _UTF8_AS_LATIN.finditer(text):
        try:
            character = b"".join(map(_byte, match[0])).decode()
        except UnicodeDecodeError:
            continue
        if is_syllable(character):
            yield match.start()


def _byte(character: str) -> bytes:
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:  # cp1252 leaves five bytes undefined; latin-1 has them all
        return character.encode("latin-1")


def _cp949_signs(text: str) -> Iterator[int]:
    for match in _UTF8_AS_CP949.finditer(text):
        if len(match[1].encode("euc-kr")) > 2:  # spelled out: not among the 2,350 in use
            yield match.start()


def excerpt(text: str, at: int = 0) -> str:
    r"""Return the piece of a text around a place, `EXCERPT` characters, all of them visible.

    >>> excerpt("재\u200b밌다\ud800"), len(excerpt("가" * 200, at=150))
    ('재⟨U+200B⟩밌다⟨U+D800⟩', 82)
    """
    start = max(0, min(at - EXCERPT // 2, len(text) - EXCERPT))
    piece = visible(text[start : start + EXCERPT])
    return f"{'…' if start else ''}{piece}{'…' if start + EXCERPT < len(text) else ''}"


def visible(text: str) -> str:
    r"""Write what cannot be seen or encoded by its code point, and whitespace as a space.

    >>> visible("a\tb\x00"), visible("👩\u200d💻")
    ('a b⟨U+0000⟩', '👩\u200d💻')
    """
    text = SURROGATES.pattern.sub(
        lambda match: _code_points(match[0]) if len(match[0]) == 1 else SURROGATES.apply(match[0]),
        text,
    )
    text = INVISIBLE.pattern.sub(lambda match: match[1] or _code_points(match[0]), text)
    return re.sub(r"\s", " ", text)


def _code_points(characters: str) -> str:
    return "".join(f"⟨U+{ord(character):04X}⟩" for character in characters)
