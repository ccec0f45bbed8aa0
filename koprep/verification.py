"""`verify`: whether a bundle is whole, and whether its texts are still cut as at fit time."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from koprep.bundle import Bundle, DamagedBundle, FileProblem, read_bundle
from koprep.golden import Drift
from koprep.preprocessor import Preprocessor
from koprep.saved import VOCABULARY_FILE, SavedPreprocessor, SavedTokenizer, blaming

Status = Literal["fine", "drift", "unreadable"]


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What was found in a folder; `bundle` and what follows it only where it could be opened."""

    folder: Path
    error: str | None = None
    """Why the folder or its preprocessing cannot be opened, with the mend."""
    problems: tuple[FileProblem, ...] = ()
    """The files to blame for the error."""
    bundle: Bundle | None = None
    tokenizer: SavedTokenizer | None = None
    samples: int = 0
    """Golden samples that were cut again."""
    drift: tuple[Drift, ...] = ()
    """Those that were cut differently."""

    @property
    def status(self) -> Status:
        """Return `"unreadable"`, `"drift"` or `"fine"`."""
        if self.error is not None:
            return "unreadable"
        return "drift" if self.drift else "fine"

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON values; what was not looked at is left out."""
        result: dict[str, Any] = {"folder": str(self.folder), "status": self.status}
        if self.error is not None:
            result |= {
                "error": self.error,
                "problems": [asdict(problem) for problem in self.problems],
            }
        if self.bundle is not None:
            manifest = self.bundle.manifest
            result |= {
                "kind": manifest.kind,
                "task": manifest.task,
                "koprep_version": manifest.koprep_version,
                "format": self.bundle.written_format,
                "files": sorted(manifest.files),
            }
        if self.tokenizer is not None:
            result |= {
                "tokenizer": self.tokenizer.name,
                "versions": self.tokenizer.versions,
                "installed_versions": self.tokenizer.installed_versions(),
                "samples": self.samples,
                "drift": [asdict(drift) | {"changes": drift.changes()} for drift in self.drift],
            }
        return result


def verify(folder: str | Path) -> Verification:
    """Check every file of a bundle, open its preprocessing and cut its golden samples again.

    What is wrong with the folder is told, not raised.

    Raises:
        ModuleNotFoundError: the tokenizer of the bundle is not installed.
    """
    path = Path(folder)
    try:
        bundle = read_bundle(path)
    except DamagedBundle as error:
        return Verification(folder=path, error=str(error), problems=error.problems)
    except OSError as error:
        return Verification(folder=path, error=str(error))
    try:
        saved = SavedPreprocessor.read(bundle)
        with blaming(path):
            preprocessor = Preprocessor.from_saved(saved, bundle.read_text(VOCABULARY_FILE))
    except ValueError as error:
        return Verification(folder=path, error=str(error), bundle=bundle)
    return Verification(
        folder=path,
        bundle=bundle,
        tokenizer=saved.tokenizer,
        samples=len(saved.golden_samples),
        drift=tuple(preprocessor.find_drift(saved.golden_samples)),
    )
