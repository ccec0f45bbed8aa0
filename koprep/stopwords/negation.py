"""What carries negation in Korean, and so the meaning of a sentence: kept by every list."""

from __future__ import annotations

import re
from functools import lru_cache

NEGATION: frozenset[str] = frozenset({
    # adverbs and stems: 안 좋다, 못 보다, 좋지 않다, 하지 말다, 재미 없다, 아니다
    "안", "못", "않", "말", "마", "못하", "없", "아니", "아냐", "안되",
    # adverbs and determiners that ask for a negative: 별로 안 좋다, 아무런 감동도 없다
    "별로", "전혀", "절대", "절대로", "결코", "도저히", "도무지", "그다지", "좀처럼", "딱히",
    "일절", "미처", "차마", "아무", "아무런",
    # particles that deny: 재미밖에 없다, 감동은커녕, 이것 말고
    "밖에", "커녕", "는커녕", "은커녕", "ㄴ커녕", "말고", "말고는", "말고도",
})  # fmt: skip
"""Morphemes that negate, whole, as the analyzers write them; `is_negation` knows more forms.

Dropping one turns a sentence into its opposite: `재미밖에 없다` (nothing but fun) without its
particle reads `재미 없다` (no fun).
"""

# Okt leaves predicates inflected and often glues the negation on: 않았어요, 안좋은, 하지마세요.
_NEGATED_PREDICATE = re.compile(
    "않|없|못|지마|지말"
    "|^아[니닌닐닙님냐녜녀]"
    "|^안(?:[되된될됨됩돼됐]|좋|하|한|할|함|했)"
    "|^말(?:[아어자길라것]|았어)"
    "|^마(?:세|십|시길|라$|요$)"
)


@lru_cache(maxsize=1 << 16)
def is_negation(form: str) -> bool:
    """Tell whether a morpheme negates: one of `NEGATION`, or a predicate with negation inside.

    It reads the form alone, and in doubt says yes: the noun `말` (word) passes for `말다` too.

    >>> [form for form in ("안", "좋", "않았어요", "재미없는", "말고", "은") if is_negation(form)]
    ['안', '않았어요', '재미없는', '말고']
    """
    return form in NEGATION or _NEGATED_PREDICATE.search(form) is not None
