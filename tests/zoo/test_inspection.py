"""Looking into classifiers: what is shown is what the model does."""

import sys

import numpy as np
import pytest

from koprep import Preprocessor
from koprep.zoo import TextClassifier, TrainingConfig, load
from koprep.zoo.backend import import_keras
from koprep.zoo.inspection import (
    answer_gradient_norms,
    gradient_norms,
    occlusion,
    probabilities_after_each_token,
    read_along,
)
from koprep.zoo.network import KerasNetwork
from koprep.zoo.stacked_cells import StackedCells

# One word decides. Words that come once teach the model that an unknown one says nothing.
TEXTS = [
    text
    for i in range(8)
    for text in (f"정말 좋아요 말{i}", f"정말 별로 글{i}", f"뜻{i} 아주 좋아요", f"빛{i} 아주 별로")
]
LABELS = [1, 0, 1, 0] * 8
TEXT = "<b>배송</b>  정말 좋아요"


def classifier(name):
    return TextClassifier(
        name,
        preprocessor=Preprocessor(tokenizer="whitespace", min_count=2),
        model_options={"embedding_size": 6, "units": 5},
        training=TrainingConfig(epochs=15, learning_rate=0.02, batch_size=8, validation_split=0),
    ).fit(TEXTS, LABELS)


@pytest.fixture(scope="module", params=["simple_rnn", "lstm", "gru"])
def fitted(request):
    return classifier(request.param)


def test_reading_along_ends_where_the_classifier_does(fitted):
    reading = read_along(fitted, TEXT)
    assert reading.tokens == ("[OOV]", "정말", "좋아요")
    assert reading.hidden.shape == (3, 5)
    gates = {"simple_rnn": "", "lstm": "ifgo", "gru": "zrn"}[fitted.model]
    assert "".join(reading.gates) == gates
    for gate in reading.gates.values():
        assert gate.shape == (3, 5)
    assert np.allclose(reading.probabilities[-1], fitted.predict_proba([TEXT])[0], atol=1e-5)


def test_after_each_token_it_says_what_it_says_of_that_text_alone(fitted):
    found = probabilities_after_each_token(fitted, TEXT)
    assert found.shape == (3, 2)
    assert np.allclose(found, read_along(fitted, TEXT).probabilities, atol=1e-5)
    expected = fitted.predict_proba(["배송", "배송 정말", "배송 정말 좋아요"])
    assert np.allclose(found, expected, atol=1e-5)


def test_the_word_that_decides_matters_most(fitted):
    found = occlusion(fitted, TEXT)
    assert [TEXT[row.start : row.end] for row in found] == ["배송", "정말", "좋아요"]
    assert max(found, key=lambda row: row.importance).token == "좋아요"
    hidden = fitted.predict_proba(["배송 정말 콩"])[0]
    whole = fitted.predict_proba([TEXT])[0]
    label = whole.argmax()
    assert found[2].importance == pytest.approx(whole[label] - hidden[label], abs=1e-5)
    assert found[0].importance == pytest.approx(0, abs=1e-6)  # it was unknown already


def test_the_answers_gradient_is_that_of_small_changes(fitted):
    norms = answer_gradient_norms(fitted, "정말 좋아요")
    embedding = fitted.model_.get_layer("embedding").embeddings
    before = embedding.numpy()
    token_id = fitted.preprocessor_.vocabulary_.token_to_id["좋아요"]
    label = fitted.predict_proba(["정말 좋아요"])[0].argmax()

    def answer(place, change):
        changed = before.copy()
        changed[token_id, place] += change
        embedding.assign(changed)
        return np.log(fitted.predict_proba(["정말 좋아요"])[0][label])

    slopes = [(answer(i, 1e-2) - answer(i, -1e-2)) / 2e-2 for i in range(6)]
    embedding.assign(before)
    assert norms.shape == (2,)
    assert norms[1] == pytest.approx(np.linalg.norm(slopes), rel=0.02)


@pytest.mark.parametrize("scale", [0.8, 1.0, 1.2])
def test_a_linear_layers_gradient_is_a_power_of_its_scale(scale):
    keras = import_keras()
    layer = keras.layers.SimpleRNN(
        6,
        activation=None,
        kernel_initializer="identity",
        recurrent_initializer=keras.initializers.Orthogonal(scale, seed=0),
    )
    norms = gradient_norms(layer, np.random.default_rng(0).normal(size=(2, 9, 6)))
    assert norms == pytest.approx(scale ** np.arange(8, -1, -1), rel=1e-4)


def test_a_simple_rnn_forgets_where_open_gates_remember():
    keras = import_keras()
    inputs = np.random.default_rng(0).normal(0, 1, (8, 40, 4))

    def first(name, gate=None):
        layer = getattr(keras.layers, name)(
            16,
            kernel_initializer=keras.initializers.GlorotUniform(0),
            recurrent_initializer=keras.initializers.Orthogonal(1.0, seed=0),
        )
        layer.build(inputs.shape)
        if gate is not None:
            kernel, recurrent, bias = layer.get_weights()
            bias[..., gate * 16 : (gate + 1) * 16] = 4
            layer.set_weights([kernel, recurrent, bias])
        return gradient_norms(layer, inputs)[0]

    forgetful = first("SimpleRNN")
    assert forgetful < 1e-3
    assert first("LSTM", gate=1) > 100 * forgetful  # the forget gate
    assert first("GRU", gate=0) > 100 * forgetful  # the update gate


def test_sequences_have_no_last_state():
    layer = import_keras().layers.GRU(2, return_sequences=True)
    with pytest.raises(ValueError, match="return_sequences=False"):
        gradient_norms(layer, np.zeros((1, 2, 2)))


@pytest.mark.parametrize(
    ("truncating", "kept"), [("pre", ["정말", "좋아요"]), ("post", ["아주", "정말"])]
)
def test_only_what_the_model_reads_is_shown(truncating, kept, fitted, monkeypatch):
    expected = fitted.predict_proba([" ".join(kept)])[0]
    monkeypatch.setattr(fitted.preprocessor_, "maxlen_", 2)
    monkeypatch.setattr(fitted.preprocessor_, "truncating", truncating)
    text = "아주 정말 좋아요"
    assert [text[row.start : row.end] for row in occlusion(fitted, text)] == kept
    reading = read_along(fitted, text)
    assert reading.tokens == tuple(kept)
    assert np.allclose(reading.probabilities[-1], expected, atol=1e-5)


def test_what_cannot_be_looked_into_is_told(fitted, monkeypatch):
    with pytest.raises(ValueError, match="has no token to look at"):
        occlusion(fitted, " ")
    keras = import_keras()
    other = KerasNetwork(keras.Sequential([keras.layers.Dense(2)]))
    monkeypatch.setattr(fitted, "network_", other)
    with pytest.raises(ValueError, match="is Dense: states can be followed through"):
        read_along(fitted, TEXT)
    with pytest.raises(ValueError, match="does not begin with an embedding"):
        answer_gradient_norms(fitted, TEXT)


def test_settings_that_the_equations_do_not_know_are_not_shown_as_if():
    layers = import_keras().layers
    dense = layers.Dense(2, activation="softmax")
    for cell in (layers.SimpleRNN(3, activation="relu"), layers.GRU(3, reset_after=False)):
        model = import_keras().Sequential([layers.Embedding(9, 4, mask_zero=True), cell, dense])
        model.build((None, None))
        assert StackedCells.from_keras(model) is None


def test_the_gradient_is_taken_of_the_answer_that_is_given():
    """A network that does not mask PAD reads whole rows, whatever the text's length."""
    unmasked = TextClassifier(
        "gru",
        preprocessor=Preprocessor(tokenizer="whitespace", maxlen=6),
        model_options={"embedding_size": 6, "units": 5, "mask_padding": False},
        training=TrainingConfig(epochs=2, batch_size=8, validation_split=0),
    ).fit(TEXTS, LABELS)
    read = []
    original = type(unmasked.model_).call

    def noting(model, token_ids, *rest, **options):
        read.append(tuple(token_ids.shape))
        return original(model, token_ids, *rest, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(unmasked.model_), "call", noting)
        norms = answer_gradient_norms(unmasked, TEXT)
    assert norms.shape == (3,)
    assert read[-1] == (1, 6)


def test_a_missing_onnx_says_what_to_install(fitted, tmp_path, monkeypatch):
    opened = load(fitted.save(tmp_path / "saved"))
    monkeypatch.delitem(sys.modules, "koprep.zoo.onnx_weights", raising=False)
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ModuleNotFoundError, match="needs the package onnx: pip install onnx"):
        read_along(opened, TEXT)
