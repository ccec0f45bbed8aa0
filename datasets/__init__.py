"""Korean corpora as texts, and encoded examples as arrays any model can take.

Names are imported at first use: who only predicts reads no corpus.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .alignment import Aligned, align
    from .bio import Entity, find_entities
    from .card import DatasetCard, DatasetFile
    from .catalog import dataset_card, download_dataset, list_datasets, load
    from .download import DownloadError, Retry
    from .encoded import Batch, EncodedDataset, TaskSpec
    from .examples import SkippedRow, TaggedDataset, TextDataset
    from .samplers import next_token_samples, shifted
    from .sharded import ShardedDataset
    from .splitting import split_dataset, split_rows
    from .tables import from_file
    from .training_data import TrainingData

_home = {
    "Aligned": "alignment",
    "Batch": "encoded",
    "DatasetCard": "card",
    "DatasetFile": "card",
    "DownloadError": "download",
    "EncodedDataset": "encoded",
    "Entity": "bio",
    "Retry": "download",
    "SkippedRow": "examples",
    "TaggedDataset": "examples",
    "ShardedDataset": "sharded",
    "TaskSpec": "encoded",
    "TextDataset": "examples",
    "TrainingData": "training_data",
    "align": "alignment",
    "dataset_card": "catalog",
    "download_dataset": "catalog",
    "find_entities": "bio",
    "from_file": "tables",
    "list_datasets": "catalog",
    "load": "catalog",
    "next_token_samples": "samplers",
    "shifted": "samplers",
    "split_dataset": "splitting",
    "split_rows": "splitting",
}

__all__ = [
    "Aligned",
    "Batch",
    "DatasetCard",
    "DatasetFile",
    "DownloadError",
    "EncodedDataset",
    "Entity",
    "Retry",
    "ShardedDataset",
    "SkippedRow",
    "TaggedDataset",
    "TaskSpec",
    "TextDataset",
    "TrainingData",
    "align",
    "dataset_card",
    "download_dataset",
    "find_entities",
    "from_file",
    "list_datasets",
    "load",
    "next_token_samples",
    "shifted",
    "split_dataset",
    "split_rows",
]


def __getattr__(name: str) -> Any:
    if name not in _home:
        raise AttributeError(f"module 'koprep.datasets' has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_home[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
