"""`manifest.json`: what a bundle is, and the SHA-256 of every file, its own included."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from koprep.formats import FORMAT, Document, upgrade

MANIFEST = "manifest.json"

LARGEST_MANIFEST = 1 << 20
"""Bytes of a manifest, at most: it lists a handful of files, and is read whole before a check."""

FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Kind = Literal["preprocessor", "classifier", "generator", "tagger"]

# The manifest's own checksum stands last, and is that of the content with zeros in its place.
_OWN = "sha256"
_ZEROS = "0" * 64
_OWN_CHECKSUM = re.compile(rb'"sha256": "([0-9a-f]{64})"\n\}\n\Z')


class ManifestError(ValueError):
    """A manifest that cannot be read: its `reason` and the `mend`."""

    def __init__(self, reason: str, mend: str) -> None:
        super().__init__(f"{reason}; {mend}")
        self.reason = reason
        self.mend = mend

    def __reduce__(self) -> tuple[type[Self], tuple[str, str]]:
        return type(self), (self.reason, self.mend)


class NewerFormat(ManifestError):
    """A manifest that a newer koprep wrote."""


class Manifest(BaseModel):
    """What `manifest.json` holds."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)

    format: Literal[2] = FORMAT
    koprep_version: str
    kind: Kind
    task: str | None = None
    label_names: tuple[str, ...] = ()
    files: dict[FileName, Sha256]

    def to_bytes(self) -> bytes:
        """Return the file's content; equal manifests give equal bytes."""
        return seal(self.model_dump(mode="json"))

    @classmethod
    def read(cls, path: Path) -> tuple[Self, int]:
        """Read a manifest's file; see `from_bytes`."""
        with path.open("rb") as stream:
            content = stream.read(LARGEST_MANIFEST + 1)
        if len(content) > LARGEST_MANIFEST:
            raise ManifestError(
                f"{MANIFEST} has more than {LARGEST_MANIFEST:,} bytes, so it is no bundle's",
                "give a folder that koprep saved",
            )
        return cls.from_bytes(content)

    @classmethod
    def from_bytes(cls, content: bytes) -> tuple[Self, int]:
        """Read a manifest of this format or an older one.

        Returns:
            the manifest as today's format has it, and the number of the format it was written in.

        Raises:
            NewerFormat: upgrade koprep.
            ManifestError: the content is no manifest, or was changed.
        """
        document = _document(content)
        written = document.get("format")
        if type(written) is not int or written < 1:
            raise ManifestError(
                f"{MANIFEST}: format must be a number from 1, got {written!r}",
                "give a folder that koprep saved",
            )
        if written > 1:  # the first format had no checksum
            _check_own(content)
            document.pop(_OWN)
        if written > FORMAT:
            raise NewerFormat(
                f"{MANIFEST}: its format is {written}, this koprep reads up to {FORMAT}",
                "upgrade koprep: pip install -U koprep",
            )
        try:
            return cls.model_validate(upgrade(MANIFEST, document, written)), written
        except ValidationError as error:
            raise ManifestError(
                f"{MANIFEST}: {first_problem(error)}", "copy the bundle again, or save it again"
            ) from error


def seal(document: Document) -> bytes:
    """Return a manifest's content with its own checksum added."""
    content = f"{json.dumps({**document, _OWN: _ZEROS}, indent=2, ensure_ascii=False)}\n".encode()
    start = content.rindex(_ZEROS.encode())
    checksum = hashlib.sha256(content).hexdigest().encode()
    return content[:start] + checksum + content[start + len(_ZEROS) :]


def first_problem(error: ValidationError) -> str:
    """Return the first thing a check found, with its place in the document."""
    problem = error.errors()[0]
    place = ".".join(map(str, problem["loc"]))
    return f"{place}: {problem['msg']}" if place else problem["msg"]


def _document(content: bytes) -> Document:
    try:
        document: Any = json.loads(content)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise ManifestError(f"{MANIFEST} is damaged: no JSON object", "copy the bundle again")
    return document


def _check_own(content: bytes) -> None:
    own = _OWN_CHECKSUM.search(content)
    if own is not None:
        zeroed = content[: own.start(1)] + _ZEROS.encode() + content[own.end(1) :]
        if hashlib.sha256(zeroed).hexdigest().encode() == own[1]:
            return
    raise ManifestError(f"{MANIFEST} was changed after saving", "copy the bundle again, whole")
