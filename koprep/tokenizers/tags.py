"""Part-of-speech tags: each engine's tags, the coarse Universal ones, and the presets of both.

Engines name the same things differently: a common noun is `NNG` for Kiwi and MeCab, `Noun` for
Okt. `TO_UNIVERSAL` maps every engine's tags to the 17 tags of Universal Dependencies
(https://universaldependencies.org/u/pos/), which the presets are written in.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

# The tags that the engines of the Sejong corpus share (https://kkma.snu.ac.kr/ has the list).
_SEJONG = {
    "NNG": "NOUN", "NNP": "PROPN", "NNB": "NOUN", "NR": "NUM", "NP": "PRON",
    "VV": "VERB", "VA": "ADJ", "VX": "AUX", "VCP": "AUX", "VCN": "AUX",
    "MM": "DET", "MAG": "ADV", "MAJ": "CCONJ", "IC": "INTJ",
    "JKS": "ADP", "JKC": "ADP", "JKG": "ADP", "JKO": "ADP", "JKB": "ADP", "JKV": "ADP",
    "JKQ": "ADP", "JX": "ADP", "JC": "CCONJ",
    "EP": "PART", "EF": "PART", "EC": "PART", "ETN": "PART", "ETM": "PART",
    "XPN": "PART", "XSN": "PART", "XSV": "PART", "XSA": "PART", "XR": "NOUN",
    "SF": "PUNCT", "SE": "PUNCT", "SL": "X", "SH": "X", "SN": "NUM",
}  # fmt: skip

# What each engine has beyond them: kiwipiepy's documentation ("품사 태그") and KoNLPy's tag sets.
_KIWI = _SEJONG | {
    "VV-R": "VERB", "VV-I": "VERB", "VA-R": "ADJ", "VA-I": "ADJ", "VX-R": "AUX", "VX-I": "AUX",
    "XSA-R": "PART", "XSA-I": "PART", "XSM": "PART",
    "SP": "PUNCT", "SS": "PUNCT", "SSO": "PUNCT", "SSC": "PUNCT", "SO": "PUNCT", "SW": "SYM",
    "SB": "PUNCT", "UN": "X", "W_URL": "SYM", "W_EMAIL": "SYM", "W_HASHTAG": "SYM",
    "W_MENTION": "SYM", "W_SERIAL": "NUM", "W_EMOJI": "SYM", "Z_CODA": "PART", "Z_SIOT": "PART",
    "USER0": "X", "USER1": "X", "USER2": "X", "USER3": "X", "USER4": "X",
}  # fmt: skip
_MECAB = _SEJONG | {
    "NNBC": "NOUN", "SC": "PUNCT", "SSO": "PUNCT", "SSC": "PUNCT", "SY": "SYM", "UNKNOWN": "X",
    "UNA": "X", "NA": "X", "VSV": "VERB",
}  # fmt: skip
_KOMORAN = _SEJONG | {
    "NA": "X", "NF": "NOUN", "NV": "VERB", "SO": "PUNCT", "SP": "PUNCT", "SS": "PUNCT",
    "SW": "SYM", "UNKNOWN": "X",
}  # fmt: skip
_KKMA = {
    "NN": "NOUN", "NNG": "NOUN", "NNP": "PROPN", "NNB": "NOUN", "NNM": "NOUN", "NR": "NUM",
    "NP": "PRON", "VV": "VERB", "VA": "ADJ", "VX": "AUX", "VXV": "AUX", "VXA": "AUX", "VC": "AUX",
    "VCP": "AUX", "VCN": "AUX", "MD": "DET", "MDN": "NUM", "MDT": "DET", "MA": "ADV", "MAG": "ADV",
    "MAC": "CCONJ", "IC": "INTJ", "JK": "ADP", "JKS": "ADP", "JKC": "ADP", "JKG": "ADP",
    "JKO": "ADP", "JKM": "ADP", "JKI": "ADP", "JKQ": "ADP", "JC": "CCONJ", "JX": "ADP",
    "EP": "PART", "EPH": "PART", "EPT": "PART", "EPP": "PART", "EF": "PART", "EFN": "PART",
    "EFQ": "PART", "EFO": "PART", "EFA": "PART", "EFI": "PART", "EFR": "PART", "EC": "PART",
    "ECE": "PART", "ECD": "PART", "ECS": "PART", "ET": "PART", "ETN": "PART", "ETD": "PART",
    "XP": "PART", "XPN": "PART", "XPV": "PART", "XSN": "PART", "XSV": "PART", "XSA": "PART",
    "XSM": "PART", "XSO": "PART", "XR": "NOUN", "SF": "PUNCT", "SP": "PUNCT", "SS": "PUNCT",
    "SE": "PUNCT", "SO": "PUNCT", "SW": "SYM", "UN": "X", "UV": "X", "UE": "X", "OL": "X",
    "OH": "X", "ON": "NUM", "EMO": "SYM", "UNKNOWN": "X",
}  # fmt: skip
_HANNANUM = {
    "N": "NOUN", "NC": "NOUN", "NCPA": "NOUN", "NCPS": "NOUN", "NCN": "NOUN", "NCR": "NOUN",
    "NQ": "PROPN", "NQPA": "PROPN", "NQPB": "PROPN", "NQPC": "PROPN", "NQQ": "PROPN",
    "NB": "NOUN", "NBU": "NOUN", "NBN": "NOUN", "NBS": "NOUN", "NP": "PRON", "NPP": "PRON",
    "NPD": "PRON", "NN": "NUM", "NNC": "NUM", "NNO": "NUM", "P": "VERB", "PV": "VERB",
    "PVD": "VERB", "PVG": "VERB", "PA": "ADJ", "PAD": "ADJ", "PAA": "ADJ", "PX": "AUX",
    "M": "ADV", "MM": "DET", "MMD": "DET", "MMA": "DET", "MA": "ADV", "MAD": "ADV", "MAG": "ADV",
    "I": "INTJ", "II": "INTJ", "J": "ADP", "JC": "ADP", "JX": "ADP", "JP": "AUX", "E": "PART",
    "EP": "PART", "EC": "PART", "ET": "PART", "EF": "PART", "X": "PART", "XP": "PART",
    "XS": "PART", "S": "PUNCT", "SP": "PUNCT", "SF": "PUNCT", "SL": "PUNCT", "SR": "PUNCT",
    "SD": "PUNCT", "SE": "PUNCT", "SU": "SYM", "SY": "SYM", "F": "X", "UNKNOWN": "X",
}  # fmt: skip
_OKT = {
    "Noun": "NOUN", "Verb": "VERB", "Adjective": "ADJ", "Adverb": "ADV", "Determiner": "DET",
    "Modifier": "DET", "Exclamation": "INTJ", "Josa": "ADP", "Eomi": "PART", "PreEomi": "PART",
    "Conjunction": "CCONJ", "Suffix": "PART", "VerbPrefix": "PART", "Prefix": "PART",
    "NounPrefix": "PART", "ProperNoun": "PROPN", "Punctuation": "PUNCT", "KoreanParticle": "PART",
    "Foreign": "X", "Alpha": "X", "Number": "NUM", "Hashtag": "SYM", "ScreenName": "SYM",
    "Email": "SYM", "URL": "SYM", "CashTag": "SYM", "Others": "X", "Unknown": "X", "UNKNOWN": "X",
}  # fmt: skip

TO_UNIVERSAL: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "kiwi": MappingProxyType(_KIWI),
        "mecab": MappingProxyType(_MECAB),
        "komoran": MappingProxyType(_KOMORAN),
        "kkma": MappingProxyType(_KKMA),
        "hannanum": MappingProxyType(_HANNANUM),
        "okt": MappingProxyType(_OKT),
    }
)
"""Tag set -> engine tag -> Universal tag."""

PRESETS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "nouns": frozenset({"NOUN", "PROPN", "PRON", "NUM"}),
        "predicates": frozenset({"VERB", "ADJ"}),
        "content": frozenset({"NOUN", "PROPN", "PRON", "NUM", "VERB", "ADJ", "ADV", "INTJ"}),
    }
)
"""Preset -> the Universal tags it stands for."""


def to_universal(tag: str, tag_set: str) -> str:
    """Return the Universal tag of an engine's tag; `"X"` for a tag the engine adds later.

    A joined tag of MeCab counts as its first.

    >>> to_universal("NNG", "kiwi"), to_universal("VA-I", "kiwi")
    ('NOUN', 'ADJ')
    """
    return TO_UNIVERSAL[tag_set].get(tag.partition("+")[0], "X")


@lru_cache(maxsize=256)
def expand_tags(
    tags: tuple[str, ...] | str | None, tag_set: str, setting: str = "tags"
) -> frozenset[str]:
    """Return the engine tags that a preset, or a tuple of tags and tag beginnings, stands for.

    A beginning stands for all tags that start with it: `("J",)` is every particle of Kiwi.

    >>> sorted(expand_tags("predicates", "kiwi"))
    ['VA', 'VA-I', 'VA-R', 'VV', 'VV-I', 'VV-R']
    >>> sorted(expand_tags(("NN", "SN"), "kiwi"))
    ['NNB', 'NNG', 'NNP', 'SN']

    Raises:
        ValueError: a preset or a tag that the engine does not know; `setting` names the place.
    """
    if tags is None:
        return frozenset()
    known = TO_UNIVERSAL[tag_set]
    if isinstance(tags, str):
        if tags not in PRESETS:
            raise ValueError(
                f"{setting}={tags!r} is no preset ({', '.join(sorted(PRESETS))}); "
                f"write single tags as a tuple: ({tags!r},)"
            )
        return frozenset(tag for tag, universal in known.items() if universal in PRESETS[tags])
    expanded: set[str] = set()
    for tag in tags:
        matching = {name for name in known if name.startswith(tag)}
        if not tag or not matching:
            raise ValueError(f"{setting}: unknown tag {tag!r}; known: {', '.join(sorted(known))}")
        expanded |= matching
    return frozenset(expanded)
