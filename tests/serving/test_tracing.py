"""What is told of a network is what the network computes."""

import subprocess
import sys

import numpy as np
import pytest

from koprep.datasets import TaskSpec
from koprep.zoo import create_model, load
from koprep.zoo.inspection import occlusion, read_along, single_cell
from koprep.zoo.loading import open_classifier
from koprep.zoo.network import KerasNetwork
from koprep.zoo.onnx_export import export_onnx
from koprep.zoo.onnx_weights import stacked_cells
from koprep.zoo.runtime import OnnxNetwork
from koprep.zoo.serving import tracing


def trace(predictor, text):
    return tracing.trace(single_cell(predictor.network), predictor, text)


TEXT = "정말 좋아요 배송 아주 별로 정말 좋아요"
SIZE = 400


@pytest.mark.parametrize("number", range(3))
def test_the_last_probability_is_the_networks_own_answer(number, traced_folders):
    predictor = open_classifier(traced_folders[number])
    found = trace(predictor, TEXT)
    assert [token["form"] for token in found["tokens"]] == TEXT.split()[-6:]  # a row has six
    expected = predictor.predict_proba([TEXT])[0, 1]
    assert found["probabilities"][-1] == pytest.approx(expected, abs=1e-4)
    for read in range(1, 6):
        prefix = " ".join(TEXT.split()[-6:][:read])
        alone = predictor.predict_proba([prefix])[0, 1]
        assert found["probabilities"][read - 1] == pytest.approx(alone, abs=1e-4)


def test_hidden_states_follow_from_the_gates_that_are_told(traced_folders):
    """By the equations of LSTM and GRU, a gate under another's name would lead elsewhere."""
    lstm, gru = (trace(open_classifier(folder), TEXT) for folder in traced_folders[1:])
    gates = {name: np.array(rows) for name, rows in lstm["gates"].items()}
    state = np.zeros(5)
    for place, hidden in enumerate(lstm["hidden"]):
        now = {name: rows[place] for name, rows in gates.items()}
        state = now["forget"] * state + now["input"] * now["candidate"]
        assert hidden == pytest.approx(now["output"] * np.tanh(state), abs=1e-4)
    update, candidate = (np.array(gru["gates"][name]) for name in ("update", "candidate"))
    before = np.zeros(5)
    for place, hidden in enumerate(gru["hidden"]):
        expected = update[place] * before + (1 - update[place]) * candidate[place]
        assert hidden == pytest.approx(expected, abs=1e-4)
        before = np.array(hidden)


def test_importance_is_what_the_second_label_loses_by_the_token(traced_folders):
    predictor = open_classifier(traced_folders[2])
    found = trace(predictor, "정말 좋아요 별로")
    asked = ["정말 좋아요 별로", "모르 좋아요 별로", "정말 모르 별로", "정말 좋아요 모르"]
    against, towards = predictor.predict_proba(asked).astype(float).T
    log_odds = np.log(towards / against)
    assert found["importance"] == pytest.approx((log_odds[0] - log_odds[1:]).tolist(), abs=1e-4)


def test_importance_is_finite_where_a_network_is_sure(traced_folders, monkeypatch):
    sure = np.array([0.0, 1.0], np.float32)
    monkeypatch.setattr(tracing, "occluded", lambda *_: (sure, np.array([[1, 0], sure])))
    most = 2 * np.log(1e6)
    assert trace(open_classifier(traced_folders[2]), "정말 좋아요")["importance"] == pytest.approx(
        [most, 0], rel=1e-3
    )


@pytest.mark.parametrize("name", ["simple_rnn", "lstm", "gru", "stacked_lstm"])
@pytest.mark.parametrize("num_labels", [2, 3])
@pytest.mark.parametrize("embedding", ["float32", "float16", "int8"])
def test_weights_come_back_from_the_file(name, num_labels, embedding):
    spec = TaskSpec(
        task="classification",
        vocabulary_size=SIZE,
        maxlen=9,
        num_labels=num_labels,
        label_names=tuple(map(str, range(num_labels))),
    )
    model = create_model(name, spec, units=80, embedding_size=60)  # large enough to be halved
    rng = np.random.default_rng(0)
    model.set_weights([rng.normal(0, 0.3, w.shape) for w in model.get_weights()])
    exported = OnnxNetwork(export_onnx(model, spec, embedding=embedding))
    cells = stacked_cells(exported.content)
    token_ids = rng.integers(1, SIZE, (4, 7)).astype(np.int32)
    found, _ = cells.read(token_ids, cells.start(4))
    assert np.abs(found - exported.probabilities(token_ids)).max() < 1e-5
    assert (single_cell(exported) is None) == (name == "stacked_lstm")
    assert (single_cell(KerasNetwork(model)) is None) == (name == "stacked_lstm")


@pytest.mark.parametrize("name", ["bigru", "bigru_pool", "mlp"])
def test_other_networks_cannot_be_followed(name):
    spec = TaskSpec(
        task="classification", vocabulary_size=9, maxlen=5, num_labels=2, label_names=("a", "b")
    )
    exported = OnnxNetwork(export_onnx(create_model(name, spec), spec))
    assert stacked_cells(exported.content) is None
    assert single_cell(exported) is None


def test_a_network_that_reads_padding_cannot_be_followed():
    """The course's networks do: what they computed before the first token would be left out."""
    spec = TaskSpec(
        task="classification", vocabulary_size=9, maxlen=5, num_labels=2, label_names=("a", "b")
    )
    model = create_model("gru", spec, mask_padding=False)
    assert single_cell(KerasNetwork(model)) is None
    assert single_cell(OnnxNetwork(export_onnx(model, spec))) is None


def test_a_loaded_classifier_is_looked_into_as_its_predictor(traced_folders):
    loaded, predictor = load(traced_folders[1]), open_classifier(traced_folders[1])
    assert occlusion(loaded, TEXT) == occlusion(predictor, TEXT)
    reading = read_along(loaded, TEXT)
    assert reading.tokens == tuple(
        token if token != "배송" else "[OOV]" for token in TEXT.split()[-6:]
    )
    assert np.array_equal(reading.hidden, read_along(predictor, TEXT).hidden)
    with pytest.raises(ValueError, match="the network has other layers: states can be followed"):
        read_along(open_classifier("review-sentiment"), "좋아요")


def test_a_server_opens_no_tensorflow(traced_folders):
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from koprep.zoo.serving.models import open_model, sources\n"
        "from koprep.zoo.serving.tracing import trace\n"
        f"folder = Path({str(traced_folders[2])!r})\n"
        "source = next(one for one in sources([folder]) if one.folder == folder)\n"
        "model = open_model(source)\n"
        "print(len(trace(model.cells, model.estimator, '정말 좋아요')['hidden']))\n"
        "print([name for name in ('tensorflow', 'keras', 'sklearn') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout.decode().split("\n")[:2] == ["2", "[]"]
