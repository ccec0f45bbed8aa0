"""Encode the texts of a Hugging Face dataset with its own `map`: cached, in several processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from koprep.cleaning.versions import cleaner_versions
from koprep.preprocessor import Preprocessor
from koprep.saved import SETTINGS_FILE, VOCABULARY_FILE, SavedPreprocessor
from koprep.text_encoder import TextEncoder


class Encode:
    """A function for `datasets.Dataset.map` that adds the ids of a column of texts.

    It pickles as the files of the preprocessor's bundle: `map` finds in its cache what an equal
    preprocessor encoded before, in whatever process, and encodes anew with another vocabulary,
    other settings or another version of koprep or the analyzer.

    Args:
        preprocessor: fitted; changing it afterwards changes nothing here.
        column: the texts.
        into: the column of ids that is added.

    >>> preprocessor = Preprocessor(tokenizer="whitespace").fit(["말이 있다", "말이 법이다"])
    >>> encode = Encode(preprocessor)
    >>> encode({"text": ["말이 법이다"]})["token_ids"].tolist()
    [[2, 4]]

    With a Hugging Face dataset: ``dataset.map(encode, batched=True, with_indices=True)``.
    """

    def __init__(
        self, preprocessor: Preprocessor, *, column: str = "text", into: str = "token_ids"
    ) -> None:
        self._files = preprocessor.bundle_files()
        self._cleaner_versions = cleaner_versions()
        self._column = column
        self._into = into

    def __call__(
        self, batch: Mapping[str, Any], indices: Sequence[int] | None = None
    ) -> dict[str, npt.NDArray[np.int32]]:
        """Return the ids of a batch: column name -> int32, shape (texts, maxlen).

        Args:
            batch: column name -> values.
            indices: the rows' numbers in the dataset, which `with_indices=True` gives; without
                them an error counts from the batch's first row.

        Raises:
            KeyError: there is no such column.
            TypeError: a row is missing or no text, or the batch is a single row.
        """
        if self._column not in batch:
            raise KeyError(f"no column {self._column!r}; there are {', '.join(batch)}")
        texts = batch[self._column]
        if isinstance(texts, str):
            raise TypeError("a row came alone: give map batched=True")
        for place, text in enumerate(texts):
            if not isinstance(text, str):
                row = place if indices is None else indices[place]
                raise TypeError(
                    f"row {row} of column {self._column!r} holds no text ({text!r}): filter it "
                    "out or fill it first"
                )
        return {self._into: self._encoder.pad(self._encoder.encode(texts))}

    def __reduce__(self) -> tuple[Callable[..., Self], tuple[Any, ...]]:
        return self._of_files, (self._files, self._cleaner_versions, self._column, self._into)

    @cached_property
    def _encoder(self) -> TextEncoder:
        saved = SavedPreprocessor.model_validate_json(self._files[SETTINGS_FILE])
        return TextEncoder.from_saved(saved, self._files[VOCABULARY_FILE].decode())

    @classmethod
    def _of_files(
        cls, files: dict[str, bytes], versions: dict[str, str], column: str, into: str
    ) -> Self:
        made = cls.__new__(cls)
        made._files, made._cleaner_versions = files, versions
        made._column, made._into = column, into
        return made
