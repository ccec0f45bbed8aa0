"""The model of characters: what it learns, and how it answers beside a network."""

import json
import math
import re
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone

from koprep import Preprocessor
from koprep.bundle import read_bundle, write_bundle
from koprep.datasets import TextDataset
from koprep.zoo import TextClassifier, TrainingConfig, load
from koprep.zoo.characters import FEATURE_BITS, CharacterModel, character_features
from koprep.zoo.loading import open_classifier

NAMES = ("부정", "긍정")


def reviews(texts, labels, names=NAMES):
    return TextDataset(texts=tuple(texts), labels=np.array(labels, np.int32), label_names=names)


def words(count, seed):
    syllables = np.random.default_rng(seed).integers(ord("가"), ord("힣"), (count, 6))
    return ["".join(map(chr, row)) for row in syllables]


def ends_tell(seed, count=200):
    """Words nobody knows; what they end in says the label."""
    return [f"{word}{end}" for word in words(count, seed) for end in ("욬", "넹")], [1, 0] * count


@pytest.fixture(scope="module")
def model():
    return CharacterModel.fit(reviews(*ends_tell(0)), share=0.5)


@pytest.fixture(scope="module")
def classifier(model):
    """A network that reads all these words alike, and the model beside it."""
    texts, labels = ends_tell(0, 20)
    return TextClassifier(
        "mlp",
        preprocessor=Preprocessor(tokenizer="whitespace", min_count=2, maxlen=3),
        model_options={"units": 4, "embedding_size": 4},
        characters=model,
        training=TrainingConfig(epochs=1, validation_split=0),
        label_names=NAMES,
    ).fit(texts, labels)


def test_it_learns_a_piece_of_a_word(model):
    texts, labels = ends_tell(1, 20)
    assert ((model.log_odds(texts) > 0) == labels).all()


@given(st.text(max_size=30))
def test_any_text_has_features_and_the_same_ones_however_it_is_written(text):
    features = character_features(text)
    assert features.dtype == np.uint32
    assert len(features)
    assert features.max() < 1 << FEATURE_BITS
    assert (np.diff(features.astype(np.int64)) > 0).all()
    decomposed = unicodedata.normalize("NFD", f"  {text}\n")
    np.testing.assert_array_equal(character_features(decomposed), features)


@pytest.mark.parametrize(
    ("one", "other"),
    [("좋다ㅋㅋㅋ", "좋다ㅋㅋㅋㅋㅋㅋ"), ("정말  좋다", "정말 좋다")],
)
def test_what_says_the_same_counts_the_same(one, other):
    np.testing.assert_array_equal(character_features(one), character_features(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [("ab", "ba"), ("좋다", "좋다다"), ("나 가", "나가"), ("가", "가가")],
)
def test_what_says_another_thing_counts_otherwise(one, other):
    assert set(character_features(one)) != set(character_features(other))


@given(st.text("가나다 ㅋ!😊", max_size=12))
def test_the_hash_is_the_one_that_saved_weights_were_learned_for(text):
    evened = re.sub(r"(.)\1{3,}", r"\1\1\1", " ".join(text.split()))
    points = [ord(character) for character in f"^{evened}$"]
    expected = set()
    for start in range(len(points)):
        state = 0
        for point in points[start : start + 4]:
            state = ((state * 0x01000193 & 0xFFFFFFFF) ^ point) * 0x9E3779B1 & 0xFFFFFFFF
            expected.add(state >> 12)
    assert character_features(text).tolist() == sorted(expected)


@given(st.lists(st.floats(0, 1, width=32), min_size=1, max_size=5))
def test_the_answer_lies_between_both(model, of_network):
    probabilities = np.array([[1 - p, p] for p in of_network], np.float32)
    texts = words(len(of_network), 3)
    found = model.answer_beside(probabilities, texts)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-6)
    alone = 1 / (1 + np.exp(-model.log_odds(texts)))
    least, most = np.minimum(alone, of_network), np.maximum(alone, of_network)
    assert (found[:, 1] >= least - 1e-6).all()
    assert (found[:, 1] <= most + 1e-6).all()


def test_bias_weights_and_share_count_as_the_formulas_say():
    weights = np.full(1 << FEATURE_BITS, 2, np.int8)
    made = CharacterModel(weights=weights, unit=0.25, bias=-1.5, share=0.2)
    texts = ["", "정말 좋아요"]
    own = np.array([-1.5 + 0.5 * math.sqrt(len(character_features(text))) for text in texts])
    np.testing.assert_allclose(made.log_odds(texts), own, rtol=1e-6)
    beside = made.answer_beside(np.array([[0.1, 0.9], [0.7, 0.3]], np.float32), texts)[:, 1]
    of_network = np.log([0.9 / 0.1, 0.3 / 0.7])
    np.testing.assert_allclose(
        np.log(beside / (1 - beside)), 0.8 * of_network + 0.2 * own, rtol=1e-4
    )


def test_a_classifier_answers_with_both(classifier):
    texts, labels = ends_tell(1, 20)
    assert (classifier.predict_proba(texts).argmax(axis=1) == labels).all()
    network = clone(classifier).set_params(characters=None)
    network.__dict__.update({k: v for k, v in vars(classifier).items() if k.endswith("_")})
    beside = classifier.characters.answer_beside(network.predict_proba(texts), texts)
    np.testing.assert_allclose(classifier.predict_proba(iter(texts)), beside, atol=1e-7)


def test_both_are_saved_and_loaded(classifier, tmp_path):
    texts = [*ends_tell(2, 5)[0], ""]
    expected = classifier.predict_proba(texts)
    folder = classifier.save(tmp_path / "model")
    for opened in (load(folder), open_classifier(folder)):
        np.testing.assert_allclose(opened.predict_proba(texts), expected, atol=1e-6)
        np.testing.assert_allclose(opened.predict_proba(texts[:1]), expected[:1], atol=1e-6)
    again = load(folder).save(tmp_path / "again")
    for name, file in read_bundle(folder).manifest.files.items():
        assert read_bundle(again).manifest.files[name] == file


@pytest.mark.parametrize(
    ("content", "settings", "message"),
    [
        pytest.param(b"abc", {}, r"weights of characters .* shape \(3,\)", id="other weights"),
        pytest.param(None, {"share": 2}, r"classifier\.json: characters\.share", id="share"),
        pytest.param(None, {"unit": 0}, r"classifier\.json: characters\.unit", id="unit"),
    ],
)
def test_a_damaged_bundle_is_told(classifier, tmp_path, content, settings, message):
    bundle = read_bundle(classifier.save(tmp_path / "model"))
    files = {name: bundle.read_bytes(name) for name in bundle.manifest.files}
    if content is not None:
        files["characters.bin"] = content
    saved = json.loads(files["classifier.json"])
    saved["characters"].update(settings)
    files["classifier.json"] = json.dumps(saved).encode()
    folder = write_bundle(
        tmp_path / "damaged", files, kind="classifier", task="classification", label_names=NAMES
    )
    with pytest.raises(ValueError, match=message):
        open_classifier(folder)


def test_refuses_what_it_cannot_tell_apart(model):
    with pytest.raises(ValueError, match="need texts of both"):
        CharacterModel.fit(reviews(["좋다", "좋네"], [1, 1]), share=0.3)
    with pytest.raises(ValueError, match="the labels none"):
        CharacterModel.fit(TextDataset(texts=("좋다",)), share=0.3)
    with pytest.raises(ValueError, match="share must be above 0 and below 1, got 1"):
        CharacterModel.fit(reviews(["좋다", "싫다"], [1, 0]), share=1)
    three = TextClassifier("mlp", characters=model)
    with pytest.raises(ValueError, match="two labels apart, not the 3"):
        three.fit(["가", "나", "다"], [0, 1, 2])


def test_labels_in_another_order_are_refused(model):
    """A dataset's labels come as they are numbered; texts and names alone are sorted."""
    turned = TextClassifier("mlp", characters=model)
    with pytest.raises(
        ValueError, match="knows the labels 부정, 긍정, and the texts have 긍정, 부정"
    ):
        turned.fit(["좋다", "싫다"] * 20, ["긍정", "부정"] * 20)


def test_saved_it_knows_its_labels(classifier, tmp_path):
    opened = load(classifier.save(tmp_path / "saved"))
    assert opened.characters.label_names == NAMES
