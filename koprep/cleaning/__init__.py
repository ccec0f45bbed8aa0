"""Cleaning: str -> str steps, and `Cleaner`, which runs the chosen ones in order.

Every step is a pure function that can be used alone; given NFC text it returns NFC text.
"""

from koprep.cleaning.characters import (
    Keep,
    collapse_whitespace,
    compose_filled_syllables,
    fold_width,
    keep_characters,
    normalize_nfc,
    remove_invisible,
    repair_surrogates,
)
from koprep.cleaning.cleaner import Cleaner
from koprep.cleaning.contacts import (
    ContactMode,
    replace_emails,
    replace_phones,
    replace_resident_numbers,
    replace_urls,
)
from koprep.cleaning.expressions import (
    EmojiMode,
    RepeatKind,
    replace_emoji,
    split_laughter,
    squeeze_repeats,
)
from koprep.cleaning.markup import decode_entities, remove_tags
from koprep.cleaning.offsets import CleanedText

__all__ = [
    "CleanedText",
    "Cleaner",
    "ContactMode",
    "EmojiMode",
    "Keep",
    "RepeatKind",
    "collapse_whitespace",
    "compose_filled_syllables",
    "decode_entities",
    "fold_width",
    "keep_characters",
    "normalize_nfc",
    "remove_invisible",
    "remove_tags",
    "repair_surrogates",
    "replace_emails",
    "replace_emoji",
    "replace_phones",
    "replace_resident_numbers",
    "replace_urls",
    "split_laughter",
    "squeeze_repeats",
]
