"""Workers that train together end with the weights of one that trains alone."""

import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from koprep.zoo import Workers

SCRIPT = Path(__file__).with_name("trained_by_workers.py")
_spec = importlib.util.spec_from_file_location("trained_by_workers", SCRIPT)
trained = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(trained)

NAMES = [case.__name__ for case in trained.CASES]


def free_ports(count):
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def write_shards(folder):
    dataset = trained.examples(41, 4)
    for number, start in enumerate(range(0, 41, 10)):
        rows = slice(start, start + 10)
        ids, labels = pa.array(list(dataset.token_ids[rows])), pa.array(dataset.labels[rows])
        shard = pa.table({"token_ids": ids, "label": labels})
        pq.write_table(shard, folder / f"part-{number:05}.parquet")


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """The folder of what two processes trained, and how each ended."""
    folder = tmp_path_factory.mktemp("workers")
    write_shards(folder)
    cluster = {"worker": [f"127.0.0.1:{port}" for port in free_ports(2)]}
    processes = []
    for number in (0, 1):
        config = {"cluster": cluster, "task": {"type": "worker", "index": number}}
        processes.append(
            subprocess.Popen(
                [sys.executable, SCRIPT, str(number), folder],
                env={**os.environ, "TF_CONFIG": json.dumps(config)},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        )
    try:
        output = [process.communicate(timeout=150)[0] for process in processes]
    finally:
        for process in processes:
            process.kill()
    print(*output, sep="\n---\n")
    return folder, [process.returncode for process in processes]


def result(folder, name, number):
    with np.load(folder / f"{name}-{number}.npz") as stored:
        weights = [stored[key] for key in stored.files]
    return weights, json.loads((folder / f"{name}-{number}.json").read_text())


@pytest.mark.parametrize("name", NAMES)
def test_all_workers_end_with_the_same_weights(ran, name):
    first, second = (result(ran[0], name, number) for number in (0, 1))
    assert [one.tobytes() for one in first[0]] == [one.tobytes() for one in second[0]]
    assert first[1] == second[1]


@pytest.mark.parametrize("name", NAMES)
def test_they_are_those_of_one_worker_on_the_same_batches(ran, name):
    weights, history = getattr(trained, name)(None, ran[0])
    found, told = result(ran[0], name, 0)
    for one, other in zip(weights, found, strict=True):
        assert np.allclose(one, other, rtol=1e-4, atol=1e-5), np.abs(one - other).max()
    assert len(history) == len(told)
    for one, other in zip(history, told, strict=True):
        assert one == pytest.approx(other, rel=1e-4)


@pytest.mark.parametrize("number", [0, 1])
def test_workers_that_were_given_different_settings_refuse_to_train(ran, number):
    told = (ran[0] / f"refused-{number}.txt").read_text()
    assert "the 2 workers were not given the same: learning_rate differ" in told


def test_a_worker_that_dies_ends_the_others_with_an_error(ran):
    folder, codes = ran
    assert codes == [0, -signal.SIGKILL]
    assert "a worker was lost" in (folder / "lost-0.txt").read_text()


CLUSTER = {"worker": ["127.0.0.1:1", "127.0.0.1:2"]}


@pytest.mark.parametrize(
    ("config", "message"),
    [
        pytest.param(None, "TF_CONFIG is not set", id="none"),
        pytest.param("{", "TF_CONFIG cannot be read", id="no JSON"),
        pytest.param({"cluster": CLUSTER}, "cannot be read: KeyError.'task'", id="no task"),
        pytest.param(
            {"cluster": CLUSTER, "task": {"type": "worker", "index": 2}}, "an index of", id="index"
        ),
        pytest.param(
            {"cluster": {**CLUSTER, "ps": ["127.0.0.1:3"]}, "task": {"type": "ps", "index": 0}},
            "workers alone",
            id="parameter server",
        ),
    ],
)
def test_a_cluster_that_cannot_be_joined_is_told(monkeypatch, config, message):
    monkeypatch.delenv("TF_CONFIG", raising=False)
    if config is not None:
        monkeypatch.setenv("TF_CONFIG", config if config == "{" else json.dumps(config))
    with pytest.raises(ValueError, match=message):
        Workers.join()
