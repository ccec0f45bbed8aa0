"""Korean corpora as texts, and encoded examples as arrays any model can take."""

from .alignment import Aligned, align
from .bio import Entity, find_entities
from .card import DatasetCard, DatasetFile
from .catalog import dataset_card, download_dataset, list_datasets, load
from .download import DownloadError, Retry
from .encoded import Batch, EncodedDataset, TaskSpec
from .examples import SkippedRow, TaggedDataset, TextDataset
from .samplers import next_token_samples, shifted
from .splitting import split_dataset, split_rows
from .tables import from_file

__all__ = [
    "Aligned",
    "Batch",
    "DatasetCard",
    "DatasetFile",
    "DownloadError",
    "EncodedDataset",
    "Entity",
    "Retry",
    "SkippedRow",
    "TaggedDataset",
    "TaskSpec",
    "TextDataset",
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
