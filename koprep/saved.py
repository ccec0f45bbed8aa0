"""`preprocessor.json`: what of a `Preprocessor` stands in a bundle beside its vocabulary."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from koprep.bundle import Bundle
from koprep.golden import Cut, Drift, GoldenSample, find_drift
from koprep.manifest import first_problem
from koprep.padding import Side
from koprep.tokenizers import get_tokenizer

SETTINGS_FILE = "preprocessor.json"
VOCABULARY_FILE = "vocabulary.txt"

Positive = Annotated[int, Field(ge=1)]


class DriftWarning(UserWarning):
    """The installed analyzer cuts texts differently from the one at fit time."""


@contextmanager
def blaming(place: Path) -> Iterator[None]:
    """Name the bundle, or the file of it, whose settings are refused where they are used.

    Raises:
        ValueError: a setting has a wrong value or type; the message names the place.
    """
    try:
        yield
    except (TypeError, ValueError) as error:
        if isinstance(error, ValueError) and str(error).startswith(str(place)):
            raise
        raise ValueError(f"{place}: {error}; save the bundle again") from error


class SavedTokenizer(BaseModel):
    """A tokenizer by name and settings, and the engine versions of fit time."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)

    name: str
    settings: dict[str, Any]
    versions: dict[str, str]

    def installed_versions(self) -> dict[str, str]:
        """Return the engine versions that are installed now."""
        return get_tokenizer(self.name, **self.settings).engine_versions()


class SavedPreprocessor(BaseModel):
    """What `preprocessor.json` holds."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)

    cleaner: dict[str, Any]
    tokenizer: SavedTokenizer
    stopwords: dict[str, Any]
    vocabulary_size: Positive | None
    min_count: Positive
    coverage: float | None
    oov_token: str | None
    oov_buckets: Positive
    spell_unknown: bool
    maxlen: Positive | None
    fitted_maxlen: Positive
    whole_share: float | None
    padding: Side
    truncating: Side
    golden_samples: tuple[GoldenSample, ...]

    @classmethod
    def read(cls, bundle: Bundle) -> Self:
        """Read the file from a bundle.

        Raises:
            ValueError: the bundle has no such file, or a field of it is missing, unknown or wrong.
        """
        try:
            return cls.model_validate(bundle.read_json(SETTINGS_FILE))
        except ValidationError as error:
            raise ValueError(
                f"{bundle.folder / SETTINGS_FILE}: {first_problem(error)}; save the bundle again"
            ) from error

    def to_bytes(self) -> bytes:
        """Return the file's content; equal settings give equal bytes."""
        return f"{self.model_dump_json(indent=2)}\n".encode()

    def check_drift(self, folder: Path, cut: Cut, *, strict: bool) -> None:
        """Cut the golden samples again, and warn where they come out differently.

        Args:
            folder: of the bundle.
            cut: what cuts texts now.
            strict: make drift an error; otherwise it is a `DriftWarning`.

        Raises:
            ValueError: with `strict`, drift.
        """
        drift = find_drift(self.golden_samples, cut)
        if drift:
            message = _drift_message(folder, self.tokenizer, drift)
            if strict:
                raise ValueError(message)
            warnings.warn(message, DriftWarning, stacklevel=4)  # who opened the bundle


def _drift_message(folder: Path, tokenizer: SavedTokenizer, drift: Sequence[Drift]) -> str:
    """Say which tokens changed since fit time, between which engine versions, and the mend."""
    installed = tokenizer.installed_versions()
    then = ", ".join(f"{name} {version}" for name, version in tokenizer.versions.items())
    now = ", ".join(f"{name} {version}" for name, version in installed.items())
    return (
        f"{folder}: the {tokenizer.name} tokenizer cuts {len(drift)} golden sample(s) differently "
        f"from fit time ({then or 'no engine'}; installed: {now or 'no engine'}): {drift[0]}. "
        "Install the versions of fit time, or fit again"
    )
