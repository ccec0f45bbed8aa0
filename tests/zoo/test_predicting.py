"""A saved classifier that only predicts: without scikit-learn, and as the whole estimator does."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from koprep import Preprocessor
from koprep.bundle import read_bundle, write_bundle
from koprep.saved import DriftWarning
from koprep.zoo import LinearBaseline, TextClassifier, TrainingConfig, load, predicting
from koprep.zoo.loading import open_classifier
from koprep.zoo.predicting import LabelPredictor

TEXTS = ["정말 좋아요", "정말 싫어요", "아주 아주 아주 좋아요", "별로 싫어요 싫어요", "그저 그래요"]
ASKED = [
    *TEXTS,
    "",
    " \u200b",
    "처음 보는 말",
    "정말 좋아요 싫어요 별로 아주 그저",
    "아주 " * 300 + "좋아요",
]
TRAINING = TrainingConfig(epochs=1, validation_split=0, learning_rate=0.02)

UNUSED = {"sklearn", "scipy", "tensorflow", "keras", "onnx", "pandas", "narwhals", "pooch"}
"""What predicting does without."""

CASES = {
    "left part is lost": ("bigru_pool", {"truncating": "pre"}, {}, [0, 1, 0, 1, 0]),
    "right part is lost": ("gru", {"truncating": "post"}, {}, [0, 1, 0, 1, 0]),
    "saved as padded on the right": ("lstm", {"padding": "post"}, {}, [0, 1, 0, 1, 0]),
    "no mask": ("gru", {}, {"mask_padding": False}, [0, 1, 0, 1, 0]),
    "three labels, words spelled": (
        "mlp", {"spell_unknown": True, "oov_buckets": 3}, {}, ["b", "c", "b", "c", "a"],
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Of each case the trained estimator and its bundle."""
    folder = tmp_path_factory.mktemp("bundles")
    found = {}
    for name, (model, cut, options, labels) in CASES.items():
        classifier = TextClassifier(
            model,
            preprocessor=Preprocessor(tokenizer="whitespace", maxlen=3, **cut),
            model_options={"embedding_size": 4, "units": 5, **options},
            training=TRAINING,
        ).fit(TEXTS, labels)
        found[name] = classifier, classifier.save(folder / name)
    return found


@pytest.fixture(scope="module")
def bundle(trained):
    return trained["left part is lost"][1]


KOPREP = [sys.executable, "-m", "koprep"]

TELLING_MODULES = """
import atexit, sys
atexit.register(lambda: print(*sys.modules, file=sys.stderr))
from koprep.cli import main
main()
"""


def run(command, *arguments, stdin=None):
    return subprocess.run(
        [*command, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        env={**os.environ, "COLUMNS": "200", "PYTHONUTF8": "1"},
        encoding="utf-8",
        timeout=200,
        check=False,
    )


@pytest.mark.parametrize("name", CASES)
def test_it_answers_as_the_estimator_does(trained, name, monkeypatch):
    fitted, folder = trained[name]
    light, whole = open_classifier(folder, strict=True), load(folder, strict=True)
    assert isinstance(light, LabelPredictor)
    assert light.label_names_ == whole.label_names_ == fitted.label_names_
    of_keras = fitted.predict_proba(ASKED)
    assert len(np.unique(of_keras[:, 0].round(5))) > 3
    assert np.abs(light.predict_proba(ASKED) - of_keras).max() < 1e-5
    for chunk in (predicting.CHUNK, len(ASKED), 4):
        monkeypatch.setattr(predicting, "CHUNK", chunk)
        for texts in (ASKED, *([text] for text in ASKED), []):
            expected = whole.predict_proba(texts)
            assert light.predict_proba(iter(texts)).tobytes() == expected.tobytes()
            assert expected.shape == (len(texts), len(fitted.classes_))


@pytest.mark.parametrize("name", ["left part is lost", "right part is lost", "no mask"])
def test_of_a_long_text_it_reads_the_part_that_is_kept(trained, name):
    light = open_classifier(trained[name][1])
    words = ["정말", "좋아요", "싫어요", "별로", "아주"]
    kept = words[:3] if name == "right part is lost" else words[-3:]
    texts = [" ".join(words), " ".join(kept), "정말 별로 아주"]
    alone = [light.predict_proba([text]) for text in texts]
    assert (alone[0] == alone[1]).all()
    assert (alone[0] != alone[2]).any()
    assert np.abs(light.predict_proba(texts) - np.concatenate(alone)).max() < 1e-6


def test_the_command_imports_what_it_uses(bundle):
    result = run([sys.executable, "-c", TELLING_MODULES], "predict", "--model", bundle, "좋아요")
    assert result.stdout.endswith("라벨입니다.\n"), result.stderr
    imported = set(result.stderr.split())
    assert {"koprep.zoo.predicting", "onnxruntime"} <= imported
    assert (
        imported & (UNUSED | {"rich.markdown", "koprep.preprocessor", "koprep.zoo.training"})
        == set()
    )
    assert {name for name in imported if name.startswith("koprep.datasets.")} == {
        "koprep.datasets.encoded"
    }


@pytest.mark.parametrize("name", ["left part is lost", "three labels, words spelled"])
def test_the_command_prints_the_estimators_probabilities(trained, name):
    _, folder = trained[name]
    result = run(KOPREP, "predict", "--model", folder, "--json", stdin="\n".join(TEXTS))
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    expected = load(folder).predict_proba(TEXTS)
    assert [list(row["probabilities"].values()) for row in rows] == expected.tolist()


def changed(bundle, target, change=None, without=()):
    """Write a bundle again with other golden samples, or without some files."""
    read = read_bundle(bundle)
    files = {name: read.read_bytes(name) for name in read.manifest.files if name not in without}
    saved = json.loads(files["preprocessor.json"])
    if change is not None:
        change(saved)
    files["preprocessor.json"] = json.dumps(saved).encode()
    labels = read.manifest.label_names
    return write_bundle(target, files, kind="classifier", task="classification", label_names=labels)


def test_an_analyzer_that_cuts_differently_is_told(bundle, tmp_path):
    def other_cut(saved):
        saved["golden_samples"][0]["tokens"][0] = "배"

    folder = changed(bundle, tmp_path / "drifted", other_cut)
    with pytest.warns(DriftWarning, match="배 became 배송이"):
        open_classifier(folder)
    with pytest.raises(ValueError, match="배 became 배송이"):
        open_classifier(folder, strict=True)
    result = run(KOPREP, "predict", "--model", folder, "정말 좋아요")
    assert result.stderr.startswith("warning:")
    assert "배 became 배송이" in result.stderr
    assert result.stdout.endswith("라벨입니다.\n")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(lambda s: s.update(fitted_maxlen=0), "fitted_maxlen", id="row length"),
        pytest.param(lambda s: s.update(truncating="left"), "truncating", id="side"),
        pytest.param(lambda s: s["tokenizer"].update(name="x"), "unknown tokenizer", id="name"),
        pytest.param(lambda s: s.update(oov_token="[X]"), "must begin with", id="vocabulary"),
    ],
)  # fmt: skip
def test_settings_from_disk_are_checked(bundle, tmp_path, change, message):
    with pytest.raises(ValueError, match=message):
        open_classifier(changed(bundle, tmp_path / "changed", change))


def test_what_has_no_onnx_opens_whole(bundle, tmp_path):
    old = changed(bundle, tmp_path / "old", without=("model.onnx",))
    opened = open_classifier(old)
    assert isinstance(opened, TextClassifier)
    expected = open_classifier(bundle).predict_proba(ASKED)
    assert np.abs(opened.predict_proba(ASKED) - expected).max() < 1e-5
    words = Preprocessor(tokenizer="whitespace")
    linear = LinearBaseline(preprocessor=words).fit(TEXTS, [0, 1, 0, 1, 0])
    assert isinstance(open_classifier(linear.save(tmp_path / "linear")), LinearBaseline)


def test_another_kind_is_refused(tmp_path):
    folder = Preprocessor(tokenizer="syllable").fit(["가"]).save(tmp_path / "saved")
    with pytest.raises(ValueError, match="holds a preprocessor and no classifier"):
        open_classifier(folder)
