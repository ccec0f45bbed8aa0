"""Steps about what can lead to a person: links, e-mail addresses, phone and resident numbers.

Each pattern holds ASCII only, so it ends before a particle: ``http://a.b/c에서``.
"""

import re
from functools import lru_cache
from typing import Literal

from koprep.cleaning.rules import Rule

ContactMode = Literal["keep", "remove", "mask"]


def replace_urls(text: str, *, mode: ContactMode = "mask") -> str:
    """Replace links that begin with http://, https://, ftp:// or www. by ``[URL]``.

    The link ends before the first Hangul and before closing punctuation. `mode` "remove" leaves a
    space, "keep" the text as it is. A bare name (naver.com) is not a link.

    >>> replace_urls("http://a.b/c?d=1에서 봄 (www.naver.com).")
    '[URL]에서 봄 ([URL]).'
    """
    return text if mode == "keep" else contact_rule("url", mode).apply(text)


def replace_emails(text: str, *, mode: ContactMode = "mask") -> str:
    """Replace e-mail addresses by ``[EMAIL]``; modes as in `replace_urls`.

    >>> replace_emails("a.b@x.co.kr로 주세요 @.@")
    '[EMAIL]로 주세요 @.@'
    """
    return text if mode == "keep" else contact_rule("email", mode).apply(text)


def replace_phones(text: str, *, mode: ContactMode = "mask") -> str:
    """Replace Korean phone numbers by ``[PHONE]``; modes as in `replace_urls`.

    Mobile numbers with or without separators, area and 070 numbers with separators, nationwide
    numbers such as 1588-1234, and +82 forms (national numbering plan, as of 2025). Digits that go
    on before or after are no phone number.

    >>> replace_phones("010-1234-5678로, 01012345678, (02)123-4567, 1000000원")
    '[PHONE]로, [PHONE], [PHONE], 1000000원'
    """
    return text if mode == "keep" else contact_rule("phone", mode).apply(text)


def replace_resident_numbers(text: str, *, mode: ContactMode = "mask") -> str:
    """Replace resident registration numbers by ``[RRN]``; modes as in `replace_urls`.

    A number (주민등록번호) is six digits that can be a birthday, then seven whose last six may be
    starred already. The check digit is not consulted: numbers given out since October 2020 have
    none.

    >>> replace_resident_numbers("900101-1234567이고 900101-1******, 991301-1234567")
    '[RRN]이고 [RRN], 991301-1234567'
    """
    return text if mode == "keep" else contact_rule("resident_number", mode).apply(text)


MASKS = {
    "url": "[URL]",
    "email": "[EMAIL]",
    "phone": "[PHONE]",
    "resident_number": "[RRN]",
}

_URL = r"""
    (?:(?:https?|ftp)://|(?<![A-Za-z0-9])www\.(?=[A-Za-z0-9]))
    [A-Za-z0-9._~:/?\#@!$&'()*+,;=%-]*
    [A-Za-z0-9_~/\#@$&*+=%-]           # not the full stop or bracket after the link
"""
_EMAIL = r"""
    (?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]++
    @(?:[A-Za-z0-9-]++\.)+[A-Za-z]{2,}+
"""
_RESIDENT_NUMBER = r"""
    (?<![0-9])
    [0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])
    (?:[ ]?-[ ]?|[ ])?
    [1-8][0-9*]{6}
    (?![0-9*])
"""
_PHONE = r"""
    (?<![0-9])(?<![0-9][-.])
    (?:
        (?:\+82[-. ]?|0)1[016789][-. ]?[0-9]{3,4}[-. ]?[0-9]{4}                # mobile
      | (?:\+82[-. ]?|\(?0)(?:2|3[1-3]|4[1-4]|5[1-5]|6[1-4]|70|80|50[2-8])     # area, internet
        (?:\)[-. ]?|[-. ])[0-9]{3,4}[-. ][0-9]{4}
      | 1(?:5(?:22|33|44|66|77|88|99)|6(?:44|61|66|70|88)|8(?:11|33|55|77|99)) # nationwide
        -[0-9]{4}
    )
    (?!-?[0-9])
"""
_PATTERNS = {
    "url": (_URL, ":wW"),
    "email": (_EMAIL, "@"),
    "phone": (_PHONE, "0-9"),
    "resident_number": (_RESIDENT_NUMBER, "0-9"),
}


@lru_cache
def contact_rule(kind: str, mode: ContactMode) -> Rule:
    """Return the rule behind the functions above; a mode with no rule is a ValueError."""
    if mode not in ("remove", "mask"):
        raise ValueError(f"mode must be one of keep, remove, mask; got {mode!r}")
    pattern, trigger = _PATTERNS[kind]
    return Rule(
        re.compile(pattern, re.VERBOSE | re.IGNORECASE | re.ASCII),
        " " if mode == "remove" else MASKS[kind],
        trigger,
    )
