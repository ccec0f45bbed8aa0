"""`DatasetCard`: what is known of a dataset before it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class DatasetCard:
    """Where a dataset comes from, what it may be used for, and what it holds."""

    name: str
    title: str
    description: str
    license: str
    source: str
    files: Mapping[str, str]
    """Split -> file name."""
    revision: str = ""
    """The commit of `source` that the files are taken from."""
    label_names: tuple[str, ...] = ()
    included: bool = False
    """Whether the data comes with koprep and needs no folder."""

    @property
    def splits(self) -> tuple[str, ...]:
        """The names of its splits."""
        return tuple(self.files)
