"""Korean corpora as texts, and encoded examples as arrays any model can take."""

from .card import DatasetCard
from .catalog import dataset_card, list_datasets, load
from .encoded import Batch, EncodedDataset, TaskSpec
from .examples import SkippedRow, TextDataset
from .samplers import next_token_samples

__all__ = [
    "Batch",
    "DatasetCard",
    "EncodedDataset",
    "SkippedRow",
    "TaskSpec",
    "TextDataset",
    "dataset_card",
    "list_datasets",
    "load",
    "next_token_samples",
]
