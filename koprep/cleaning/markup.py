"""Steps that undo HTML: entities decoded, tags removed."""

import html
import re
from html.entities import html5

from koprep.cleaning.characters import NFC
from koprep.cleaning.rules import Rule


def decode_entities(text: str) -> str:
    """Decode HTML entities that end in a semicolon, those escaped more than once at one go.

    Names are those of the HTML standard (`html.entities.html5`); an unknown one stays.

    >>> decode_entities("재미&amp;amp;감동 &lt;3 &#39;굿&#39; R&B &nothing;")
    "재미&감동 <3 '굿' R&B &nothing;"
    """
    return NFC.apply(ENTITIES.apply(text))


def remove_tags(text: str) -> str:
    """Remove HTML tags and comments: nothing stands in for an inline tag, a space for any other.

    A tag is a name of the HTML standard, all small or all capital, with ``name=value`` attributes;
    so a title in brackets (``<Time>``, ``<extreme ways>``, ``<기생충>``), ``<3`` and ``3 < 5 > 2``
    stay. The text between two tags stays as well: to read a whole web page, use an HTML parser.

    >>> remove_tags('<p class="r">정말 <b>재미</b>있다<br/>또 봄</p> <3 <기생충>')
    ' 정말 재미있다 또 봄  <3 <기생충>'
    """
    return NFC.apply(TAGS.apply(text))


def _decoded(match: re.Match[str]) -> str:
    name = match[1]
    if name.startswith("#"):
        return html.unescape(f"&{name};")
    return html5.get(f"{name};", f"&{name};")


def _without_tag(match: re.Match[str]) -> str:
    name = match[1]
    if name is None:  # a comment or a doctype
        return " "
    if not (name.islower() or name.isupper()) or name.lower() not in _ELEMENTS:
        return match[0]
    return "" if name.lower() in _INLINE else " "


_INLINE = frozenset(
    re.findall(
        r"\w+",
        """a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd mark q s samp small span
        strike strong sub sup tt u var wbr""",
    )
)
_ELEMENTS = _INLINE | frozenset(
    re.findall(
        r"\w+",
        """address area article aside audio base blockquote body br button canvas caption center
        col colgroup data datalist dd details dialog dir div dl dt embed fieldset figcaption figure
        footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html iframe img input
        label legend li link main map menu meta meter nav noframes noscript object ol optgroup
        option output p param picture pre progress rp rt ruby script search section select slot
        source style summary table tbody td template textarea tfoot th thead time title tr track ul
        video""",
    )
)

# No part of a tag can hold another "<", so each "<" is read once, up to the next.
_ATTRIBUTE = r"""\s++(?:
    [a-z_:@][\w:.@-]*+ \s*+ = \s*+ (?: "[^"<]*+" | '[^'<]*+' | [^\s"'=<>`]++ )
    | (?:async|checked|controls|defer|disabled|hidden|nowrap|open|readonly|selected)\b
)"""

TAGS = Rule(
    re.compile(
        rf"""<(?:
            /?([a-z][a-z0-9]*+) (?:{_ATTRIBUTE})*+ \s*+ /?>
            | !--[^<]*?-->
            | !doctype\b[^<>]*+>
        )""",
        re.VERBOSE | re.IGNORECASE | re.ASCII,
    ),
    _without_tag,
    trigger="<",
)
ENTITIES = Rule(
    re.compile(
        r"&(?:(?:amp|\#38|\#[xX]26);)*"  # each an ampersand that was escaped once more
        r"(\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
    ),
    _decoded,
    trigger="&",
)
