"""koprep: Korean text preprocessing for neural networks.

Cleans Hangul, cuts it into morphemes, drops stopwords, builds vocabularies and pads to id
arrays. `koprep.datasets` reads Korean corpora; `koprep.zoo` holds the recurrent models.

Importing koprep loads nothing heavy: each name below is imported when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from koprep._version import __version__

if TYPE_CHECKING:
    from koprep.cleaning import Cleaner
    from koprep.padding import Ragged, pad_sequences, padding_mask, row_lengths
    from koprep.preprocessor import Preprocessor
    from koprep.profile import profile_texts
    from koprep.stopwords import Stopwords
    from koprep.tokenizers import Token, Tokenizer, get_tokenizer, list_tokenizers
    from koprep.vocabulary import OOV_ID, PAD_ID, Vocabulary

_home = {
    "Cleaner": "koprep.cleaning",
    "OOV_ID": "koprep.vocabulary",
    "PAD_ID": "koprep.vocabulary",
    "Preprocessor": "koprep.preprocessor",
    "Ragged": "koprep.padding",
    "Stopwords": "koprep.stopwords",
    "Token": "koprep.tokenizers",
    "Tokenizer": "koprep.tokenizers",
    "Vocabulary": "koprep.vocabulary",
    "get_tokenizer": "koprep.tokenizers",
    "list_tokenizers": "koprep.tokenizers",
    "pad_sequences": "koprep.padding",
    "padding_mask": "koprep.padding",
    "profile_texts": "koprep.profile",
    "row_lengths": "koprep.padding",
}

__all__ = [
    "OOV_ID",
    "PAD_ID",
    "Cleaner",
    "Preprocessor",
    "Ragged",
    "Stopwords",
    "Token",
    "Tokenizer",
    "Vocabulary",
    "__version__",
    "get_tokenizer",
    "list_tokenizers",
    "pad_sequences",
    "padding_mask",
    "profile_texts",
    "row_lengths",
]


def __getattr__(name: str) -> Any:
    if name not in _home:
        raise AttributeError(f"module 'koprep' has no attribute {name!r}")
    return getattr(importlib.import_module(_home[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
