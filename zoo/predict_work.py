"""What `koprep predict --file` does with the texts of a shard."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import ClassVar, Self

from pydantic import JsonValue

from koprep.bundle import MANIFEST, read_bundle
from koprep.cleaning.versions import cleaner_versions
from koprep.saved import SavedPreprocessor
from koprep.sharding.encoding import Column, Engine
from koprep.sharding.manifest import WorkName

from .loading import model_folder, open_classifier
from .saved_settings import check_kind

PREDICTED_LABEL = "predicted_label"
PROBABILITIES = "probabilities"


@dataclass(frozen=True, kw_only=True)
class PredictWork:
    """Texts to the name of their likeliest label, and the probability of each.

    Not `label`: what is predicted on often has a column of that name, to compare with.
    """

    folder: Path
    """Of the classifier."""
    strict: bool
    """Whether an analyzer that cuts otherwise than at fit time is an error."""
    settings: dict[str, JsonValue]
    """The checksum of the model, its label_names and the versions of what answers."""

    name: ClassVar[WorkName] = "predict"
    adds: ClassVar[tuple[str, ...]] = (PREDICTED_LABEL, PROBABILITIES)

    @classmethod
    def of(cls, model: str | Path, *, strict: bool = False) -> Self:
        """Read the settings of a classifier; its analyzer and network are not opened.

        Args:
            model: what `koprep.zoo.load` takes.
            strict: make analyzer drift an error.

        Raises:
            FileNotFoundError: there is no such folder and no such name.
            ValueError: it is no classifier, or damaged.
        """
        folder = model_folder(model)
        bundle = read_bundle(folder)
        check_kind(bundle, "classifier")
        settings: dict[str, JsonValue] = {
            "model": _checksum(folder),
            "label_names": list(bundle.manifest.label_names),
            "versions": {
                **cleaner_versions(),
                **SavedPreprocessor.read(bundle).tokenizer.installed_versions(),
                "onnxruntime": version("onnxruntime"),
            },
        }
        return cls(folder=folder, strict=strict, settings=settings)

    def open(self) -> Engine:
        classifier = open_classifier(self.folder, strict=self.strict)
        if _checksum(self.folder) != self.settings["model"]:
            raise ValueError(f"{self.folder} was replaced while it was used; start again")
        names = classifier.label_names_

        def predict(texts: list[str]) -> Mapping[str, Column]:
            probabilities = classifier.predict_proba(texts)
            return {
                PREDICTED_LABEL: [names[best] for best in probabilities.argmax(axis=1)],
                PROBABILITIES: dict(zip(names, probabilities.T, strict=True)),
            }

        return predict


def _checksum(folder: Path) -> str:
    return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()
