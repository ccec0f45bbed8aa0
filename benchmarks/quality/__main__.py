"""Train a model from nothing and print its figures on texts that nothing was chosen by."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

from benchmarks.data import DATA

TASKS = {
    "klue_ner": "named entities: a character tagger beside the majority tag of each character",
    "chatbot": "what comes next: a recurrent language model beside interpolated bigrams",
}


def main() -> None:
    """Run one task."""
    listed = "; ".join(f"{name}: {what}" for name, what in TASKS.items())
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description=__doc__)
    parser.add_argument("task", choices=TASKS, help=listed)
    parser.add_argument(
        "--data-dir",
        type=Path,
        default=DATA,
        help="holds the folders klue_ner and chatbot",
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="save the trained model here")
    arguments = parser.parse_args()
    task = importlib.import_module(f"benchmarks.quality.{arguments.task}")
    task.run(arguments.data_dir, arguments.seed, arguments.out)


if __name__ == "__main__":
    main()
