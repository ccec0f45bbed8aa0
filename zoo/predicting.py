"""`LabelPredictor`: texts to the probabilities of their labels.

It needs no scikit-learn: `koprep predict` opens a saved classifier as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from typing import Self

import numpy as np
import numpy.typing as npt

from koprep.bundle import Bundle
from koprep.datasets import TaskSpec
from koprep.padding import PAD_ID, Ragged, pad_sequences
from koprep.text_encoder import TextEncoder
from koprep.texts import iter_texts

from .characters import CharacterModel
from .network import Network, Probabilities, TokenIds, check_answer
from .onnx_format import ONNX_FILE
from .runtime import OnnxNetwork
from .saved_settings import CHARACTERS_FILE, CLASSIFIER_FILE, ClassifierSettings, read_settings
from .widths import answers

PREDICT_BATCH = 64
"""Rows the network reads at once: of more, a core's cache holds the states no longer."""

CHUNK = 1024
"""Texts that are cut before the network begins with them."""


@dataclass(frozen=True, kw_only=True, eq=False)
class LabelPredictor:
    """A text encoder and a classifying network; what a fitted `TextClassifier` predicts by."""

    encoder: TextEncoder
    network: Network
    spec: TaskSpec
    """Of the network's training."""
    characters: CharacterModel | None = None
    """What answers beside the network."""

    @classmethod
    def from_bundle(cls, bundle: Bundle, *, strict: bool = False) -> Self:
        """Build the predictor of a classifier's bundle that holds a `model.onnx`.

        Args:
            bundle: what was read.
            strict: make analyzer drift an error; see `Preprocessor.load`.

        Raises:
            ValueError: the bundle holds something else, or settings that are wrong.
        """
        settings = read_settings(bundle, CLASSIFIER_FILE, ClassifierSettings)
        encoder = TextEncoder.from_bundle(bundle, strict=strict)
        settings.check_vocabulary(encoder.vocabulary, bundle)
        return cls(
            encoder=encoder,
            network=OnnxNetwork(bundle.read_bytes(ONNX_FILE)),
            spec=settings.spec(bundle.manifest.label_names),
            characters=saved_characters(bundle, settings),
        )

    @property
    def label_names_(self) -> tuple[str, ...]:
        """The names of the labels, as a `TextClassifier` has them."""
        return self.spec.label_names

    def predict_proba(self, texts: Iterable[str]) -> Probabilities:
        """Return the probability of each label, float32, shape (texts, num_labels)."""
        if self.characters is None:
            return self._of_network(texts)
        raw = list(iter_texts(texts))
        return self.characters.answer_beside(self._of_network(raw), raw)

    def _of_network(self, texts: Iterable[str]) -> Probabilities:
        token_lists = self.encoder.iter_tokens(texts)
        first = list(islice(token_lists, CHUNK))
        if len(first) < CHUNK:
            return self._of_tokens(first)
        chunks = chain([first], iter(lambda: list(islice(token_lists, CHUNK)), []))
        with ThreadPoolExecutor(1) as thread:  # the network runs while the next texts are cut
            found = [thread.submit(self._of_tokens, chunk) for chunk in chunks]
        return np.concatenate([part.result() for part in found])

    def label_probabilities(self, token_ids: TokenIds) -> Probabilities:
        """Return what the network says of encoded rows, float32 (rows, num_labels).

        It runs on rows of like length together; the result keeps the rows' order.
        """
        probabilities = np.empty((len(token_ids), self.spec.num_labels), np.float32)
        for rows, found in answers(self.network, self.spec, token_ids, PREDICT_BATCH):
            probabilities[rows] = of_labels(found)
        return probabilities

    def _of_tokens(self, token_lists: Sequence[list[str]]) -> Probabilities:
        """Return the probability of each label of texts that were cut."""
        if len(token_lists) == 1 and self.network.masks_padding:
            # one text needs neither padding nor batches; an empty one reads PAD
            token_ids = self.encoder.vocabulary.encode(token_lists[0]) or [PAD_ID]
            found = self.network.probabilities(np.array([self.encoder.kept(token_ids)], np.int32))
            return of_labels(check_answer(found, self.spec))
        ragged = self.encoder.vocabulary.encode_many(token_lists)
        return self.label_probabilities(network_rows(self.encoder, ragged))


def saved_characters(bundle: Bundle, settings: ClassifierSettings) -> CharacterModel | None:
    """Return the model of characters of a bundle, None if it has none."""
    if settings.characters is None:
        return None
    content = bundle.read_bytes(CHARACTERS_FILE)
    return CharacterModel.from_bytes(
        content, label_names=bundle.manifest.label_names, **settings.characters.model_dump()
    )


def network_rows(encoder: TextEncoder, ragged: Ragged) -> npt.NDArray[np.int32]:
    """Pad on the left, as the network reads; the encoder still chooses what is cut off."""
    return pad_sequences(ragged, encoder.maxlen, truncating=encoder.truncating)


def of_labels(found: Probabilities) -> Probabilities:
    """Write one sigmoid as the probabilities of both labels."""
    return np.concatenate([1 - found, found], axis=1) if found.shape[1] == 1 else found
