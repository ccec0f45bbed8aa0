"""Bundles with networks: what is written, what opens without TensorFlow, what stays as it was."""

import itertools
import json
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from koprep import Preprocessor
from koprep.bundle import read_bundle, write_bundle
from koprep.zoo import (
    ModelEntry,
    SequenceTagger,
    TextClassifier,
    TextGenerator,
    TrainingConfig,
    load,
    predicting,
    registry,
)
from koprep.zoo.backend import import_keras
from koprep.zoo.network import KerasNetwork
from koprep.zoo.onnx_format import OnnxExportError
from koprep.zoo.recurrent import NetworkConfig
from koprep.zoo.runtime import OnnxNetwork

TEXTS = ["정말 좋아요", "정말 싫어요", "아주 아주 아주 좋아요", "별로 싫어요 싫어요"]
LABELS = [1, 0, 1, 0]
TAGGED = ["비 온다", "눈 온다", "비 눈"], [["N", "S", "V", "V"], ["N", "S", "V", "V"], list("NSN")]
SETTINGS = {
    "model_options": {"embedding_size": 4, "units": 5},
    "training": TrainingConfig(epochs=1, validation_split=0, learning_rate=0.02),
}
WORDS = Preprocessor(tokenizer="whitespace")
KEEPS = ("model.keras", "model.onnx")


@pytest.fixture(scope="module")
def trained():
    """One of each kind."""
    return {
        "classifier": TextClassifier("bigru_pool", preprocessor=WORDS, **SETTINGS).fit(
            TEXTS, LABELS
        ),
        "generator": TextGenerator("lstm", preprocessor=WORDS, **SETTINGS).fit(TEXTS),
        "tagger": SequenceTagger("bigru", **SETTINGS).fit(*TAGGED),
    }


@pytest.fixture(scope="module")
def bundles(trained, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bundles")
    return {kind: one.save(folder / kind) for kind, one in trained.items()}


def content(folder):
    return {name: (folder / name).read_bytes() for name in KEEPS if (folder / name).exists()}


@pytest.mark.parametrize("kind", ["classifier", "generator", "tagger"])
def test_a_saved_network_answers_as_the_trained_one(kind, trained, bundles):
    loaded = load(bundles[kind])
    assert isinstance(trained[kind].network_, KerasNetwork)
    assert isinstance(loaded.network_, OnnxNetwork)
    rows = np.array([[0, 0, 2, 3], [2, 1, 1, 2]], np.int32)
    of_keras, of_onnx = (one.network_.probabilities(rows) for one in (trained[kind], loaded))
    real = rows > 0 if of_keras.ndim == 3 else slice(None)
    assert np.abs(of_keras - of_onnx)[real].max() < 1e-5


WITHOUT_TENSORFLOW = """
import os, sys
from koprep.zoo import load
classifier, generator, tagger = (load(folder) for folder in sys.argv[1:4])
probabilities = classifier.predict_proba(["정말 좋아요", ""])
print(probabilities.tolist())
print(generator.generate("정말", max_tokens=3), generator.perplexity(["정말 좋아요"]))
print(tagger.predict(["비 온다"]))
classifier.save(sys.argv[4])

before = classifier.network_._session()
if not (child := os.fork()):
    same = (classifier.predict_proba(["정말 좋아요", ""]) == probabilities).all()
    os._exit(0 if same and classifier.network_._session() is not before else 1)
assert os.waitpid(child, 0)[1] == 0, "the forked child answered otherwise, or by the old session"
assert not {"tensorflow", "keras", "onnx"} & set(sys.modules)
try:
    classifier.model_
except ModuleNotFoundError as error:
    print(error)
"""


@pytest.fixture(scope="module")
def alone(bundles, tmp_path_factory):
    """What a process without TensorFlow and onnx prints, and the folder it saved to."""
    folder = tmp_path_factory.mktemp("alone")
    for name in ("tensorflow", "keras", "onnx"):
        message = f"No module named {name!r}"
        (folder / f"{name}.py").write_text(f"raise ModuleNotFoundError({message!r}, name={name!r})")
    paths = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
    kinds = ("classifier", "generator", "tagger")
    result = subprocess.run(
        [
            sys.executable,
            "-c",
            WITHOUT_TENSORFLOW,
            *(bundles[kind] for kind in kinds),
            folder / "c",
        ],
        env={**os.environ, "PYTHONPATH": paths, "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=200,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines(), folder / "c"


def test_without_tensorflow_it_predicts_writes_and_tags(alone, trained):
    (probabilities, written, tags, refusal), _ = alone
    expected = trained["classifier"].predict_proba(["정말 좋아요", ""])
    assert np.abs(np.array(json.loads(probabilities)) - expected).max() < 1e-5
    text, perplexity = written.rsplit(" ", 1)
    assert text == trained["generator"].generate("정말", max_tokens=3)
    assert float(perplexity) == pytest.approx(
        trained["generator"].perplexity(["정말 좋아요"]), rel=1e-4
    )
    assert tags == repr(trained["tagger"].predict(["비 온다"]))
    assert "pip install 'koprep[train]'" in refusal


def test_what_was_loaded_is_saved_byte_for_byte_without_tensorflow(alone, bundles):
    _, saved = alone
    assert list(content(saved)) == list(KEEPS)
    assert content(saved) == content(bundles["classifier"])


def test_it_may_be_saved_over_itself(bundles, tmp_path):
    folder = Path(shutil.copytree(bundles["tagger"], tmp_path / "tagger"))
    loaded = load(folder)
    loaded.save(folder)
    assert content(folder) == content(bundles["tagger"])
    assert loaded.model_.count_params() > 0


def test_a_bundle_may_answer_only(trained, tmp_path):
    folder = trained["classifier"].save(tmp_path / "small", embedding="int8", keep_keras=False)
    assert list(content(folder)) == ["model.onnx"]
    loaded = load(folder)
    assert loaded.network_.properties["embedding"] == "int8"
    expected = trained["classifier"].predict_proba(TEXTS)
    assert np.abs(loaded.predict_proba(TEXTS) - expected).max() < 1e-2
    again = loaded.save(tmp_path / "again")
    assert content(again) == content(folder)
    for ask in (lambda: loaded.model_, lambda: loaded.save(tmp_path / "x", embedding="float32")):
        with pytest.raises(ValueError, match=r"answers only.*without model\.keras.*train again"):
            ask()
    assert not (tmp_path / "x").exists()


def test_a_loaded_one_may_be_made_smaller(bundles, tmp_path):
    loaded = load(bundles["classifier"])
    without = loaded.save(tmp_path / "without", keep_keras=False)
    assert content(without) == {"model.onnx": content(bundles["classifier"])["model.onnx"]}
    small = loaded.save(tmp_path / "small", embedding="float16")
    assert content(small)["model.keras"] == content(bundles["classifier"])["model.keras"]
    assert load(small).network_.properties["embedding"] == "float16"
    assert isinstance(loaded.network_, OnnxNetwork)


def test_what_is_trained_further_shows(bundles, tmp_path):
    loaded = load(bundles["generator"])
    before = loaded.perplexity(TEXTS), loaded.generate("정말", max_tokens=5)
    model = loaded.model_
    assert loaded.perplexity(TEXTS) == pytest.approx(before[0], rel=1e-4)
    assert loaded.generate("정말", max_tokens=5) == before[1]
    rng = np.random.default_rng(0)
    model.set_weights([rng.normal(0, 1, weight.shape) for weight in model.get_weights()])
    assert loaded.model_ is model
    assert loaded.perplexity(TEXTS) != pytest.approx(before[0], rel=1e-2)
    again = load(loaded.save(tmp_path / "again"))
    assert again.perplexity(TEXTS) == pytest.approx(loaded.perplexity(TEXTS), rel=1e-4)
    assert again.generate("정말", max_tokens=5) == loaded.generate("정말", max_tokens=5)


def test_a_bundle_of_before_opens_with_keras_and_is_saved_with_both(bundles, tmp_path):
    bundle = read_bundle(bundles["classifier"])
    files = {name: bundle.read_bytes(name) for name in bundle.manifest.files}
    del files["model.onnx"]
    labels = bundle.manifest.label_names
    old = write_bundle(
        tmp_path / "old", files, kind="classifier", task="classification", label_names=labels
    )
    loaded = load(old)
    assert isinstance(loaded.network_, KerasNetwork)
    assert isinstance(load(loaded.save(tmp_path / "new")).network_, OnnxNetwork)


def test_it_answers_when_its_folder_is_gone_and_in_another_process(bundles, tmp_path):
    folder = Path(shutil.copytree(bundles["classifier"], tmp_path / "gone"))
    loaded = load(folder)
    shutil.rmtree(folder)
    expected = load(bundles["classifier"]).predict_proba(TEXTS)
    assert (pickle.loads(pickle.dumps(loaded)).predict_proba(TEXTS) == expected).all()
    with pytest.raises(FileNotFoundError, match=r"model\.keras"):
        _ = loaded.model_


@pytest.fixture
def others_layer(monkeypatch):
    """A registered model with a layer that is not the zoo's."""
    keras = import_keras()

    def build(spec, config):
        token_ids = keras.Input((None,), dtype="int32")
        vectors = keras.layers.Embedding(spec.vocabulary_size, config.embedding_size)(token_ids)
        pooled = keras.layers.GlobalAveragePooling1D()(vectors)
        return keras.Model(token_ids, keras.layers.Dense(1, activation="sigmoid")(pooled))

    entry = ModelEntry(builder=build, config=NetworkConfig(), summary="others")
    monkeypatch.setitem(registry._models, "others", entry)
    return TextClassifier("others", preprocessor=WORDS, **SETTINGS).fit(TEXTS, LABELS)


def test_layers_that_have_no_onnx_form_are_saved_for_keras(others_layer, tmp_path):
    with pytest.warns(UserWarning, match=r"without model\.onnx.*TensorFlow.*Pooling1D"):
        folder = others_layer.save(tmp_path / "model")
    assert list(content(folder)) == ["model.keras"]
    found = load(folder).predict_proba(TEXTS)
    assert np.abs(found - others_layer.predict_proba(TEXTS)).max() < 1e-6
    for settings in ({"embedding": "int8"}, {"keep_keras": False}):
        with pytest.raises(OnnxExportError, match="Pooling1D"):
            others_layer.save(tmp_path / "small", **settings)


@pytest.mark.parametrize("mask_padding", [True, False])
def test_many_texts_are_answered_in_their_order(monkeypatch, mask_padding, tmp_path):
    options = {**SETTINGS["model_options"], "mask_padding": mask_padding}
    settings = {**SETTINGS, "model_options": options}
    fitted = TextClassifier("gru", preprocessor=WORDS, **settings).fit(TEXTS, LABELS)
    loaded = load(fitted.save(tmp_path / "model"))
    words = ["정말", "좋아요", "싫어요", "별로"]
    texts = [" ".join(some) for size in range(5) for some in itertools.permutations(words, size)]
    texts.append("정말 " * 50)
    expected = np.concatenate([loaded.predict_proba([text]) for text in texts])
    assert len(np.unique(expected[:, 1].round(5))) > 10
    for size in (len(texts) + 1, len(texts), 7):
        monkeypatch.setattr(predicting, "CHUNK", size)
        for one, allowed in ((loaded, 1e-6), (fitted, 1e-5)):
            assert np.abs(one.predict_proba(iter(texts)) - expected).max() < allowed
    assert loaded.predict_proba([]).shape == (0, 2)


@pytest.mark.parametrize("truncating", ["pre", "post"])
def test_one_long_text_is_cut_as_rows_are(truncating, tmp_path):
    cut = Preprocessor(tokenizer="whitespace", maxlen=3, truncating=truncating)
    fitted = TextClassifier("gru", preprocessor=cut, **SETTINGS).fit(TEXTS, LABELS)
    loaded = load(fitted.save(tmp_path / "model"))
    text = "정말 좋아요 싫어요 별로 아주"
    kept = text.split()[-3:] if truncating == "pre" else text.split()[:3]
    found, short, other = loaded.predict_proba([text]), " ".join(kept), "정말 별로 아주"
    assert (found == loaded.predict_proba([short])).all()
    assert (found != loaded.predict_proba([other])).any()
