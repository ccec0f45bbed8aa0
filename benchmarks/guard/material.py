"""Write what the paths are counted on: `python material.py FOLDER`, by the base's koprep.

Texts, tokens and a model that both sides can read, whatever the change did to data or formats.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

NOISE = " <br/>http://example.com/a?b=1에서 샀어요ㅋㅋㅋㅋㅋ 강추!!!! 😀👍🏽 １２，０００원"
"""What every tenth review gets, so that the rules for it are counted, too."""

TEXTS = 200
SETTINGS_FILE = "preprocessor.json"


def main(folder: Path) -> None:
    from koprep.bundle import read_bundle, write_bundle
    from koprep.datasets import load
    from koprep.zoo.loading import model_folder

    texts = list(load("mini_reviews", split="train").texts[:TEXTS])
    texts[::10] = [text + NOISE for text in texts[::10]]
    _write(folder / "texts.json", texts)

    bundle = read_bundle(model_folder("review-sentiment"))
    settings = bundle.read_json(SETTINGS_FILE)
    _write(folder / "tokens.json", [sample["tokens"] for sample in settings["golden_samples"]])
    # Cut at spaces: koprep's share of a prediction and the network's, without Kiwi's.
    settings["tokenizer"] = {"name": "whitespace", "settings": {}, "versions": {}}
    settings["golden_samples"] = []
    files = {name: bundle.read_bytes(name) for name in bundle.manifest.files}
    files[SETTINGS_FILE] = json.dumps(settings).encode()
    write_bundle(
        folder / "model",
        files,
        kind=bundle.manifest.kind,
        task=bundle.manifest.task,
        label_names=bundle.manifest.label_names,
    )


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
