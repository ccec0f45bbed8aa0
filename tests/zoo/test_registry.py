import dataclasses

import numpy as np
import pytest

from koprep.datasets import TaskSpec
from koprep.zoo import create_model, list_models, model_summary, register_model
from koprep.zoo.recurrent import RecurrentConfig

BINARY = TaskSpec(task="classification", vocabulary_size=8000, maxlen=60, num_labels=2)


def spec(task, num_labels):
    return TaskSpec(task=task, vocabulary_size=12, maxlen=5, num_labels=num_labels)


def test_the_courses_simple_rnn_has_the_courses_parameters():
    model = create_model("simple_rnn", BINARY, embedding_size=128, units=64)
    assert [layer.count_params() for layer in model.layers if layer.count_params()] == [
        1_024_000,
        12_352,
        65,
    ]


@pytest.mark.parametrize("name", list_models())
@pytest.mark.parametrize(
    ("task", "num_labels", "output"),
    [
        pytest.param("classification", 2, (3, 1), id="two labels"),
        pytest.param("classification", 4, (3, 4), id="four labels"),
        pytest.param("next_token", 12, (3, 12), id="next token"),
        pytest.param("language_model", 12, (3, 5, 12), id="language model"),
        pytest.param("tagging", 4, (3, 5, 4), id="tagging"),
    ],
)
def test_output_shapes_and_probabilities(name, task, num_labels, output):
    model = create_model(name, spec(task, num_labels), units=4, embedding_size=3)
    probabilities = np.asarray(model(np.array([[0, 0, 1, 2, 3]] * 3, np.int32)))
    assert probabilities.shape == output
    assert ((probabilities >= 0) & (probabilities <= 1)).all()
    if output[-1] > 1:
        assert np.allclose(probabilities.sum(axis=-1), 1, atol=1e-5)


@pytest.mark.parametrize("name", list_models())
def test_padding_changes_nothing_unless_the_mask_is_off(name):
    short = np.array([[3, 1, 2]], np.int32)
    padded = np.array([[0, 0, 0, 0, 3, 1, 2]], np.int32)
    masked = create_model(name, spec("classification", 2))
    assert np.allclose(masked(short), masked(padded), atol=1e-6)
    unmasked = create_model(name, spec("classification", 2), mask_padding=False)
    assert not np.allclose(unmasked(short), unmasked(padded), atol=1e-6)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        pytest.param(lambda: create_model("grue", BINARY), "unknown model 'grue'.*gru", id="name"),
        pytest.param(
            lambda: create_model("gru", BINARY, size=3), "no option 'size'.*units", id="o"
        ),
        pytest.param(lambda: create_model("gru", BINARY, units=0), "units must be", id="units"),
        pytest.param(lambda: create_model("gru", BINARY, dropout=1), "dropout must be", id="drop"),
        pytest.param(lambda: create_model("gru", BINARY, cell="rnn"), "cell must be", id="cell"),
        pytest.param(
            lambda: register_model("gru", None, RecurrentConfig(cell="gru"), ""),
            "already registered",
            id="twice",
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
        register_model("loose", None, Loose(), "")
    assert "loose" not in list_models()


def test_every_model_says_what_it_is():
    assert all(model_summary(name) for name in list_models())
