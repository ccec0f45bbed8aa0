"""Steps about characters: their Unicode form, which are invisible, which are kept."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Literal, get_args

from koprep.cleaning.emoji_pattern import EMOJI_SEQUENCE
from koprep.cleaning.rules import Edit, Rule
from koprep.hangul import CODAS, NUCLEI, ONSETS, compose_syllable

Keep = Literal["hangul", "hangul+digits", "hangul+alnum", "all"]


def normalize_nfc(text: str) -> str:
    r"""Compose the text canonically (Unicode NFC), in time linear in its length.

    Decomposed Hangul, as macOS writes it in file names, becomes syllables again. Compatibility
    forms stay as they are: NFKC would turn ㅋ into a conjoining jamo.

    >>> normalize_nfc("\u1112\u1161\u11ab글 ㅋ")
    '한글 ㅋ'
    """
    return NFC.apply(text)


def repair_surrogates(text: str) -> str:
    r"""Make the text encodable: join the two halves of a character, give U+FFFD for a lone half.

    >>> repair_surrogates("\ud83d\ude00") == "😀", repair_surrogates("가\ud83d나")
    (True, '가�나')
    """
    return SURROGATES.apply(text)


def compose_filled_syllables(text: str) -> str:
    r"""Compose the syllables that EUC-KR spells out: filler, onset, nucleus, coda or filler.

    KS X 1001 has codes for 2,350 of the 11,172 syllables and spells the others so (annex 3).
    Reading EUC-KR files as CP949 leaves such spellings in a text, where they look like jamo.

    >>> compose_filled_syllables("\u3164ㅂㅘㅅ는데 \u3164ㄸㅒ\u3164문에")
    '봣는데 떄문에'
    """
    return NFC.apply(FILLED_SYLLABLES.apply(text))


def remove_invisible(text: str) -> str:
    r"""Remove control, format, zero-width and direction characters and Hangul fillers.

    Whitespace stays, and so do the joiners and variation selectors that make up an emoji.

    >>> remove_invisible("재\u200b밌\ufeff다\u202e"), remove_invisible("👩\u200d💻")
    ('재밌다', '👩\u200d💻')
    """
    return NFC.apply(INVISIBLE.apply(text))


def fold_width(text: str) -> str:
    """Give full-width ASCII and half-width Hangul and katakana their normal width.

    Exactly the characters whose decomposition Unicode tags <wide> or <narrow>, the ideographic
    space among them; no other part of NFKC.

    >>> fold_width("ＬＧ　１００％ ﾡﾢ ｶﾞ ①㈜ㅋ")
    'LG 100% ㄱㄲ ガ ①㈜ㅋ'
    """
    return NFC.apply(WIDTH.apply(text))


def keep_characters(
    text: str, *, keep: Keep, replacement: str = " ", masks: Sequence[str] = ()
) -> str:
    """Put `replacement` in the place of every character that is not kept.

    "hangul" keeps syllables, the jamo ㄱ-ㅎ and ㅏ-ㅣ and the plain space, as the course's
    ``[^ㄱ-ㅎㅏ-ㅣ가-힣 ]`` does; "hangul+digits" adds 0-9; "hangul+alnum" also A-Z and a-z;
    "all" keeps everything. The strings in `masks` stay whole.

    >>> keep_characters("너무...좋아요ㅋ 10점", keep="hangul", replacement="")
    '너무좋아요ㅋ 점'
    >>> keep_characters("[URL]에서 봄!", keep="hangul", masks=["[URL]"])
    '[URL]에서 봄 '
    """
    return text if keep == "all" else keep_rule(keep, replacement, tuple(masks)).apply(text)


def collapse_whitespace(text: str) -> str:
    r"""Turn every run of Unicode whitespace into one space, and strip both ends.

    >>> collapse_whitespace(" 정말\t재밌다\n\u3000또 봄 ")
    '정말 재밌다 또 봄'
    """
    return WHITESPACE.apply(text)


class _NfcStep:
    trigger = ""

    def apply(self, text: str) -> str:
        if unicodedata.is_normalized("NFC", text):
            return text
        if _many_marks.search(text):
            return "".join(_compose(text[start:end]) for start, end in _groups(text))
        return unicodedata.normalize("NFC", text)

    def edits(self, text: str) -> list[Edit]:
        if unicodedata.is_normalized("NFC", text):
            return []
        return [
            (start, end, composed)
            for start, end in _groups(text)
            if (composed := _compose(text[start:end])) != text[start:end]
        ]


# unicodedata.normalize sorts a run of combining marks by insertion: quadratic, 8 s for 80,000
# marks. A mark is neither letter nor space, so a run this long holds all that could be slow.
_MANY = 256
_many_marks = re.compile(rf"[^\w\s\x00-\x7f]{{{_MANY},}}")


def _groups(text: str) -> Iterator[tuple[int, int]]:
    """Cut where composition cannot reach across: [start, end) of each character with its marks."""
    start = 0
    for index, ch in enumerate(text):
        if index and not _joins_previous(ch):
            yield start, index
            start = index
    if text:
        yield start, len(text)


def _joins_previous(ch: str) -> bool:
    """Whether NFC may merge `ch` into what stands before it (all that Unicode composes with)."""
    return (
        unicodedata.category(ch)[0] == "M"
        or "\u1160" <= ch <= "\u11ff"  # vowels and codas of Hangul
        or "\U00016d63" <= ch <= "\U00016d6a"  # vowels of Kirat Rai (Unicode 16)
    )


def _compose(group: str) -> str:
    if len(group) < _MANY:
        return unicodedata.normalize("NFC", group)
    decomposed = "".join(unicodedata.normalize("NFD", ch) for ch in group)
    in_order = "".join(
        "".join(sorted(run, key=unicodedata.combining) if are_marks else run)
        for are_marks, run in groupby(decomposed, key=lambda ch: unicodedata.combining(ch) > 0)
    )
    return unicodedata.normalize("NFC", in_order)


class _WhitespaceStep(Rule):
    def apply(self, text: str) -> str:
        return " ".join(text.split())  # what the pattern does, several times faster


def _whole_character(match: re.Match[str]) -> str:
    if len(match[0]) == 1:
        return "\ufffd"
    return match[0].encode("utf-16", "surrogatepass").decode("utf-16")


def _single_space(match: re.Match[str]) -> str:
    at_an_end = match.start() == 0 or match.end() == len(match.string)
    return "" if at_an_end else " "


# Unicode's Cc but for whitespace, Cf but for the number signs of other scripts, which are drawn;
# Hangul fillers, variation selectors, and the tag characters that spell flags.
_INVISIBLE = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)

_WIDTHS = {
    chr(code): chr(int(target, 16))
    for code in (0x3000, *range(0xFF01, 0xFFEF))
    for tag, _, target in [unicodedata.decomposition(chr(code)).partition(" ")]
    if tag in ("<wide>", "<narrow>")
}

NFC = _NfcStep()
SURROGATES = Rule(
    re.compile("[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]"),
    _whole_character,
    trigger="\ud800-\udfff",
)
FILLED_SYLLABLES = Rule(
    re.compile(f"\u3164([{ONSETS}])([{NUCLEI}])([{''.join(CODAS)}\u3164])"),
    lambda match: compose_syllable(match[1], match[2], match[3].strip("\u3164")),
    trigger="\u3164",
)
INVISIBLE = Rule(
    re.compile(f"({EMOJI_SEQUENCE})|[{_INVISIBLE}]+"),
    lambda match: match[1] or "",
    trigger=_INVISIBLE,
)
WIDTH = Rule(
    re.compile(f"[{''.join(_WIDTHS)}]"),
    lambda match: _WIDTHS[match[0]],
    trigger="\u3000\uff01-\uffee",
)
WHITESPACE = _WhitespaceStep(re.compile(r"\s+"), _single_space)

_KEPT = {
    "hangul": "ㄱ-ㅎㅏ-ㅣ가-힣 ",
    "hangul+digits": "ㄱ-ㅎㅏ-ㅣ가-힣 0-9",
    "hangul+alnum": "ㄱ-ㅎㅏ-ㅣ가-힣 0-9A-Za-z",
}


@lru_cache
def keep_rule(keep: Keep, replacement: str, masks: tuple[str, ...]) -> Rule:
    """Return the rule behind `keep_characters`; a `keep` with no rule is a ValueError."""
    if keep not in _KEPT:
        raise ValueError(f"keep must be one of {', '.join(get_args(Keep))}; got {keep!r}")
    dropped = f"[^{_KEPT[keep]}]"
    if not masks:
        return Rule(re.compile(dropped), lambda _: replacement)
    kept_whole = "|".join(map(re.escape, masks))
    return Rule(re.compile(f"({kept_whole})|{dropped}"), lambda match: match[1] or replacement)
