"""Training that was killed goes on as if nothing had happened."""

import importlib.util
import json
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from koprep import Preprocessor
from koprep.datasets import EncodedDataset
from koprep.zoo import TextClassifier, TrainingConfig
from koprep.zoo.checkpoint import CheckpointConfig, CheckpointFile

SCRIPT = Path(__file__).with_name("trained_and_killed.py")
_spec = importlib.util.spec_from_file_location("trained_and_killed", SCRIPT)
trained = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(trained)


@pytest.fixture(scope="module")
def unbroken():
    return trained.train()


def same(one, other):
    return all(a.tobytes() == b.tobytes() for a, b in zip(one, other, strict=True))


def test_killed_in_three_epochs_it_ends_with_the_weights_of_an_unbroken_run(tmp_path, unbroken):
    folder = tmp_path / "run"
    for every_seconds, batches_until_the_kill in (
        (0, 4),  # in epoch 1, with a checkpoint after every step
        (300, 5),  # two steps end epoch 1; in epoch 2, whose three steps are lost
        (0, 6 + 2),  # the whole of epoch 2 again; in epoch 3
    ):
        killed = subprocess.run(
            [sys.executable, SCRIPT, folder, str(every_seconds), str(batches_until_the_kill)],
            capture_output=True,
            timeout=120,
            check=False,
        )
        assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
        (folder / "checkpoint.new").write_bytes(b"half a checkpoint")
    weights, history = trained.train(CheckpointConfig(folder=folder, resume=True))
    assert same(weights, unbroken[0])
    assert history == unbroken[1]


def test_a_finished_training_is_not_trained_again(tmp_path, unbroken):
    checkpoints = CheckpointConfig(folder=tmp_path / "run", resume=True)
    first = trained.train(checkpoints)
    trained.Watched.kill_before = trained.Watched.served  # one more batch would end this process
    again = trained.train(checkpoints)
    trained.Watched.kill_before = None
    assert same(first[0], again[0])
    assert same(first[0], unbroken[0])
    assert again[1] == unbroken[1]


@pytest.fixture(scope="module")
def stopped(tmp_path_factory):
    """A folder with the checkpoint of one epoch's training."""
    folder = tmp_path_factory.mktemp("stopped")
    config = CheckpointConfig(folder=folder, facts={"model": "gru"})
    trained.train(config, config=replace(trained.CONFIG, epochs=1))
    return folder


ONE_EPOCH = replace(trained.CONFIG, epochs=1)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"config": trained.CONFIG}, "epochs was 1, now it is 4", id="epochs"),
        pytest.param(
            {"config": replace(ONE_EPOCH, learning_rate=0.5)}, "learning_rate was 0.001", id="rate"
        ),
        pytest.param(
            {"training": trained.examples(EncodedDataset, 48, 3)}, "the training data was", id="d"
        ),
        pytest.param(
            {"validation": trained.examples(EncodedDataset, 16, 3)}, "the validation data", id="v"
        ),
        pytest.param({"facts": {"model": "lstm"}}, "model was 'gru', now it is 'lstm'", id="model"),
        pytest.param({"facts": {}}, "model was 'gru', now it is None", id="no model"),
    ],
)
def test_a_checkpoint_of_another_training_is_refused_by_name(stopped, changes, message):
    given = {"config": ONE_EPOCH, "facts": {"model": "gru"}, **changes}
    checkpoints = CheckpointConfig(folder=stopped, resume=True, facts=given.pop("facts"))
    with pytest.raises(ValueError, match=message):
        trained.train(checkpoints, **given)


def test_a_checkpoint_is_not_written_over(stopped):
    with pytest.raises(FileExistsError, match="resume it, or remove the folder"):
        trained.train(CheckpointConfig(folder=stopped))


def test_any_byte_of_a_checkpoint_may_be_wrong(stopped, tmp_path):
    content = (stopped / "checkpoint.npz").read_bytes()
    with np.load(stopped / "checkpoint.npz") as stored:
        facts = json.loads(stored["head"].tobytes())["facts"]

    def arrays(folder):
        state, found = CheckpointFile(CheckpointConfig(folder=folder, resume=True), facts).load()
        return [*found, *(state.best or [])]

    whole = arrays(stopped)
    directory = range(content.index(b"PK\1\2"), len(content))  # where the arrays' names stand
    told = 0
    for place in (*range(0, len(content), len(content) // 150 + 1), *directory[::3]):
        changed = bytearray(content)
        changed[place] ^= 0x20
        (tmp_path / "checkpoint.npz").write_bytes(changed)
        try:
            found = arrays(tmp_path)
        except ValueError:
            told += 1
        else:
            assert len(found) == len(whole)
            assert same(found, whole)
    assert told > 100


@pytest.mark.parametrize("kept", [0, 100, -1], ids=["empty", "beginning", "all but a byte"])
def test_a_damaged_checkpoint_is_told(stopped, tmp_path, kept):
    content = (stopped / "checkpoint.npz").read_bytes()
    (tmp_path / "checkpoint.npz").write_bytes(content[:kept])
    with pytest.raises(ValueError, match="cannot be read"):
        CheckpointFile(CheckpointConfig(folder=tmp_path, resume=True), {}).load()


def test_a_checkpoint_with_objects_is_refused(tmp_path):
    np.savez(tmp_path / "checkpoint.npz", head=np.array([{}], object))
    with pytest.raises(ValueError, match="cannot be read"):
        CheckpointFile(CheckpointConfig(folder=tmp_path, resume=True), {}).load()


@pytest.mark.parametrize("others", [(), ("notes.txt",)], ids=["koprep's alone", "a user's file"])
def test_removing_a_checkpoint_leaves_what_others_wrote(tmp_path, others):
    folder = tmp_path / "run"
    folder.mkdir()
    for name in ("checkpoint.npz", "checkpoint.new", *others):
        (folder / name).write_text("x")
    CheckpointConfig(folder=str(folder)).remove()
    assert folder.exists() == bool(others)
    assert [path.name for path in folder.glob("*")] == list(others)
    CheckpointConfig(folder=str(folder)).remove()


def test_a_training_that_ended_does_not_stand_in_the_way_of_the_next(tmp_path):
    classifier = TextClassifier(
        "mlp",
        preprocessor=Preprocessor(tokenizer="whitespace"),
        training=TrainingConfig(epochs=1, validation_split=0),
        checkpoints=CheckpointConfig(folder=str(tmp_path / "run")),
    )
    for _ in range(2):
        classifier.fit(["좋아요", "싫어요"], [1, 0])
    assert not (tmp_path / "run").exists()
