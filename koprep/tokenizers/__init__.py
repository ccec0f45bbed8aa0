"""Tokenizers behind one protocol: `get_tokenizer(name, **settings)` builds any of them."""

from koprep.tokenizers.base import (
    Token,
    Tokenizer,
    get_tokenizer,
    list_tokenizers,
    register_tokenizer,
)

__all__ = ["Token", "Tokenizer", "get_tokenizer", "list_tokenizers", "register_tokenizer"]
