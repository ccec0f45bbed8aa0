"""Writing networks as ONNX, and running them: stored embeddings, threads, copies, refusals."""

import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import onnx
import pytest

from koprep.datasets import TaskSpec
from koprep.zoo import create_model
from koprep.zoo.backend import import_keras
from koprep.zoo.onnx_export import export_onnx
from koprep.zoo.onnx_format import LARGEST_DIFFERENCE, OnnxExportError
from koprep.zoo.runtime import OnnxNetwork

SPEC = TaskSpec(task="classification", vocabulary_size=50, maxlen=9, num_labels=3)
ROWS = np.random.default_rng(1).integers(1, 50, (6, 9)).astype(np.int32)
ROWS[1, :4] = 0
ROWS[2] = 0


def model(name="bigru_pool", spec=SPEC):
    made = create_model(name, spec, units=6, embedding_size=8)
    rng = np.random.default_rng(0)
    weights = [rng.normal(0, 0.5, weight.shape) for weight in made.get_weights()]
    weights[0][0] = 0  # PAD, as `PretrainedEmbeddings` has it
    made.set_weights(weights)
    return made


@pytest.fixture(scope="module")
def trained():
    return model()


@pytest.fixture(scope="module")
def network(trained):
    return OnnxNetwork(export_onnx(trained, SPEC))


@pytest.mark.parametrize(
    ("embedding", "bytes_a_number", "allowed"),
    [("float32", 4, 0), ("float16", 2, 1e-3), ("int8", 1, 1e-2)],
)
def test_an_embedding_may_be_stored_smaller(embedding, bytes_a_number, allowed, trained, network):
    with np.errstate(invalid="raise"):  # PAD's row has no largest number to be scaled by
        content = export_onnx(trained, SPEC, embedding=embedding)
    small = OnnxNetwork(content)
    found, expected = small.probabilities(ROWS), network.probabilities(ROWS)
    assert np.isfinite(found).all()
    assert np.abs(found - expected).max() <= allowed
    noted = float(small.properties[LARGEST_DIFFERENCE])
    assert (noted > 0) == (embedding != "float32")
    assert noted <= allowed
    stored = {one.name: one for one in onnx.load_from_string(content).graph.initializer}
    assert len(stored["embedding"].raw_data) == 50 * 8 * bytes_a_number


def test_the_file_is_one_that_the_oldest_supported_onnxruntime_reads(network):
    proto = onnx.load_from_string(network.content)
    onnx.checker.check_model(proto, full_check=True)
    assert [(opset.domain, opset.version) for opset in proto.opset_import] == [("", 18)]
    assert proto.ir_version == 8
    assert {"GRU"} == {node.op_type for node in proto.graph.node} & {"GRU", "Loop", "Scan"}


def test_the_same_model_gives_the_same_bytes(trained, network):
    assert export_onnx(trained, SPEC) == network.content


@pytest.mark.parametrize("task", ["classification", "tagging", "language_model"])
@pytest.mark.parametrize(("rows", "tokens"), [(0, 0), (0, 3), (2, 0)])
def test_no_rows_and_no_tokens_are_answered(task, rows, tokens):
    """onnxruntime's LSTM ends the process on an empty batch."""
    labels = 50 if task == "language_model" else 3
    spec = TaskSpec(task=task, vocabulary_size=50, maxlen=9, num_labels=labels)
    empty = np.zeros((rows, tokens), np.int32)
    found = OnnxNetwork(export_onnx(model("lstm", spec), spec)).probabilities(empty)
    assert found.shape == ((rows, labels) if task == "classification" else (rows, tokens, labels))


def test_threads_share_a_network(network):
    expected = [network.probabilities(ROWS[row : row + 1]) for row in range(len(ROWS))]
    rows = [row % len(ROWS) for row in range(400)]
    with ThreadPoolExecutor(8) as threads:
        found = threads.map(lambda row: network.probabilities(ROWS[row : row + 1]), rows)
        assert all((one == expected[row]).all() for row, one in zip(rows, found, strict=True))


def test_it_is_pickled_as_its_content_and_one_session_serves_all(network):
    network.probabilities(ROWS)
    pickled = pickle.dumps(network)
    assert len(pickled) < len(network.content) + 200
    for other in (pickle.loads(pickled), OnnxNetwork(bytes([*network.content]))):
        assert (other.probabilities(ROWS) == network.probabilities(ROWS)).all()
        assert other._session() is network._session()


def test_another_file_is_another_session(network):
    other = OnnxNetwork(export_onnx(model("lstm"), SPEC))
    assert np.abs(other.probabilities(ROWS) - network.probabilities(ROWS)).max() > 1e-3


def chain(*layers):
    keras = import_keras()
    first = keras.layers.Embedding(50, 4, mask_zero=True)
    made = keras.Sequential([first, *layers, keras.layers.Dense(3, activation="softmax")])
    made.build((None, None))
    return made


def branched():
    keras = import_keras()
    token_ids = keras.Input((None,), dtype="int32")
    vectors = keras.layers.Embedding(50, 4)(token_ids)
    ways = [keras.layers.GRU(3)(vectors) for _ in range(2)]
    return keras.Model(token_ids, keras.layers.Dense(3)(keras.layers.Concatenate()(ways)))


def called_twice():
    keras = import_keras()
    token_ids, again = (
        keras.Input((None,), dtype="int32"),
        keras.layers.GRU(4, return_sequences=True),
    )
    vectors = keras.layers.Embedding(50, 4)(token_ids)
    return keras.Model(token_ids, keras.layers.Dense(3)(again(again(vectors))))


@pytest.mark.parametrize(
    ("build", "message"),
    [
        pytest.param(
            lambda layers: chain(layers.GlobalAveragePooling1D()),
            "a GlobalAveragePooling1D",
            id="another layer",
        ),
        pytest.param(
            lambda layers: chain(layers.GRU(3, activation="relu")), "'relu'", id="activation"
        ),
        pytest.param(
            lambda layers: chain(layers.LSTM(3, use_bias=False)), "use_bias=False", id="no bias"
        ),
        pytest.param(
            lambda layers: chain(layers.SimpleRNN(3, go_backwards=True)),
            "go_backwards=True",
            id="backwards",
        ),
        pytest.param(
            lambda layers: chain(layers.GRU(3, reset_after=False)),
            "reset_after=False",
            id="reset before",
        ),
        pytest.param(
            lambda layers: chain(layers.Bidirectional(layers.GRU(3), merge_mode="sum")),
            "by sum",
            id="sum of both ways",
        ),
        pytest.param(lambda layers: branched(), "no chain of layers", id="branches"),
        pytest.param(lambda layers: called_twice(), "no chain of layers", id="a layer twice"),
    ],
)
def test_what_has_no_onnx_form_is_told(build, message):
    with pytest.raises(OnnxExportError, match=message):
        export_onnx(build(import_keras().layers), SPEC)


def test_an_answer_away_from_keras_is_no_export(monkeypatch, trained):
    probabilities = OnnxNetwork.probabilities
    monkeypatch.setattr(
        OnnxNetwork, "probabilities", lambda self, rows: probabilities(self, rows) + 1e-4
    )
    with pytest.raises(OnnxExportError, match="away from Keras"):
        export_onnx(trained, SPEC)


def test_an_unknown_way_to_store_embeddings_is_told(trained):
    with pytest.raises(ValueError, match="one of float32, float16, int8, got 'int4'"):
        export_onnx(trained, SPEC, embedding="int4")


def test_large_matrices_are_halved_with_the_embedding():
    model = create_model("bigru", SPEC, units=80, embedding_size=8)
    exact, small = (
        export_onnx(model, SPEC, embedding=embedding) for embedding in ("float32", "int8")
    )
    halves = [one for one in onnx.load_from_string(small).graph.initializer if "halves" in one.name]
    assert {one.data_type for one in halves} == {onnx.TensorProto.FLOAT16}
    assert len(small) < 0.6 * len(exact)
    found, expected = (OnnxNetwork(content).probabilities(ROWS) for content in (small, exact))
    assert 0 < np.abs(found - expected).max() < 1e-2
