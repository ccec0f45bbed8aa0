"""Bundles: folders on disk that hold a preprocessor, a model or both.

A bundle lists every file with its SHA-256 in `manifest.json`. It is replaced in one step (see
`koprep.replacing`), so that a reader finds the old bundle or the new one, never a mixture.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from koprep._version import __version__
from koprep.formats import Document, upgrade
from koprep.manifest import MANIFEST, Kind, Manifest, ManifestError, NewerFormat
from koprep.replacing import finish_replacing, replacing
from koprep.texts import listed

FILE_MANAGERS = frozenset({".DS_Store", ".directory", "Thumbs.db", "desktop.ini"})
"""What file managers leave in a folder that was looked at; a save does away with it."""

__all__ = [
    "MANIFEST",
    "Bundle",
    "DamagedBundle",
    "FileProblem",
    "Kind",
    "Manifest",
    "check_target",
    "read_bundle",
    "write_bundle",
]

State = Literal["missing", "changed", "no plain file", "unknown"]

_SENTENCES: Mapping[State, str] = {
    "missing": "is missing",
    "changed": "was changed after saving",
    "no plain file": "is no plain file",
    "unknown": "is no part of it",
}


@dataclass(frozen=True)
class FileProblem:
    """One file that is not as the manifest says."""

    name: str
    state: State

    def __str__(self) -> str:
        return f"{self.name} {_SENTENCES[self.state]}"


class DamagedBundle(ValueError):
    """A folder that cannot be opened as a bundle; `problems` holds the files to blame."""

    def __init__(
        self, folder: Path, reason: str, mend: str, problems: tuple[FileProblem, ...] = ()
    ) -> None:
        super().__init__(f"{folder} cannot be opened: {reason}; {mend}")
        self._given = (folder, reason, mend, problems)
        self.problems = problems

    def __reduce__(self) -> tuple[Any, ...]:  # by its message alone it could not be unpickled
        return type(self), self._given


@dataclass(frozen=True)
class Bundle:
    """A bundle whose files were checked against its manifest."""

    folder: Path
    manifest: Manifest
    written_format: int
    """The format of the files; `manifest` and `read_json` are as today's has them."""

    def path(self, name: str) -> Path:
        """Return where a file of the bundle lies.

        Raises:
            ValueError: the bundle has no such file.
        """
        if name not in self.manifest.files:
            raise DamagedBundle(self.folder, f"it has no {name}", "it is a bundle of another kind")
        return self.folder / name

    def read_bytes(self, name: str) -> bytes:
        """Return a file's content, checked once more: a save may have replaced it meanwhile.

        Raises:
            ValueError: the bundle has no such file, or the file was changed since it was opened.
        """
        content = self.path(name).read_bytes()
        if hashlib.sha256(content).hexdigest() != self.manifest.files[name]:
            problem = FileProblem(name, "changed")
            raise DamagedBundle(self.folder, str(problem), "open it again", (problem,))
        return content

    def read_text(self, name: str) -> str:
        """Return a file's text; see `read_bytes`.

        Raises:
            ValueError: also if the file is not UTF-8.
        """
        try:
            return self.read_bytes(name).decode()
        except UnicodeDecodeError as error:
            raise ValueError(
                f"{self.folder / name} is not UTF-8 text: {error.reason} after {error.start} "
                "bytes; save the bundle again"
            ) from None

    def read_json(self, name: str) -> Document:
        """Return what a JSON file holds, as today's format has it; see `read_bytes`.

        Raises:
            ValueError: also if the file holds no JSON object.
        """
        document = self.read_value(name)
        if not isinstance(document, dict):
            raise ValueError(f"{self.folder / name} holds no JSON object; save the bundle again")  # noqa: TRY004  # the file is wrong, no argument
        return upgrade(name, document, self.written_format)

    def read_value(self, name: str) -> Any:
        """Return what a JSON file holds, be it an object or not; see `read_bytes`.

        Raises:
            ValueError: also if the file holds no JSON.
        """
        text = self.read_text(name)
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:  # endless digits, endless brackets
            raise ValueError(f"{self.folder / name}: {error}; save the bundle again") from None


def write_bundle(
    folder: str | Path,
    files: Mapping[str, bytes],
    *,
    kind: Kind,
    task: str | None = None,
    label_names: tuple[str, ...] = (),
) -> Path:
    """Write a bundle, replacing one that stands there, in one step.

    Killed at any moment, it leaves the old bundle or the new one, whole; the next save deletes
    what lies beside it. Two saves at once come one after the other.

    Raises:
        FileExistsError: `folder` holds something that is no part of a bundle; it is not touched.
        OSError: the disk refuses; nothing half-written stays.
    """
    target = Path(folder)
    check_target(target)
    manifest = Manifest(
        koprep_version=__version__,
        kind=kind,
        task=task,
        label_names=label_names,
        files={name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    )
    with replacing(target) as fresh:
        check_target(target)  # another save may have been waited for
        for name, content in files.items():
            (fresh / name).write_bytes(content)
        (fresh / MANIFEST).write_bytes(manifest.to_bytes())
    return target


def read_bundle(folder: str | Path) -> Bundle:
    """Open a bundle and check every file against the manifest.

    Files whose names begin with a dot are not looked at: file managers leave them everywhere.

    Raises:
        FileNotFoundError: there is no such folder.
        DamagedBundle: a ValueError: the folder is no bundle, comes from a newer koprep, or files
            are missing, changed, links or unknown; the message names them.
    """
    path = Path(folder)
    while True:
        seen = _identity(path)
        try:
            return _checked(path)
        except (FileNotFoundError, ValueError):
            # Read once more if a save was stopped in the middle, or ended while files were read.
            if not finish_replacing(path) and _identity(path) == seen:
                raise


def check_target(folder: str | Path) -> None:
    """Refuse a place where a bundle can't be written without losing something else.

    Raises:
        FileExistsError: `folder` is a file, or holds something that is no part of a bundle.
    """
    target = Path(folder)
    if not target.exists():
        return
    if not target.is_dir():
        raise FileExistsError(f"{target} is a file; give a folder to save to")
    names = {entry.name for entry in target.iterdir()}
    if not names:
        return
    if MANIFEST not in names:
        raise FileExistsError(f"{target} is not empty and no bundle; give another folder")
    try:
        manifest, _ = Manifest.read(target / MANIFEST)
    except ManifestError as error:
        raise FileExistsError(
            f"{target} cannot be replaced: {error.reason}; give another folder"
        ) from None
    if foreign := foreign_names(names, {MANIFEST, *manifest.files}):
        raise FileExistsError(
            f"{target} also holds {listed(foreign)}; move it or give another folder"
        )


def foreign_names(names: Iterable[str], own: Collection[str]) -> list[str]:
    """Return, in order, what else a folder holds; what file managers leave there is nobody's.

    >>> foreign_names({"a.txt", "labels.npy", ".DS_Store", "._a.txt"}, {"a.txt"})
    ['labels.npy']
    """
    return sorted(
        name
        for name in names
        if name not in own and name not in FILE_MANAGERS and not name.startswith("._")
    )


def _checked(folder: Path) -> Bundle:
    if not folder.exists():
        raise FileNotFoundError(f"no bundle at {folder}: the folder does not exist")
    if (state := _state(folder / MANIFEST)) is not None:
        raise DamagedBundle(
            folder,
            f"it has no {MANIFEST}" if state == "missing" else f"{MANIFEST} {_SENTENCES[state]}",
            "give a folder that koprep saved",
            (FileProblem(MANIFEST, state),),
        )
    try:
        manifest, written = Manifest.read(folder / MANIFEST)
    except ManifestError as error:
        whole = isinstance(error, NewerFormat)
        blamed = () if whole else (FileProblem(MANIFEST, "changed"),)
        raise DamagedBundle(folder, error.reason, error.mend, blamed) from error
    problems = _problems(folder, manifest)
    if problems:
        unknown = all(problem.state == "unknown" for problem in problems)
        raise DamagedBundle(
            folder,
            listed([str(problem) for problem in problems]),
            "move it elsewhere" if unknown else "copy the bundle again, whole",
            problems,
        )
    return Bundle(folder, manifest, written)


def _problems(folder: Path, manifest: Manifest) -> tuple[FileProblem, ...]:
    problems = []
    for name, checksum in manifest.files.items():
        if (state := _state(folder / name, checksum)) is not None:
            problems.append(FileProblem(name, state))
    names = {entry.name for entry in folder.iterdir()}
    problems += [
        FileProblem(name, "unknown")
        for name in foreign_names(names, {MANIFEST, *manifest.files})
        if not name.startswith(".")
    ]
    return tuple(problems)


def _state(file: Path, checksum: str | None = None) -> State | None:
    """Return what is wrong with a file; None if nothing is."""
    if file.is_symlink():
        return "no plain file"
    if not file.exists():
        return "missing"
    if not file.is_file():
        return "no plain file"
    if checksum is not None:
        with file.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != checksum:
                return "changed"
    return None


def _identity(folder: Path) -> tuple[int, int, int] | None:
    """Return what tells a folder from the one that replaces it; None where there is none."""
    try:
        found = folder.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_dev, found.st_ino, found.st_mtime_ns
