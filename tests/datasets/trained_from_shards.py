"""Trains an epoch from a folder of shards and prints the most memory held, in MiB: see there."""

import re
import sys
from pathlib import Path

from koprep.datasets import ShardedDataset
from koprep.zoo import TrainingConfig, create_model
from koprep.zoo.training import train_model


def main(folder: str) -> None:
    dataset = ShardedDataset.open(folder, label_names=("a", "b"), vocabulary_size=50, maxlen=40)
    model = create_model("mlp", dataset.spec, units=4, embedding_size=4)
    train_model(model, dataset, None, TrainingConfig(epochs=1, batch_size=512))
    status = Path("/proc/self/status").read_text(encoding="ascii")
    print(int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024)


if __name__ == "__main__":
    main(sys.argv[1])
