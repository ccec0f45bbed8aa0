"""`koprep predict`."""

from __future__ import annotations

import json as json_format
from typing import Annotated

import typer

from koprep.cli.inputs import text_chunks
from koprep.cli.options import Encoding, Json, ModelOption


def predict(
    texts: Annotated[
        list[str] | None,
        typer.Argument(metavar="TEXT…", help="Texts; without any, lines of standard input."),
    ] = None,
    model: ModelOption = "review-sentiment",
    json: Json = False,
    encoding: Encoding = None,
) -> None:
    """Predict the label of texts; by default, whether a review is negative or positive."""
    from koprep.zoo.loading import open_classifier
    from koprep.zoo.wording import prediction_sentence

    chunks = text_chunks(texts, encoding)
    classifier = open_classifier(model)
    alone = texts is not None and len(texts) == 1
    for chunk in chunks:
        for text, probabilities in zip(chunk, classifier.predict_proba(chunk), strict=True):
            best = int(probabilities.argmax())
            label, probability = classifier.label_names_[best], float(probabilities[best])
            if json:
                by_label = dict(zip(classifier.label_names_, probabilities.tolist(), strict=True))
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
