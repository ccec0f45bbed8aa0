"""BIO tags and the entities they spell: ``B-PS`` begins a PS, ``I-PS`` goes on, ``O`` is none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

OUTSIDE = "O"

Span = tuple[int, int]
"""[start, end) of a text, in characters."""


class Entity(NamedTuple):
    """A named part of a text: ``text[start:end]``."""

    label: str
    start: int
    end: int


def is_bio(tag_names: Sequence[str]) -> bool:
    """Return whether tags name entities: ``O``, and a ``B-`` and an ``I-`` of every label.

    >>> is_bio(["O", "B-PS", "I-PS"]), is_bio(["맑음", "비"])
    (True, False)
    """
    labels = {name[2:] for name in tag_names if name != OUTSIDE}
    due = {OUTSIDE, *(f"{prefix}-{label}" for prefix in "BI" for label in labels)}
    return bool(labels) and set(tag_names) == due


def find_entities(tags: Sequence[str], spans: Sequence[Span] | None = None) -> list[Entity]:
    """Return the entities that BIO tags spell, in order.

    An ``I-`` that continues nothing begins an entity, as a model's tags may do.

    Args:
        tags: one a token.
        spans: each token's place in the text; None counts tokens. What lies between two tokens
            of one entity, such as a space, belongs to it.

    >>> find_entities(["B-PS", "I-PS", "O", "B-LC"], [(0, 1), (2, 3), (3, 4), (4, 5)])
    [Entity(label='PS', start=0, end=3), Entity(label='LC', start=4, end=5)]
    """
    places = [(i, i + 1) for i in range(len(tags))] if spans is None else spans
    found: list[Entity] = []
    open_label = ""
    for tag, (start, end) in zip(tags, places, strict=True):
        prefix, _, label = tag.partition("-")
        if tag == OUTSIDE:
            open_label = ""
        elif prefix == "I" and label == open_label:
            found[-1] = found[-1]._replace(end=end)
        else:
            found.append(Entity(label, start, end))
            open_label = label
    return found


def entity_tags(entities: Sequence[Entity], spans: Sequence[Span]) -> list[str]:
    """Return the BIO tags of tokens: a token belongs to the first entity it overlaps.

    Args:
        entities: in order, without overlap.
        spans: each token's place in the text, in order of their starts.

    >>> entity_tags([Entity("PS", 0, 3)], [(0, 2), (2, 4), (4, 5)])
    ['B-PS', 'I-PS', 'O']
    """
    tags: list[str] = []
    at, begun = 0, -1
    for start, end in spans:
        while at < len(entities) and entities[at].end <= start:
            at += 1
        if at == len(entities) or entities[at].start >= end:
            tags.append(OUTSIDE)
        else:
            tags.append(f"{'I' if begun == at else 'B'}-{entities[at].label}")
            begun = at
    return tags


def first_stray(tags: Sequence[str]) -> int | None:
    """Return the index of the first ``I-`` that continues nothing; None if there is none.

    >>> first_stray(["O", "I-PS"]), first_stray(["B-PS", "I-PS"])
    (1, None)
    """
    before = OUTSIDE
    for index, tag in enumerate(tags):
        if tag.startswith("I-") and before not in (tag, f"B-{tag[2:]}"):
            return index
        before = tag
    return None
