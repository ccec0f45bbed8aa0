import dataclasses
import os
import subprocess
import sys

import numpy as np
import pytest

from koprep.datasets import TaskSpec
from koprep.zoo import (
    ModelEntry,
    create_model,
    list_models,
    load,
    model_info,
    register_model,
    registry,
)
from koprep.zoo.backend import import_keras
from koprep.zoo.recurrent import RecurrentConfig

BINARY = TaskSpec(task="classification", vocabulary_size=8000, maxlen=60, num_labels=2)
LANGUAGE = TaskSpec(task="language_model", vocabulary_size=9, maxlen=4, num_labels=9)
ENTRY = ModelEntry(builder=lambda spec, config: None, config=RecurrentConfig(), summary="mine")


def test_the_courses_simple_rnn_has_the_courses_parameters():
    model = create_model("simple_rnn", BINARY, embedding_size=128, units=64)
    assert [layer.count_params() for layer in model.layers if layer.count_params()] == [
        1_024_000,
        12_352,
        65,
    ]


def test_the_courses_shapes():
    layers = import_keras().layers
    batch = np.zeros((1, 3, 2), np.float32)
    assert layers.SimpleRNN(4)(batch).shape == (1, 4)
    every_step = layers.SimpleRNN(4, return_sequences=True)(batch)
    assert every_step.shape == (1, 3, 4)
    assert layers.TimeDistributed(layers.Dense(4))(every_step).shape == (1, 3, 4)
    assert layers.SimpleRNN(4)(every_step).shape == (1, 4)
    stacked = create_model("stacked_simple_rnn", BINARY, units=4, embedding_size=2)
    shapes = [layer.output.shape for layer in stacked.layers if "simple_rnn" in layer.name]
    assert shapes == [(None, None, 4), (None, 4)]


def test_names_by_task_and_pattern():
    assert list_models(pattern="*gru*") == ["bigru", "bigru_pool", "gru", "stacked_gru"]
    assert set(list_models()) - set(list_models(task="language_model")) == {
        "bigru", "bigru_pool", "bilstm", "bilstm_pool", "bisimple_rnn",
    }  # fmt: skip
    assert list_models(pattern="*_pool", task="tagging") == []


def test_what_is_known_of_a_model():
    info = model_info("simple_rnn", BINARY)
    assert info.settings["embedding_size"] == 128
    assert info.parameters == 8000 * 128 + (128 + 128 + 1) * 128 + 129
    assert model_info("stacked_gru").settings["layers"] == 2
    assert model_info("gru").parameters is None
    assert all(model_info(name).summary for name in list_models())


def test_an_embedding_begins_with_the_given_vectors():
    spec = dataclasses.replace(BINARY, vocabulary_size=5)
    vectors = np.arange(15, dtype=np.float32).reshape(5, 3)
    model = create_model("gru", spec, embedding_matrix=vectors, freeze_embedding=True, units=2)
    assert (model.get_layer("embedding").get_weights()[0] == vectors).all()
    assert not any("embedding" in weight.path for weight in model.trainable_weights)
    learning = create_model("gru", spec, embedding_matrix=vectors, units=2)
    assert any("embedding" in weight.path for weight in learning.trainable_weights)


VECTORS = np.zeros((8000, 3), np.float32)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        pytest.param(
            lambda: create_model("grue", BINARY), "unknown model 'grue': did you mean 'gru'", id="n"
        ),
        pytest.param(lambda: model_info("x"), "unknown model 'x'; choose from bigru", id="info"),
        pytest.param(
            lambda: create_model("gru", BINARY, unit=3),
            "model 'gru' has no option 'unit': did you mean 'units'.*dropout",
            id="option",
        ),
        pytest.param(lambda: create_model("gru", BINARY, cell="lstm"), "no option 'cell'", id="c"),
        pytest.param(lambda: create_model("mlp", BINARY, layers=2), "no option 'layers'", id="mlp"),
        pytest.param(lambda: create_model("gru", BINARY, units=0), "units must be", id="units"),
        pytest.param(lambda: create_model("gru", BINARY, layers=0), "layers must be", id="layers"),
        pytest.param(lambda: create_model("gru", BINARY, dropout=1), "dropout must be", id="drop"),
        pytest.param(
            lambda: create_model("mlp", BINARY, word_dropout=-1), "word_dropout must be", id="word"
        ),
        pytest.param(
            lambda: create_model("gru", BINARY, recurrent_dropout=2), "recurrent_dropout", id="rec"
        ),
        pytest.param(
            lambda: create_model("bigru", LANGUAGE),
            "'bigru' serves classification, next_token, tagging, not language_model.*gru",
            id="task",
        ),
        pytest.param(lambda: list_models(task="tag"), "unknown task 'tag'.*'tagging'", id="tasks"),
        pytest.param(
            lambda: create_model("gru", BINARY, embedding_matrix=VECTORS[1:]),
            r"shape \(8000, embedding_size\).*got shape \(7999, 3\)",
            id="rows",
        ),
        pytest.param(
            lambda: create_model("gru", BINARY, embedding_matrix=VECTORS, embedding_size=4),
            "embedding_size is 4, embedding_matrix has 3",
            id="columns",
        ),
        pytest.param(
            lambda: create_model("gru", BINARY, freeze_embedding=True), "must learn", id="frozen"
        ),
        pytest.param(lambda: register_model("gru", ENTRY), "already registered", id="twice"),
        pytest.param(
            lambda: dataclasses.replace(ENTRY, tasks=("sing",)), "tasks must be of", id="no task"
        ),
    ],
)
def test_wrong_names_list_the_right_ones(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_settings_must_be_frozen():
    @dataclasses.dataclass
    class Loose:
        units: int = 1

    with pytest.raises(TypeError, match="frozen dataclass"):
        dataclasses.replace(ENTRY, config=Loose())


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A package on the path that registers models by entry points."""
    (tmp_path / "third_party.py").write_text(
        "from koprep.zoo import ModelEntry\n"
        "from koprep.zoo.recurrent import NetworkConfig, build_mlp\n"
        "entry = ModelEntry(builder=build_mlp, config=NetworkConfig(units=3),\n"
        "                   summary='theirs', tasks=('tagging',))\n"
        "wrong = 3\n"
    )
    info = tmp_path / "third_party-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: third-party\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[koprep.models]\n"
        "theirs = third_party:entry\n"
        "broken = third_party:absent\n"
        "number = third_party:wrong\n"
        "gru = third_party:entry\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(registry, "_models", dict(registry._models))
    registry._load_entry_points.cache_clear()
    yield
    registry._load_entry_points.cache_clear()
    sys.modules.pop("third_party", None)


def test_an_installed_package_brings_its_models(installed):
    with pytest.warns(UserWarning, match="cannot be used") as told:
        names = list_models(task="tagging")
    assert "theirs" in names
    assert "theirs" not in list_models(task="classification")
    assert model_info("theirs").settings["units"] == 3
    assert model_info("gru").summary != "theirs"
    messages = " ".join(str(warning.message) for warning in told)
    for name, reason in (("broken", "absent"), ("number", "a ModelEntry, got 3"), ("gru", "taken")):
        assert f"model {name!r} of third_party" in messages
        assert reason.replace("taken", "already registered") in messages


LAYERED = """
import keras
from koprep.zoo import ModelEntry
from koprep.zoo.recurrent import NetworkConfig

@keras.saving.register_keras_serializable("theirs")
class Mean(keras.layers.Layer):
    def call(self, vectors):
        return keras.ops.mean(vectors, axis=1)

def build(spec, config):
    token_ids = keras.Input((None,), dtype="int32")
    vectors = keras.layers.Embedding(spec.vocabulary_size, config.embedding_size)(token_ids)
    return keras.Model(token_ids, keras.layers.Dense(1, activation="sigmoid")(Mean()(vectors)))

entry = ModelEntry(builder=build, config=NetworkConfig(embedding_size=2), summary="theirs")
"""


def test_a_saved_model_opens_with_the_layers_of_its_package(installed, tmp_path):
    (tmp_path / "third_party.py").write_text(LAYERED)
    (tmp_path / "third_party-1.0.dist-info" / "entry_points.txt").write_text(
        "[koprep.models]\ntheirs = third_party:entry\n"
    )
    program = (
        "from koprep import Preprocessor; from koprep.zoo import TextClassifier, TrainingConfig\n"
        "TextClassifier('theirs', preprocessor=Preprocessor(tokenizer='whitespace'),\n"
        "    training=TrainingConfig(epochs=1, validation_split=0)).fit(['a', 'b'], [0, 1])"
        f".save({str(tmp_path / 'model')!r})\n"
    )
    paths = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": paths},
        check=True,
        timeout=200,
    )
    assert load(tmp_path / "model").predict_proba(["a"]).shape == (1, 2)
