"""`koprep predict`."""

from __future__ import annotations

import itertools
import json as json_format
import sys
from collections.abc import Iterable, Iterator
from typing import Annotated

import typer

from koprep.cli.options import Encoding, Json, ModelFolder

CHUNK = 1024
"""Lines of standard input that are predicted together."""


def predict(
    folder: ModelFolder,
    texts: Annotated[
        list[str] | None,
        typer.Argument(metavar="TEXT…", help="Texts; without any, lines of standard input."),
    ] = None,
    json: Json = False,
    encoding: Encoding = None,
) -> None:
    """Predict the label of texts with a trained model."""
    from koprep.zoo import load
    from koprep.zoo.wording import prediction_sentence

    if not texts and sys.stdin.isatty():
        raise ValueError("nothing to predict: give texts, or lines on standard input")
    model = load(folder)
    alone = texts is not None and len(texts) == 1
    lines: Iterable[str] = texts or _lines(encoding)
    for chunk in _chunks(lines):
        for text, probabilities in zip(chunk, model.predict_proba(chunk), strict=True):
            best = int(probabilities.argmax())
            label, probability = model.label_names_[best], float(probabilities[best])
            if json:
                by_label = dict(zip(model.label_names_, probabilities.tolist(), strict=True))
                row = {
                    "text": text,
                    "label": label,
                    "probability": probability,
                    "probabilities": by_label,
                }
                print(json_format.dumps(row, ensure_ascii=False))
            else:
                sentence = prediction_sentence(label, probability)
                print(sentence if alone else f"{sentence}\t{text}")


def _lines(encoding: str | None) -> Iterator[str]:
    from koprep.textfile import TextLines

    for line in TextLines(sys.stdin.buffer, "standard input", encoding):
        if line.problem:
            raise ValueError(f"standard input line {line.number}: {line.problem}")
        yield line.content


def _chunks(lines: Iterable[str]) -> Iterator[list[str]]:
    iterator = iter(lines)
    while chunk := list(itertools.islice(iterator, CHUNK)):
        yield chunk
