"""`DatasetCard`: what is known of a dataset before it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote

RAW_GITHUB = "https://raw.githubusercontent.com"
"""Where GitHub serves the files of a commit."""

_GITHUB = "https://github.com/"


@dataclass(frozen=True, kw_only=True)
class DatasetFile:
    """One split's file."""

    name: str
    """What it is called in a data folder; "" for what koprep makes itself."""
    rows: int
    """Rows (of tagged data: sentences) of the official file, those that are skipped included."""
    path: str = ""
    """Where it lies in the source repository."""
    blob: str = ""
    """Its git blob id: 40 hexadecimal digits, the SHA-1 of ``blob <size>\\0`` and its content."""


@dataclass(frozen=True, kw_only=True)
class DatasetCard:
    """Where a dataset comes from, what it may be used for, and what it holds."""

    name: str
    title: str
    description: str
    license: str
    commercial_use: bool | str
    """Whether the licence allows it; a text where it depends on more."""
    source: str
    """The repository, or "part of koprep"."""
    files: Mapping[str, DatasetFile]
    """Split -> file."""
    columns: Mapping[str, str]
    """Column of the file -> what it holds."""
    label_rule: str
    """How the file's values become labels."""
    citation: str
    kind: Literal["texts", "tagged"] = "texts"
    """What `load` returns: a `TextDataset` or a `TaggedDataset`."""
    revision: str = ""
    """The commit of `source` that the files are taken from."""
    label_names: tuple[str, ...] = ()
    included: bool = False
    """Whether the data comes with koprep and needs no folder."""
    options: Mapping[str, str] = field(default_factory=dict)
    """Option of `load` -> what it does."""

    @property
    def splits(self) -> tuple[str, ...]:
        """The names of its splits."""
        return tuple(self.files)

    @property
    def rows(self) -> int:
        """The rows of all splits."""
        return sum(file.rows for file in self.files.values())

    def url(self, split: str, base_url: str | None = None) -> str:
        """Return where a split's file is downloaded from, at the pinned commit.

        Args:
            split: one of `splits`.
            base_url: a mirror laid out as `RAW_GITHUB` is; None is `RAW_GITHUB` itself.

        Raises:
            ValueError: the dataset is part of koprep.
        """
        if not self.source.startswith(_GITHUB) or not self.revision:
            raise ValueError(
                f"dataset {self.name!r} is {self.source}: there is nothing to download"
            )
        repository = self.source.removeprefix(_GITHUB)
        path = quote(self.files[split].path)
        return f"{base_url or RAW_GITHUB}/{repository}/{self.revision}/{path}"
