"""A profile of a corpus: what is in it, what is wrong with it, which settings suit it.

`profile_texts` measures texts in memory or in a stream, `profile_rows` the rows that `read_rows`
reads from a file. The `Profile` they return saves itself as a page for people and as JSON.
"""

from koprep.profile.measuring import profile_rows, profile_texts
from koprep.profile.report import (
    Coverage,
    Example,
    Finding,
    LabelCount,
    Lengths,
    PartSize,
    Place,
    Profile,
    Settings,
    Severity,
    UnknownShare,
    Words,
)
from koprep.profile.rows import Row, Unreadable, read_rows

__all__ = [
    "Coverage",
    "Example",
    "Finding",
    "LabelCount",
    "Lengths",
    "PartSize",
    "Place",
    "Profile",
    "Row",
    "Settings",
    "Severity",
    "UnknownShare",
    "Unreadable",
    "Words",
    "profile_rows",
    "profile_texts",
    "read_rows",
]
