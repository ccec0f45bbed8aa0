"""Part-of-speech tags: each engine's tags, the coarse Universal ones, and the presets of both.

Engines name the same things differently: a common noun is `NNG` for Kiwi and MeCab, `Noun` for
Okt. `TO_UNIVERSAL` maps every engine's tags to the 17 tags of Universal Dependencies
(https://universaldependencies.org/u/pos/), which the presets are written in.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

# Sejong tags (https://kkma.snu.ac.kr/ has the list) as Kiwi writes and extends them
# (kiwipiepy's documentation, "품사 태그").
_KIWI = {
    "NNG": "NOUN", "NNP": "PROPN", "NNB": "NOUN", "NR": "NUM", "NP": "PRON",
    "VV": "VERB", "VA": "ADJ", "VX": "AUX", "VCP": "AUX", "VCN": "AUX",
    "VV-R": "VERB", "VV-I": "VERB", "VA-R": "ADJ", "VA-I": "ADJ", "VX-R": "AUX", "VX-I": "AUX",
    "MM": "DET", "MAG": "ADV", "MAJ": "CCONJ", "IC": "INTJ",
    "JKS": "ADP", "JKC": "ADP", "JKG": "ADP", "JKO": "ADP", "JKB": "ADP", "JKV": "ADP",
    "JKQ": "ADP", "JX": "ADP", "JC": "CCONJ",
    "EP": "PART", "EF": "PART", "EC": "PART", "ETN": "PART", "ETM": "PART",
    "XPN": "PART", "XSN": "PART", "XSV": "PART", "XSA": "PART", "XSA-R": "PART", "XSA-I": "PART",
    "XSM": "PART", "XR": "NOUN",
    "SF": "PUNCT", "SP": "PUNCT", "SS": "PUNCT", "SSO": "PUNCT", "SSC": "PUNCT", "SE": "PUNCT",
    "SO": "PUNCT", "SW": "SYM", "SB": "PUNCT", "SL": "X", "SH": "X", "SN": "NUM",
    "UN": "X", "W_URL": "SYM", "W_EMAIL": "SYM", "W_HASHTAG": "SYM", "W_MENTION": "SYM",
    "W_SERIAL": "NUM", "W_EMOJI": "SYM",
    "Z_CODA": "PART", "Z_SIOT": "PART",
    "USER0": "X", "USER1": "X", "USER2": "X", "USER3": "X", "USER4": "X",
}  # fmt: skip

TO_UNIVERSAL: Mapping[str, Mapping[str, str]] = MappingProxyType({"kiwi": MappingProxyType(_KIWI)})
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

    >>> to_universal("NNG", "kiwi"), to_universal("VA-I", "kiwi")
    ('NOUN', 'ADJ')
    """
    return TO_UNIVERSAL[tag_set].get(tag, "X")


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
