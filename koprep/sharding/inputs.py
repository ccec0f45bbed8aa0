"""Which files are read, in which order, and what of their rows."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import JsonValue

from koprep.records.files import BAD_ROWS, FORMATS, format_of


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """Files of rows, read one after the other as if they were one.

    Attributes:
        files: None is standard input, which stands at most once.
        column: the column of texts; None for plain text, which has no columns.
        label: the column of whole numbers from 0 that becomes `label`, if any.
        format: see `koprep.records.Files`; of all files.
        encoding: of the text formats; None tells UTF-8 from CP949, file by file.

    Raises:
        FileNotFoundError: a file is missing.
        ValueError: no files, standard input twice, or a file whose format its name does not tell.
    """

    files: tuple[Path | None, ...]
    column: str | None = None
    label: str | None = None
    format: str | None = None
    encoding: str | None = None

    def __post_init__(self) -> None:
        if not self.files:
            raise ValueError("nothing to read: give at least one file")
        if self.files.count(None) > 1:
            raise ValueError("standard input can be read once only: give - once")
        for path in self.files:
            if path is not None and not path.exists():
                raise FileNotFoundError(f"no file {path}")
            if path is not None and self.format is None and format_of(path) is None:
                raise ValueError(
                    f"{path}: its name tells no format; give --format {'|'.join(FORMATS)}"
                )

    @classmethod
    def find(
        cls,
        paths: Iterable[Path],
        *,
        column: str | None = None,
        label: str | None = None,
        format: str | None = None,
        encoding: str | None = None,
    ) -> Self:
        """Return the inputs that paths stand for.

        Args:
            paths: files, folders, or `-` for standard input. A folder stands for its files of
                known formats in order of name; those in folders below it, those whose names
                begin with a dot, and side files of bad rows are left out.
            column: see `Inputs`.
            label: see `Inputs`.
            format: see `Inputs`.
            encoding: see `Inputs`.

        Raises:
            ValueError: also for a folder without such a file.
        """
        files: list[Path | None] = []
        for path in paths:
            if path == Path("-"):
                files.append(None)
            elif path.is_dir():
                files += _files_in(path)
            else:
                files.append(path)
        return cls(files=tuple(files), column=column, label=label, format=format, encoding=encoding)

    @property
    def total_bytes(self) -> int | None:
        """Bytes of all files; None with standard input."""
        sizes = [None if path is None else path.stat().st_size for path in self.files]
        return None if None in sizes else sum(size for size in sizes if size is not None)

    def settings(self) -> dict[str, JsonValue]:
        """Return what the manifest notes: equal settings read the same rows of the same files."""
        return {
            "inputs": ["-" if path is None else path.as_posix() for path in self.files],
            "column": self.column,
            "label": self.label,
            "format": self.format,
            "encoding": self.encoding,
        }


def _files_in(folder: Path) -> list[Path]:
    with os.scandir(folder) as entries:
        names = sorted(
            entry.name
            for entry in entries
            if not entry.name.startswith(".")
            and not entry.name.endswith(BAD_ROWS)
            and entry.is_file()
            and format_of(Path(entry.name))
        )
    if not names:
        raise ValueError(f"{folder} holds no file that ends in .{', .'.join(FORMATS)}")
    return [folder / name for name in names]
