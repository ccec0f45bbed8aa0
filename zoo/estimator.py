"""`NetworkEstimator`: what classifier, generator and tagger share: training, saving, loading."""

from __future__ import annotations

import warnings
from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Self

from sklearn.base import clone

from koprep.bundle import Bundle, Kind, read_bundle, write_bundle
from koprep.datasets import TaskSpec, TrainingData
from koprep.datasets.encoded import Task
from koprep.fitted import check_fitted
from koprep.preprocessor import Preprocessor
from koprep.saved import blaming

from .checkpoint import CheckpointConfig
from .distributed import Workers
from .embeddings import Embeddings
from .fitting import check_settings, fit_network
from .network import KerasNetwork, Network
from .onnx_format import ONNX_FILE, EmbeddingType, OnnxExportError, check_embedding
from .runtime import OnnxNetwork
from .saved_settings import NetworkSettings, check_kind, read_settings
from .saving import (
    CARD_FILE,
    HISTORY_FILE,
    METRICS_FILE,
    MODEL_FILE,
    json_bytes,
    keras_bytes,
    load_network,
    read_history,
)
from .teaching import Taught
from .training import History, TrainingConfig, best_epoch


class NetworkEstimator:
    """A preprocessor and a network that are trained, saved and loaded together.

    What was trained predicts with Keras, what was loaded with onnxruntime; asked for its `model_`,
    it opens the Keras model and predicts with that from then on.
    """

    kind: ClassVar[Kind]
    """Of its bundles."""
    settings_file: ClassVar[str]
    settings_type: ClassVar[type[NetworkSettings]]

    model: str
    preprocessor: Preprocessor | None
    model_options: Mapping[str, Any] | None
    embeddings: Embeddings | None
    training: TrainingConfig | None
    progress: bool
    checkpoints: CheckpointConfig | None

    preprocessor_: Preprocessor
    spec_: TaskSpec
    network_: Network
    """What predicts."""
    history_: History
    """One dict of figures an epoch."""

    _bundle: Bundle | None = None
    """Where it was loaded from."""

    @property
    def model_(self) -> Any:
        """The Keras model, to look into or to train further.

        Raises:
            NotFittedError: there is none yet.
            ValueError: the bundle it was loaded from holds no `model.keras`.
            ModuleNotFoundError: TensorFlow is not installed.
        """
        check_fitted(self, "network_")
        if not isinstance(self.network_, KerasNetwork):
            self.network_ = KerasNetwork(self._keras_model())
        return self._keras_model()

    def save(
        self,
        folder: str | Path,
        *,
        metrics: Mapping[str, float] | None = None,
        card: str | None = None,
        embedding: EmbeddingType | None = None,
        keep_keras: bool = True,
    ) -> Path:
        """Save preprocessing and network as one bundle; see `koprep.bundle.write_bundle`.

        What was loaded and not touched is saved as it is, byte for byte, without TensorFlow. A
        network of layers that cannot be written as ONNX is saved for Keras alone, with a warning.

        Args:
            folder: where to.
            metrics: figures to keep beside those of the best epoch.
            card: what to say of the model, as Markdown; None tells how it was made.
            embedding: how `model.onnx` stores the embedding: `"float32"`, `"float16"` in half the
                space or `"int8"` in a quarter. None leaves a loaded one as it is, and is
                `"float32"` for a trained one.
            keep_keras: also write `model.keras`, without which a bundle answers, and cannot be
                looked into or trained further.

        Raises:
            OnnxExportError: a `ValueError`: the network cannot be written as ONNX, and an
                `embedding` was asked for or no `model.keras`.
        """
        check_fitted(self, "network_")
        networks = self._network_files(embedding, keep_keras)
        settings = self._settings()
        figures = {**self.history_[best_epoch(self.history_, self.monitor)], **(metrics or {})}
        files = {
            **self.preprocessor_.bundle_files(),
            self.settings_file: f"{settings.model_dump_json(indent=2)}\n".encode(),
            **networks,
            **self._more_files(),
            HISTORY_FILE: json_bytes(self.history_),
            METRICS_FILE: json_bytes(figures),
            CARD_FILE: (card or self._card(settings.training, figures)).encode(),
        }
        spec = self.spec_
        return write_bundle(
            folder, files, kind=self.kind, task=spec.task, label_names=spec.label_names
        )

    @classmethod
    def load(cls, folder: str | Path, *, strict: bool = False) -> Self:
        """Open what `save` wrote; it predicts with onnxruntime, without TensorFlow.

        Args:
            folder: a folder that `save` wrote.
            strict: make analyzer drift an error; see `Preprocessor.load`.

        Raises:
            FileNotFoundError: there is no such folder.
            ValueError: the folder holds something else, or a file of it was changed.
            ModuleNotFoundError: the bundle has no `model.onnx`, and TensorFlow is not installed.
        """
        return cls.from_bundle(read_bundle(folder), strict=strict)

    @classmethod
    def from_bundle(cls, bundle: Bundle, *, strict: bool = False) -> Self:
        """Build what a bundle that was read holds; see `load`."""
        check_kind(bundle, cls.kind)
        settings = read_settings(bundle, cls.settings_file, cls.settings_type)
        preprocessor = Preprocessor.from_bundle(bundle, strict=strict)
        with blaming(bundle.folder / cls.settings_file):
            training = TrainingConfig(**settings.training)
        estimator = cls._restored(
            settings,
            bundle,
            preprocessor,
            preprocessor=clone(preprocessor),
            model_options=settings.model_options,
            training=training,
        )
        estimator.history_ = read_history(bundle)
        estimator._bundle = bundle
        if ONNX_FILE in bundle.manifest.files:
            estimator.network_ = OnnxNetwork(bundle.read_bytes(ONNX_FILE))
        else:  # koprep wrote no ONNX once, and does not for every layer
            estimator.network_ = KerasNetwork(_open_keras(bundle, settings.model))
        return estimator

    @classmethod
    @abstractmethod
    def _restored(cls, settings: Any, bundle: Bundle, fitted: Preprocessor, **shared: Any) -> Self:
        """Return the estimator of a bundle, without its network.

        Args:
            settings: of `settings_type`.
            bundle: what was read.
            fitted: the preprocessor.
            shared: the parameters that all estimators have, but for the model's name.
        """

    def _more_files(self) -> dict[str, bytes]:
        """Return what else belongs to the bundle: name -> content."""
        return {}

    @abstractmethod
    def _settings(self) -> NetworkSettings:
        """Return what the settings file holds."""

    @abstractmethod
    def _card(self, training: Mapping[str, Any], figures: Mapping[str, float]) -> str:
        """Return the model card."""

    @property
    def monitor(self) -> str:
        """What chose the epoch; see `TrainingConfig`."""
        return (self.training or TrainingConfig()).monitor

    def _shared_settings(self) -> dict[str, Any]:
        """Return the values of `NetworkSettings`."""
        return {
            "model": self.model,
            "model_options": dict(self.model_options or {}),
            "training": (self.training or TrainingConfig()).to_dict(),
            "maxlen": self.spec_.maxlen,
        }

    def _check_settings(self, task: Task) -> dict[str, Any]:
        """Return the model's options; see `check_settings`."""
        return check_settings(
            self.model,
            self.model_options,
            task,
            self.checkpoints,
            self.embeddings,
            self.training or TrainingConfig(),
        )

    def _fit_network(
        self,
        options: Mapping[str, Any],
        preprocessor: Preprocessor,
        training: TrainingData,
        validation: TrainingData | None,
        ratings: TrainingData | None = None,
        taught: Taught | None = None,
        workers: Workers | None = None,
    ) -> None:
        """Train a network, and keep it; see `fit_network`."""
        network, history = fit_network(
            self.model,
            options,
            training,
            validation,
            self.training or TrainingConfig(),
            preprocessor=preprocessor,
            embeddings=self.embeddings,
            progress=self.progress,
            checkpoints=self.checkpoints,
            ratings=ratings,
            taught=taught,
            workers=workers,
        )
        self.spec_ = training.spec
        self.history_ = history
        self._bundle = None
        self.network_ = KerasNetwork(network)

    def _keras_model(self) -> Any:
        """Return the Keras model, opened if it must be."""
        if isinstance(self.network_, KerasNetwork):
            return self.network_.model
        if self._bundle is None or MODEL_FILE not in self._bundle.manifest.files:
            raise ValueError(
                f"this {self.kind} answers only: it was saved without {MODEL_FILE}, the Keras "
                "model to look into or to train further; train again to have one"
            )
        return _open_keras(self._bundle, self.model)

    def _network_files(self, embedding: EmbeddingType | None, keep_keras: bool) -> dict[str, bytes]:
        """Return the network's files: name -> content."""
        if embedding is not None:
            check_embedding(embedding)
        files = {}
        network, bundle = self.network_, self._bundle
        if isinstance(network, OnnxNetwork):
            if keep_keras and bundle is not None and MODEL_FILE in bundle.manifest.files:
                files[MODEL_FILE] = bundle.read_bytes(MODEL_FILE)
            if embedding is None:
                return {ONNX_FILE: network.content, **files}
        model = self._keras_model()
        if keep_keras and not files:
            files[MODEL_FILE] = keras_bytes(model)
        from .onnx_export import export_onnx  # needed here alone

        try:
            files[ONNX_FILE] = export_onnx(model, self.spec_, embedding=embedding or "float32")
        except OnnxExportError as error:
            if embedding is not None or not keep_keras:
                raise
            warnings.warn(
                f"saved without {ONNX_FILE}, so that predicting needs TensorFlow: {error}",
                stacklevel=3,
            )
        return files


def _open_keras(bundle: Bundle, model: str) -> Any:
    bundle.read_bytes(MODEL_FILE)  # a save may have replaced it meanwhile
    return load_network(bundle.path(MODEL_FILE), model)
