"""Fonts that hold Hangul, for plots."""

from __future__ import annotations

PREFERRED = (
    "NanumGothic",
    "Noto Sans KR",
    "Noto Sans CJK KR",
    "Pretendard",
    "Malgun Gothic",
    "Apple SD Gothic Neo",
    "AppleGothic",
)
"""Plain fonts that read well in small sizes, the best first."""

MEND = "apt-get install fonts-nanum"
"""What brings a Korean font on Debian and Ubuntu; Windows and macOS have one."""


def korean_fonts() -> list[str]:
    """Return the families matplotlib can draw Hangul with, those of `PREFERRED` first.

    Fonts installed after matplotlib listed the system's are found, too.

    Raises:
        ModuleNotFoundError: matplotlib is not installed.
    """
    from matplotlib import font_manager

    manager = font_manager.fontManager
    found = {font.name for font in manager.ttflist if _has_hangul(font.name, font.fname)}
    if not found:
        listed = {font.fname for font in manager.ttflist}
        for path in font_manager.findSystemFonts():
            if path not in listed and _has_hangul("", path):
                manager.addfont(path)
                found.add(manager.ttflist[-1].name)
    preferred = [name for name in PREFERRED if name in found]
    return preferred + sorted(found - set(preferred))


def _has_hangul(name: str, path: str) -> bool:
    from matplotlib import ft2font

    if name.startswith("Last Resort"):  # claims every character, draws boxes
        return False
    try:
        return bool(ft2font.FT2Font(path).get_char_index(ord("한")))
    except (OSError, RuntimeError):  # a font file that was removed or is damaged
        return False
