"""Stages of `pyspark.ml` pipelines, saved with everything they need.

A stage's bundle is saved beside its parameters as a table of files, so that it goes wherever
Spark writes.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, Self

from pyspark.ml import Estimator, Model, Transformer
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.param.shared import HasInputCol, HasOutputCol
from pyspark.ml.util import (
    DefaultParamsReader,
    DefaultParamsWriter,
    MLReadable,
    MLReader,
    MLWritable,
    MLWriter,
)
from pyspark.sql import DataFrame
from sklearn.base import clone

from koprep.bundle import read_bundle
from koprep.preprocessor import Preprocessor
from koprep.spark.encoding import transform
from koprep.spark.fitting import fit
from koprep.spark.predicting import predict, tag

BUNDLE = "bundle"
"""The folder of a saved stage that holds the table of its bundle's files."""


class _Stage(HasInputCol, HasOutputCol, MLReadable[Any], MLWritable):
    """A stage that reads a column of texts, adds two columns, and keeps a bundle."""

    problemCol: Param[str] = Param(
        Params._dummy(),
        "problemCol",
        "the column that says why a row has no output",
        typeConverter=TypeConverters.toString,
    )
    default_output: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self._setDefault(outputCol=self.default_output, problemCol="problem")

    def getProblemCol(self) -> str:
        """Return the column that says why a row has no output."""
        return self.getOrDefault(self.problemCol)

    def write(self) -> MLWriter:
        """Return what saves the stage: `write().overwrite().save(path)`."""
        return _StageWriter(self)

    @classmethod
    def read(cls) -> MLReader[Any]:
        """Return what loads a saved stage."""
        return _StageReader(cls)

    @abstractmethod
    def _save_bundle(self, folder: Path) -> None:
        """Write the bundle."""

    @classmethod
    @abstractmethod
    def _of_bundle(cls, folder: Path) -> Self:
        """Return the stage of a bundle, its parameters not yet set."""

    def _set_given(self, **given: Any) -> None:
        self._set(**{name: value for name, value in given.items() if value is not None})


class _Encoding(_Stage):
    """What the two stages of a preprocessor share."""

    vectors: Param[bool] = Param(
        Params._dummy(),
        "vectors",
        "whether the output is a vector, for stages of MLlib, or an array of whole numbers",
        typeConverter=TypeConverters.toBoolean,
    )
    default_output = "token_ids"

    def __init__(self, preprocessor: Preprocessor, **given: str | bool | None) -> None:
        super().__init__()
        self._setDefault(vectors=False)
        self.preprocessor = preprocessor
        self._set_given(**given)

    def getVectors(self) -> bool:
        """Return whether the output is a vector."""
        return self.getOrDefault(self.vectors)


class PreprocessorModel(_Encoding, Model):
    """Adds the padded rows of ids: `koprep.spark.transform` as a stage.

    Args:
        preprocessor: fitted.
        inputCol: the column of texts.
        outputCol: the new column; `token_ids` by default.
        problemCol: the column that says why a row has no ids; `problem` by default.
        vectors: give vectors in the place of arrays.
    """

    def __init__(
        self,
        preprocessor: Preprocessor,
        *,
        inputCol: str | None = None,
        outputCol: str | None = None,
        problemCol: str | None = None,
        vectors: bool | None = None,
    ) -> None:
        super().__init__(
            preprocessor,
            inputCol=inputCol,
            outputCol=outputCol,
            problemCol=problemCol,
            vectors=vectors,
        )

    def _transform(self, dataset: DataFrame) -> DataFrame:
        return transform(
            dataset,
            self.getInputCol(),
            self.preprocessor,
            output=self.getOutputCol(),
            vectors=self.getVectors(),
            problem=self.getProblemCol(),
        )

    def _save_bundle(self, folder: Path) -> None:
        self.preprocessor.save(folder)

    @classmethod
    def _of_bundle(cls, folder: Path) -> Self:
        return cls(Preprocessor.load(folder))


class PreprocessorEstimator(_Encoding, Estimator[PreprocessorModel]):
    """Learns vocabulary and row length: `koprep.spark.fit` as a stage.

    Args:
        preprocessor: its settings.
        inputCol: the column of texts.
        outputCol: what the fitted stage adds; `token_ids` by default.
        problemCol: what else it adds; `problem` by default.
        orderCol: a column of whole numbers that holds the corpus' order; see `fit`.
        vectors: give vectors in the place of arrays.
    """

    orderCol: Param[str] = Param(
        Params._dummy(),
        "orderCol",
        "the column of whole numbers that holds the corpus' order",
        typeConverter=TypeConverters.toString,
    )

    def __init__(
        self,
        preprocessor: Preprocessor,
        *,
        inputCol: str | None = None,
        outputCol: str | None = None,
        problemCol: str | None = None,
        orderCol: str | None = None,
        vectors: bool | None = None,
    ) -> None:
        super().__init__(
            preprocessor,
            inputCol=inputCol,
            outputCol=outputCol,
            problemCol=problemCol,
            orderCol=orderCol,
            vectors=vectors,
        )

    def getOrderCol(self) -> str | None:
        """Return the column that holds the corpus' order, None if there is none."""
        return self.getOrDefault(self.orderCol) if self.isSet(self.orderCol) else None

    def _fit(self, dataset: DataFrame) -> PreprocessorModel:
        fitted = fit(dataset, self.getInputCol(), self.preprocessor, order_by=self.getOrderCol())
        return self._copyValues(PreprocessorModel(fitted))

    def _save_bundle(self, folder: Path) -> None:
        # a bundle holds something fitted: here with nothing learned
        settings = clone(self.preprocessor)
        settings.adopt(settings.vocabulary_of({}), 1).save(folder)

    @classmethod
    def _of_bundle(cls, folder: Path) -> Self:
        return cls(clone(Preprocessor.load(folder)))


class BundleTransformer(_Stage, Transformer):
    """Adds what a saved model says: `koprep.spark.predict` or `tag` as a stage.

    Args:
        model: the folder of a classifier or a tagger, or a name of `list_pretrained()`.
        inputCol: the column of texts.
        outputCol: the new column; `prediction` by default.
        problemCol: the column that says why a row has no output; `problem` by default.
    """

    default_output = "prediction"

    def __init__(
        self,
        model: str | Path,
        *,
        inputCol: str | None = None,
        outputCol: str | None = None,
        problemCol: str | None = None,
    ) -> None:
        from koprep.zoo.loading import load, model_folder, open_classifier

        super().__init__()
        folder = model_folder(model)
        bundle = read_bundle(folder)
        self._files = _files(folder)
        self._work: Callable[..., DataFrame]
        self._opened: Any
        if bundle.manifest.kind == "tagger":
            self._work, self._opened = tag, load(folder)
        else:
            self._work, self._opened = predict, open_classifier(folder)
        self._set_given(inputCol=inputCol, outputCol=outputCol, problemCol=problemCol)

    def _transform(self, dataset: DataFrame) -> DataFrame:
        return self._work(
            dataset,
            self.getInputCol(),
            self._opened,
            output=self.getOutputCol(),
            problem=self.getProblemCol(),
        )

    def _save_bundle(self, folder: Path) -> None:
        _write_files(folder, self._files)

    @classmethod
    def _of_bundle(cls, folder: Path) -> Self:
        return cls(folder)


class _StageWriter(MLWriter):
    def __init__(self, stage: _Stage) -> None:
        super().__init__()
        self._stage = stage

    def saveImpl(self, path: str) -> None:
        spark = self.sparkSession
        DefaultParamsWriter.saveMetadata(self._stage, path, spark)
        with TemporaryDirectory() as scratch:
            folder = Path(scratch, BUNDLE)
            self._stage._save_bundle(folder)
            files = [(name, bytearray(content)) for name, content in _files(folder).items()]
        table = spark.createDataFrame(files, "name string, content binary")
        table.coalesce(1).write.parquet(f"{path}/{BUNDLE}")


class _StageReader(MLReader[Any]):
    def __init__(self, stage: type[_Stage]) -> None:
        super().__init__()
        self._stage = stage

    def load(self, path: str) -> Any:
        spark = self.sparkSession
        name = f"{self._stage.__module__}.{self._stage.__qualname__}"
        metadata = DefaultParamsReader.loadMetadata(path, spark, name)
        files = {
            row["name"]: bytes(row["content"])
            for row in spark.read.parquet(f"{path}/{BUNDLE}").collect()
        }
        with TemporaryDirectory() as scratch:
            folder = Path(scratch, BUNDLE)
            _write_files(folder, files)
            stage = self._stage._of_bundle(folder)
        stage._resetUid(metadata["uid"])
        DefaultParamsReader.getAndSetParams(stage, metadata)
        return stage


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def _write_files(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir()
    for name, content in files.items():
        if Path(name).name != name:
            raise ValueError(f"a bundle has no file {name!r}: the saved stage was changed")
        (folder / name).write_bytes(content)
