"""Models made to do harm, or mixed up with others: nothing runs, and no answer is made up."""

import io
import json
import zipfile

import numpy as np
import pytest

from koprep import zoo
from koprep.bundle import read_bundle, write_bundle
from koprep.zoo.loading import open_classifier
from koprep.zoo.pretrained_models import PRETRAINED

onnx = pytest.importorskip("onnx")

NAMES = {"classifier": "trace-gru", "generator": "chat-generator", "tagger": "entity-tagger"}
MODEL = "model.onnx"


def files_of(kind):
    bundle = read_bundle(PRETRAINED[NAMES[kind]].folder)
    return bundle.manifest, {name: bundle.read_bytes(name) for name in bundle.manifest.files}


@pytest.fixture(scope="module")
def bundles():
    return {kind: files_of(kind) for kind in NAMES}


@pytest.fixture
def forged(bundles, tmp_path):
    """Write a bundle of a kind with other files, its checksums being right."""

    def write(kind, **changed):
        manifest, files = bundles[kind]
        return write_bundle(
            tmp_path / "forged",
            {**files, **changed},
            kind=manifest.kind,
            task=manifest.task,
            label_names=manifest.label_names,
        )

    return write


def edited(content, edit):
    model = onnx.load_from_string(content)
    edit(model)
    return model.SerializeToString()


def floats(model):
    return [one for one in model.graph.initializer if one.data_type == onnx.TensorProto.FLOAT]


def without_numbers(model):
    for one in floats(model):
        array = np.full(tuple(one.dims), np.nan, np.float32)
        one.CopyFrom(onnx.numpy_helper.from_array(array, one.name))


def in_a_file(path):
    def edit(model):
        weights = max(floats(model), key=lambda one: len(one.raw_data))
        size = len(weights.raw_data)
        weights.ClearField("raw_data")
        weights.data_location = onnx.TensorProto.EXTERNAL
        for key, value in (("location", path), ("offset", "0"), ("length", str(size))):
            weights.external_data.add(key=key, value=value)

    return edit


def without_properties(model):
    del model.metadata_props[:]


def use(kind, model):
    if kind == "classifier":
        return model.predict_proba(["정말 좋아요", "별로"])
    if kind == "tagger":
        return model.predict(["철수는 서울에 갔다"])
    return model.generate("오늘", max_tokens=3)


@pytest.mark.parametrize("kind", NAMES)
def test_weights_that_are_no_numbers_give_no_answer(forged, bundles, kind):
    content = edited(bundles[kind][1][MODEL], without_numbers)
    model = zoo.load(forged(kind, **{MODEL: content}))
    with pytest.raises(ValueError, match=r"none \(NaN\)"):
        use(kind, model)


def test_how_rows_are_read_is_not_guessed(forged, bundles):
    content = edited(bundles["classifier"][1][MODEL], without_properties)
    model = open_classifier(forged("classifier", **{MODEL: content}))
    with pytest.raises(ValueError, match="masks padding"):
        use("classifier", model)


@pytest.mark.parametrize("open_it", [zoo.load, open_classifier])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", "No graph", id="empty"),
        pytest.param(b"\x80\x04cos\nsystem\n(S'true'\ntR.", "INVALID_PROTOBUF", id="pickle"),
    ],
)
def test_what_is_no_network_is_said(forged, open_it, content, message):
    model = open_it(forged("classifier", **{MODEL: content}))
    with pytest.raises(ValueError, match=rf"model\.onnx is damaged.*{message}.*copy the bundle"):
        use("classifier", model)


@pytest.mark.parametrize("path", ["weights.bin", "../weights.bin", "/etc/passwd"])
def test_no_file_of_the_working_folder_becomes_weights(
    forged, bundles, tmp_path, monkeypatch, path
):
    (tmp_path / "weights.bin").write_bytes(bytes(1 << 24))
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "weights.bin").write_bytes(bytes(1 << 24))
    monkeypatch.chdir(tmp_path / "inside")
    content = edited(bundles["classifier"][1][MODEL], in_a_file(path))
    model = open_classifier(forged("classifier", **{MODEL: content}))
    with pytest.raises(ValueError, match="External data path"):
        use("classifier", model)


@pytest.mark.parametrize(("kind", "other"), [("classifier", "tagger"), ("tagger", "classifier")])
def test_the_network_of_another_model_answers_nothing(forged, bundles, kind, other):
    model = zoo.load(forged(kind, **{MODEL: bundles[other][1][MODEL]}))
    with pytest.raises(ValueError, match="another model"):
        use(kind, model)


@pytest.mark.parametrize("open_it", [zoo.load, open_classifier])
def test_the_vocabulary_of_another_model_is_refused(forged, bundles, open_it):
    vocabulary = bundles["tagger"][1]["vocabulary.txt"]
    folder = forged("classifier", **{"vocabulary.txt": vocabulary})
    with pytest.raises(ValueError, match=r"vocabulary\.txt has 1,519 ids.*another model's"):
        open_it(folder)


def settings_with(content, **changes):
    return json.dumps({**json.loads(content), **changes}).encode()


@pytest.mark.parametrize(
    ("name", "forge", "message"),
    [
        pytest.param("classifier.json", lambda c: b"[" * 100_000, "recursion", id="deep"),
        pytest.param(
            "classifier.json", lambda c: settings_with(c, maxlen=10**12), "maxlen", id="terabytes"
        ),
        pytest.param(
            "classifier.json",
            lambda c: settings_with(c, training={"epochs": "x"}),
            "epochs must be",
            id="training",
        ),
        pytest.param(
            "classifier.json",
            lambda c: settings_with(c, training={"__class__": "x"}),
            "__class__",
            id="unknown setting",
        ),
        pytest.param("history.json", lambda c: b"[" * 100_000, "recursion", id="deep history"),
        pytest.param("history.json", lambda c: b"3", "valid list", id="no history"),
    ],
)
def test_settings_of_a_model_are_checked(forged, bundles, name, forge, message):
    folder = forged("classifier", **{name: forge(bundles["classifier"][1][name])})
    with pytest.raises(ValueError, match=rf"{name}: .*{message}"):
        zoo.load(folder)


def keras_file(config):
    """Return a `model.keras` of a Keras configuration, as Keras itself lays it out."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as parts:
        parts.writestr("config.json", json.dumps(config))
        parts.writestr("metadata.json", json.dumps({"keras_version": "3.0.0"}))
        parts.writestr("model.weights.h5", b"")
    return stream.getvalue()


def layer(**config):
    return {
        "module": "keras",
        "class_name": "Sequential",
        "config": {"name": "model", "layers": [config]},
        "registered_name": None,
    }


@pytest.mark.parametrize(
    "config",
    [
        pytest.param(
            layer(
                module="keras.layers",
                class_name="Lambda",
                config={"function": {"class_name": "__lambda__", "config": {"code": "4wAAAA=="}}},
            ),
            id="code in a layer",
        ),
        pytest.param(
            {"module": "os", "class_name": "system", "config": "touch ran"}, id="a function to call"
        ),
        pytest.param(
            {"module": "builtins", "class_name": "eval", "config": {"x": "open('ran', 'w')"}},
            id="a builtin",
        ),
    ],
)
def test_nothing_in_a_keras_file_runs(forged, bundles, tmp_path, monkeypatch, config):
    pytest.importorskip("tensorflow")
    monkeypatch.chdir(tmp_path)
    folder = forged("classifier", **{"model.keras": keras_file(config)})
    model = zoo.load(folder)
    with pytest.raises((TypeError, ValueError)):
        _ = model.model_
    assert not (tmp_path / "ran").exists()
