"""Facts about Hangul: syllables, letters (jamo) and the particles that depend on them.

Everything here is arithmetic on code points: a syllable of U+AC00-D7A3 is
``0xAC00 + (onset * 21 + nucleus) * 28 + coda`` (The Unicode Standard, section 3.12). Letters are
spelled as compatibility jamo (U+3131-318E), the ones a Korean keyboard types.
"""

import re
import unicodedata
from typing import Final

_FIRST_SYLLABLE, _LAST_SYLLABLE = "가", "힣"
ONSETS: Final = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
NUCLEI: Final = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
CODAS: Final = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")

_ONSET_INDEX = {letter: index for index, letter in enumerate(ONSETS)}
_NUCLEUS_INDEX = {letter: index for index, letter in enumerate(NUCLEI)}
_CODA_INDEX = {letter: index for index, letter in enumerate(CODAS)}


def is_syllable(ch: str) -> bool:
    """Whether `ch` is a precomposed syllable, U+AC00-D7A3.

    >>> is_syllable("한"), is_syllable("ㅎ"), is_syllable("A")
    (True, False, False)
    """
    return _FIRST_SYLLABLE <= _one_character(ch) <= _LAST_SYLLABLE


def is_compatibility_jamo(ch: str) -> bool:
    r"""Whether `ch` is a letter that stands alone, U+3131-318E.

    >>> is_compatibility_jamo("ㅋ"), is_compatibility_jamo("\u11ab"), is_compatibility_jamo("크")
    (True, False, False)
    """
    return "\u3131" <= _one_character(ch) <= "\u318e"


def is_conjoining_jamo(ch: str) -> bool:
    r"""Whether `ch` is a letter that joins its neighbours into a syllable, U+1100-11FF.

    >>> is_conjoining_jamo("\u11ab"), is_conjoining_jamo("ㄴ")
    (True, False)
    """
    return "\u1100" <= _one_character(ch) <= "\u11ff"


def decompose_syllable(syllable: str) -> tuple[str, str, str]:
    """The onset, nucleus and coda of a syllable; the coda is "" where there is none.

    A complex vowel or a cluster of consonants is one letter. Anything but one syllable is a
    ValueError.

    >>> decompose_syllable("한"), decompose_syllable("과"), decompose_syllable("넋")
    (('ㅎ', 'ㅏ', 'ㄴ'), ('ㄱ', 'ㅘ', ''), ('ㄴ', 'ㅓ', 'ㄳ'))
    """
    if not is_syllable(syllable):
        raise ValueError(f"expected a Hangul syllable (가-힣), got {syllable!r}")
    rest, coda = divmod(ord(syllable) - ord(_FIRST_SYLLABLE), len(CODAS))
    onset, nucleus = divmod(rest, len(NUCLEI))
    return ONSETS[onset], NUCLEI[nucleus], CODAS[coda]


def compose_syllable(onset: str, nucleus: str, coda: str = "") -> str:
    """The syllable these letters spell; the inverse of `decompose_syllable`.

    A letter that cannot stand in its place is a ValueError that names it.

    >>> compose_syllable("ㅎ", "ㅏ", "ㄴ"), compose_syllable("ㅇ", "ㅙ")
    ('한', '왜')
    """
    index = _index_of(onset, _ONSET_INDEX, "an onset (초성)")
    index = index * len(NUCLEI) + _index_of(nucleus, _NUCLEUS_INDEX, "a nucleus (중성)")
    index = index * len(CODAS) + _index_of(coda, _CODA_INDEX, "a coda (종성)")
    return chr(ord(_FIRST_SYLLABLE) + index)


def has_coda(syllable: str) -> bool:
    """Whether the syllable ends in a consonant (받침). Not a syllable: ValueError.

    >>> has_coda("밥"), has_coda("차")
    (True, False)
    """
    return decompose_syllable(syllable)[2] != ""


_SYLLABLE = re.compile("[가-힣]")

# A consonant after a vowel closes the syllable unless a vowel follows, which it then opens.
# ㄳ, ㄵ ... open nothing, so they close in any case.
_SPELLED_SYLLABLE = re.compile(
    "(?P<onset>[{onsets}])(?P<nucleus>[{nuclei}])"
    "(?P<coda>[{only_codas}]|[{codas}](?![{nuclei}]))?".format(
        onsets=ONSETS,
        nuclei=NUCLEI,
        codas="".join(CODAS),
        only_codas="".join(letter for letter in CODAS if letter not in ONSETS),
    )
)


def decompose(text: str) -> str:
    """Spell every syllable as compatibility jamo; all else stays.

    >>> decompose("값이 3원")
    'ㄱㅏㅄㅇㅣ 3ㅇㅝㄴ'
    """
    return _SYLLABLE.sub(lambda match: "".join(decompose_syllable(match[0])), text)


def compose(jamo_text: str) -> str:
    """Put compatibility jamo back together into syllables; all else stays.

    The reading is the keyboard's: a consonant belongs to the vowel after it, and closes the
    syllable before it only when no vowel follows. ``compose(decompose(text)) == text`` for every
    text without bare jamo; with them the letters may join (``"가ㄴ"`` comes back as ``"간"``).

    >>> compose("ㄱㅏㅄㅇㅣ 3ㅇㅝㄴ"), compose("ㄱㅏㄱㅏ"), compose("ㅋㅋㅋ")
    ('값이 3원', '가가', 'ㅋㅋㅋ')
    """
    return _SPELLED_SYLLABLE.sub(
        lambda match: compose_syllable(match["onset"], match["nucleus"], match["coda"] or ""),
        jamo_text,
    )


def onsets(text: str) -> str:
    """The first letter (초성) of every syllable; all else stays.

    >>> onsets("한국어 NLP ㅋㅋ")
    'ㅎㄱㅇ NLP ㅋㅋ'
    """
    return _SYLLABLE.sub(lambda match: decompose_syllable(match[0])[0], text)


def _compatibility_letters() -> dict[int, str]:
    """Conjoining jamo -> compatibility jamo, modern and old, from Unicode's own decompositions."""
    letters = {
        ord(unicodedata.normalize("NFKD", chr(code))): chr(code)
        for code in range(0x3131, 0x318F)
        if chr(code) != "\u3164"
    }
    letters |= {0x1100 + index: letter for index, letter in enumerate(ONSETS)}
    letters |= {0x1161 + index: letter for index, letter in enumerate(NUCLEI)}
    letters |= {0x11A7 + index: letter for index, letter in enumerate(CODAS) if letter}
    letters |= {0x115F: "", 0x1160: ""}  # fillers: the place of a letter that is not there
    return letters


_COMPATIBILITY_LETTERS = _compatibility_letters()


def to_compatibility_jamo(text: str) -> str:
    r"""NFC, then every conjoining jamo that is in no syllable becomes the letter a keyboard types.

    Analyzers give such letters for endings (Kiwi writes ``ㄴ다`` with U+11AB). Old letters with no
    compatibility form stay; the invisible fillers U+115F and U+1160 are dropped.

    >>> to_compatibility_jamo("\u11ab다") == "ㄴ다", to_compatibility_jamo("\u1112\u1161\u11ab")
    (True, '한')
    """
    return unicodedata.normalize("NFC", text).translate(_COMPATIBILITY_LETTERS)


def to_conjoining_coda(letter: str) -> str:
    r"""Write a letter as the coda that closes the syllable before it; others stay as they are.

    >>> to_conjoining_coda("ㄴ"), to_conjoining_coda("다")
    ('\u11ab', '다')
    """
    index = _CODA_INDEX.get(letter, 0)
    return chr(0x11A7 + index) if index else letter


# Pairs whose two forms are different words; the rest follow from 이- and 으로-.
_JOSA_PAIRS = (("은", "는"), ("이", "가"), ("을", "를"), ("과", "와"), ("아", "야"))

_DIGIT_CODAS = dict(
    zip("0123456789", ("ㅇ", "ㄹ", "", "ㅁ", "", "", "ㄱ", "ㄹ", "ㄹ", ""), strict=True)
)


def choose_josa(word: str, josa: str) -> str:
    """The form of a particle (조사) that this word takes.

    `josa` is a pair in either order: 은/는, 이/가, 을/를, 과/와, 아/야, any 이X/X (이나/나,
    이랑/랑, 이다/다 ...) and any 으로X/로X (으로/로, 으로서/로서 ...), where a final ㄹ takes 로.

    The sound of the word's end decides; brackets, quotes, other punctuation and spaces after it
    are passed over. A digit is read in Korean (1 is 일), a lone consonant by its name (ㄱ is 기역).
    Latin capitals are read letter by letter, so L, M, N and R end in a consonant; other Latin words
    do when they end in l, m, n or ng. Any other end (漢字, かな, nothing at all) counts as a vowel.
    A pair that is none of these is a ValueError.

    >>> choose_josa("사과", "은/는"), choose_josa("밥", "은/는"), choose_josa("'라면'", "이/가")
    ('는', '은', '이')
    >>> choose_josa("서울", "으로/로"), choose_josa("부산", "으로/로"), choose_josa("1", "으로/로")
    ('로', '으로', '로')
    """
    with_coda, without_coda = _josa_forms(josa)
    coda = _final_coda(word)
    if coda == "ㄹ" and with_coda.startswith("으로"):
        return without_coda
    return with_coda if coda else without_coda


def attach_josa(word: str, josa: str) -> str:
    """The word followed by the form of the particle it takes; see `choose_josa`.

    >>> attach_josa("영화", "을/를"), attach_josa("결말", "을/를"), attach_josa("KBS", "과/와")
    ('영화를', '결말을', 'KBS와')
    """
    return word + choose_josa(word, josa)


def _one_character(ch: str) -> str:
    if len(ch) != 1:
        raise ValueError(f"expected one character, got {ch!r}")
    return ch


def _index_of(letter: str, indices: dict[str, int], place: str) -> int:
    if letter not in indices:
        choices = " ".join(filter(None, indices))
        raise ValueError(f"{letter!r} cannot be {place}; choose from {choices}")
    return indices[letter]


def _josa_forms(josa: str) -> tuple[str, str]:
    """The form after a consonant and the form after a vowel."""
    first, slash, second = josa.partition("/")
    if slash and first and second:
        for after_consonant, after_vowel in ((first, second), (second, first)):
            if (
                (after_consonant, after_vowel) in _JOSA_PAIRS
                or after_consonant == "이" + after_vowel
                or (after_consonant == "으" + after_vowel and after_vowel.startswith("로"))
            ):
                return after_consonant, after_vowel
    known = ", ".join("/".join(pair) for pair in _JOSA_PAIRS)
    raise ValueError(f"unknown particle pair {josa!r}; use {known}, 이X/X or 으로X/로X")


def _final_coda(word: str) -> str:
    """The consonant the word's reading ends in, "" for a vowel."""
    spoken = unicodedata.normalize("NFC", word).rstrip()
    while spoken and unicodedata.category(spoken[-1])[0] in "PSZ":
        spoken = spoken[:-1]
    if not spoken:
        return ""
    last = spoken[-1]
    if is_syllable(last):
        return decompose_syllable(last)[2]
    if last in _DIGIT_CODAS:
        return _DIGIT_CODAS[last]
    if last in _CODA_INDEX or last in _ONSET_INDEX:
        return last
    return _final_latin_coda(spoken)


def _final_latin_coda(word: str) -> str:
    last_word = re.search("[A-Za-z]*$", word)
    letters = last_word[0] if last_word else ""
    if letters.isupper():
        return {"L": "ㄹ", "M": "ㅁ", "N": "ㄴ", "R": "ㄹ"}.get(letters[-1], "")
    if letters.endswith("ng"):
        return "ㅇ"
    return {"l": "ㄹ", "m": "ㅁ", "n": "ㄴ"}.get(letters[-1:], "")
