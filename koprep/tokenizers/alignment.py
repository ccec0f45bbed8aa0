"""Where morphemes stand in a text, for engines that do not tell."""

from __future__ import annotations

from collections.abc import Sequence

from koprep.hangul import decompose


def align(text: str, forms: Sequence[str]) -> list[tuple[int, int]]:
    """Return a place for each form: starts rise, and no place leaves the text.

    A form that stands in the text gets its own place. Restored forms (가깝 + 었 of 가까웠) share
    the stretch up to the next form that does, or up to the end of their eojeol: as many of them
    as have its letters.

    >>> align("가까웠다 또", ["가깝", "었", "다", "또"])
    [(0, 3), (0, 3), (3, 4), (5, 6)]
    >>> align("고와야 갔다", ["곱", "아야", "가", "았", "다"])
    [(0, 3), (0, 3), (4, 5), (4, 5), (5, 6)]
    """
    places: list[tuple[int, int]] = []
    cursor = 0
    while len(places) < len(forms):
        i = len(places)
        while cursor < len(text) and text[cursor] == " ":
            cursor += 1
        if text.startswith(forms[i], cursor):
            places.append((cursor, cursor + len(forms[i])))
            cursor += len(forms[i])
            continue
        space = text.find(" ", cursor)
        end = len(text) if space < 0 else space
        count = 0
        letters = len(decompose(text[cursor:end]))
        for form in forms[i:]:
            found = text.find(form, cursor + 1, end) if count else -1
            if found >= 0:
                end = found
                break
            if count and letters <= 0:
                break
            letters -= len(decompose(form))
            count += 1
        places += [(cursor, end)] * count
        cursor = end
    return places
