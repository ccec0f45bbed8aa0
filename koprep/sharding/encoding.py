"""What is done with the texts of a shard: `Work`, and that of `koprep encode`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol, Self

import numpy as np
import numpy.typing as npt
from pydantic import JsonValue

from koprep.bundle import Bundle, read_bundle
from koprep.cleaning.versions import cleaner_versions
from koprep.saved import SETTINGS_FILE, VOCABULARY_FILE, SavedPreprocessor, blaming
from koprep.sharding.manifest import TOKEN_IDS, WorkName
from koprep.text_encoder import TextEncoder

Column = Sequence[str] | npt.NDArray[Any] | Mapping[str, npt.NDArray[Any]]
"""One value a row: texts, numbers (rows,), rows of numbers (rows, n), or numbers by name."""

Engine = Callable[[list[str]], Mapping[str, Column]]
"""Texts to the columns that are added, in order."""


class Work(Protocol):
    """What makes columns of texts. It is sent to every worker, which opens it once."""

    @property
    def name(self) -> WorkName:
        """As the manifest notes it."""

    @property
    def adds(self) -> tuple[str, ...]:
        """The columns it makes."""

    @property
    def settings(self) -> dict[str, JsonValue]:
        """What decides what it makes, for the manifest."""

    def open(self) -> Engine:
        """Open what the work needs, in the worker.

        Raises:
            ModuleNotFoundError: an analyzer is not installed.
            ValueError: it cannot be opened.
        """


@dataclass(frozen=True, kw_only=True)
class EncodeWork:
    """Texts to the rows of ids that `Preprocessor.transform` gives."""

    folder: Path
    """Of the bundle."""
    strict: bool
    """Whether an analyzer that cuts otherwise than at fit time is an error."""
    settings: dict[str, JsonValue]
    """The preprocessor's checksum, its vocabulary_size and maxlen, and the versions of what cleans
    and cuts."""

    name: ClassVar[WorkName] = "encode"
    adds: ClassVar[tuple[str, ...]] = (TOKEN_IDS,)

    @classmethod
    def of(cls, folder: str | Path, *, strict: bool = False) -> Self:
        """Read the settings of a bundle; the analyzer is not opened.

        Raises:
            FileNotFoundError: there is no such folder.
            ValueError: the bundle is damaged, or has no preprocessor.
        """
        bundle = read_bundle(folder)
        saved = SavedPreprocessor.read(bundle)
        with blaming(bundle.folder):
            encoder = TextEncoder.from_saved(saved, bundle.read_text(VOCABULARY_FILE))
        settings: dict[str, JsonValue] = {
            "preprocessor": preprocessor_checksum(bundle),
            "vocabulary_size": len(encoder.vocabulary),
            "maxlen": encoder.maxlen,
            "versions": {**cleaner_versions(), **saved.tokenizer.installed_versions()},
        }
        return cls(folder=Path(folder), strict=strict, settings=settings)

    def open(self) -> Engine:
        bundle = read_bundle(self.folder)
        if preprocessor_checksum(bundle) != self.settings["preprocessor"]:
            raise ValueError(f"{self.folder} was replaced while it was used; start again")
        encoder = TextEncoder.from_bundle(bundle, strict=self.strict)

        def encode(texts: list[str]) -> Mapping[str, npt.NDArray[np.int32]]:
            return {TOKEN_IDS: encoder.pad(encoder.encode(texts))}

        return encode


def preprocessor_checksum(bundle: Bundle) -> str:
    """Return the SHA-256 of a bundle's preprocessor, whatever model is beside it."""
    files = (SETTINGS_FILE, VOCABULARY_FILE)
    sums = "".join(f"{bundle.manifest.files[bundle.path(name).name]} {name}\n" for name in files)
    return hashlib.sha256(sums.encode()).hexdigest()
