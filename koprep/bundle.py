"""Bundles: folders on disk that hold a preprocessor, a model or both.

A bundle lists every file with its SHA-256 in `manifest.json`. It is written to a temporary folder
and renamed into place, so that a reader finds the old bundle or the new one, never a mixture.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, NoReturn

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from koprep._version import __version__

FORMAT: Literal[1] = 1
"""The number of the format that is written; each change of the format raises it."""

MANIFEST = "manifest.json"

FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Kind = Literal["preprocessor", "classifier", "generator", "tagger"]


class Manifest(BaseModel):
    """What `manifest.json` holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = FORMAT
    koprep_version: str
    kind: Kind
    task: str | None = None
    label_names: tuple[str, ...] = ()
    files: dict[FileName, Sha256]


@dataclass(frozen=True)
class Bundle:
    """A bundle whose files were checked against its manifest."""

    folder: Path
    manifest: Manifest

    def path(self, name: str) -> Path:
        """Return where a file of the bundle lies.

        Raises:
            ValueError: the bundle has no such file.
        """
        if name not in self.manifest.files:
            _refuse(self.folder, f"it has no {name}", "it is a bundle of another kind")
        return self.folder / name

    def read_text(self, name: str) -> str:
        """Return a file's text."""
        return self.path(name).read_bytes().decode()


def write_bundle(
    folder: str | Path,
    files: Mapping[str, bytes],
    *,
    kind: Kind,
    task: str | None = None,
    label_names: tuple[str, ...] = (),
) -> Path:
    """Write a bundle, replacing one that stands there, in one step.

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
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}-", suffix=".new", dir=target.parent))
    try:
        fresh.chmod(0o755)  # mkdtemp makes it private
        for name, content in files.items():
            _write(fresh / name, content)
        _write(fresh / MANIFEST, (manifest.model_dump_json(indent=2) + "\n").encode())
        _replace(target, fresh)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return target


def read_bundle(folder: str | Path) -> Bundle:
    """Open a bundle and check every file against the manifest.

    Raises:
        FileNotFoundError: there is no such folder.
        ValueError: the folder is no bundle, comes from a newer koprep, or a file is missing,
            changed or a link; the message names it.
    """
    path = Path(folder)
    if not path.exists() and _previous(path).exists():
        _previous(path).replace(path)  # a save was stopped between its two renames
    if not path.exists():
        raise FileNotFoundError(f"no bundle at {path}: the folder does not exist")
    manifest_path = path / MANIFEST
    if not manifest_path.is_file():
        _refuse(path, f"it has no {MANIFEST}", "give a folder that koprep saved")
    try:
        manifest = Manifest.model_validate_json(manifest_path.read_bytes())
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(map(str, problem["loc"])) or "JSON"
        if problem["loc"] == ("format",):
            _refuse(path, f"its format is {problem['input']!r}", f"this koprep reads {FORMAT}")
        _refuse(path, f"{MANIFEST}: {place}: {problem['msg']}", "save it again")
    for name, expected in manifest.files.items():
        file = path / name
        if file.is_symlink() or not file.is_file():
            _refuse(path, f"{name} is missing or no plain file", "copy the bundle again, whole")
        with file.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != expected:
                _refuse(path, f"{name} was changed after saving", "copy the bundle again, whole")
    return Bundle(path, manifest)


def _refuse(folder: Path, reason: str, mend: str) -> NoReturn:
    raise ValueError(f"{folder} cannot be opened: {reason}; {mend}")


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
        known = {MANIFEST, *Manifest.model_validate_json((target / MANIFEST).read_bytes()).files}
    except ValidationError:
        raise FileExistsError(f"{target}/{MANIFEST} is not koprep's; give another folder") from None
    if names - known:
        foreign = ", ".join(sorted(names - known))
        raise FileExistsError(f"{target} also holds {foreign}; move it or give another folder")


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _previous(target: Path) -> Path:
    return target.with_name(f".{target.name}.previous")


def _replace(target: Path, fresh: Path) -> None:
    """Put `fresh` in the place of `target`; `read_bundle` mends a stop between the renames."""
    previous = _previous(target)
    if target.exists():
        shutil.rmtree(previous, ignore_errors=True)
        target.replace(previous)
    fresh.replace(target)
    shutil.rmtree(previous, ignore_errors=True)
