"""Taggers: the cook's state machine, spans in raw texts, saving, scikit-learn."""

import json
import tracemalloc

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import cross_val_score

from koprep import Preprocessor
from koprep.datasets import Entity, TaggedDataset, load
from koprep.zoo import MajorityTagger, SequenceTagger, TextGenerator, TrainingConfig
from koprep.zoo import load as load_model
from koprep.zoo.tagged import tagged_examples

WORDS = Preprocessor(tokenizer="whitespace")
NAMES = ["김하나", "이둘", "박세찬", "최네모"]
TEXTS = [f"{name} 씨가 {place}에 갔다" for name in NAMES for place in ("서울", "부산", "제주")]
TAGS = [
    ["B-PS", *["I-PS"] * (len(text.split()[0]) - 1), *["O"] * 4, "B-LC", "I-LC", *["O"] * 4]
    for text in TEXTS
]


def small(**settings):
    training = TrainingConfig(epochs=40, learning_rate=0.02, batch_size=8, validation_split=0)
    settings.setdefault("training", training)
    return SequenceTagger("gru", model_options={"embedding_size": 8, "units": 16}, **settings)


@pytest.fixture(scope="module")
def fitted():
    return small().fit(TEXTS, TAGS)


def menu(model):
    return SequenceTagger(
        model,
        preprocessor=WORDS,
        model_options={"embedding_size": 8, "units": 16},
        training=TrainingConfig(epochs=70, batch_size=32, learning_rate=0.01, validation_split=0),
    ).fit(load("weather_menu"))


@pytest.fixture(scope="module")
def cook():
    return menu("simple_rnn")


def test_a_simple_rnn_learns_the_cooks_rule_for_ten_times_longer_weather(cook):
    unseen = load("weather_menu", split="test", length=100)
    assert cook.evaluate(unseen).micro.f1 == 1
    assert MajorityTagger(WORDS).fit(load("weather_menu")).evaluate(unseen).micro.f1 < 0.5


def test_an_mlp_sees_todays_weather_alone_and_cannot_learn_the_rule():
    unseen = load("weather_menu", split="test", length=100)
    mlp, majority = menu("mlp"), MajorityTagger(WORDS).fit(load("weather_menu"))
    due = majority.evaluate(unseen).micro.f1
    assert mlp.evaluate(unseen).micro.f1 == pytest.approx(due, abs=0.05)
    for text, spans in zip(unseen.raw_texts, mlp.predict(unseen.raw_texts), strict=True):
        dishes = {(text[span.start : span.end], span.label) for span in spans}
        assert len(dishes) <= 2  # one for sun, one for rain


def test_tags_that_are_no_bio_give_a_span_a_token(cook):
    assert cook.predict(["비  맑음 비"]) == [
        [Entity("칼국수", 0, 1), Entity("칼국수", 3, 5), Entity("김치찌개", 6, 7)]
    ]


def test_spans_stand_where_they_are_in_the_raw_text(fitted):
    raw = "<b>김하나</b>  씨가 서울에\t갔다"
    (spans,) = fitted.predict([raw])
    assert [(span.label, raw[span.start : span.end]) for span in spans] == [
        ("PS", "김하나"),
        ("LC", "서울"),
    ]


def test_what_was_learned_is_found_again(fitted):
    assert fitted.score(TEXTS, TAGS) == 1
    wrong = [[tag.replace("PS", "LC") for tag in tags] for tags in TAGS]
    assert fitted.score(TEXTS, wrong) == 0.5


def test_a_text_is_tagged_the_same_alone_and_among_others(fitted):
    texts = ["", *TEXTS, "  ", " ".join(TEXTS), "김"]
    together = fitted.predict(texts)
    assert together == [fitted.predict([text])[0] for text in texts]
    assert together[0] == together[len(TEXTS) + 1] == []
    assert together[len(TEXTS) + 2][-1].end > 100


def test_tags_are_valid_bio_whatever_the_network_says(fitted):
    learned = fitted.model_.get_weights()
    rng = np.random.default_rng(0)
    fitted.model_.set_weights([rng.normal(0, 2, weight.shape) for weight in learned])
    noise = fitted.predict(TEXTS)
    fitted.model_.set_weights(learned)
    assert any(noise)
    for text, spans in zip(TEXTS, noise, strict=True):
        for span in spans:
            inside = text[span.start : span.end]
            assert inside == inside.strip() != ""


def test_saved_and_loaded_it_finds_the_same(fitted, tmp_path):
    folder = fitted.save(tmp_path / "model", metrics={"test_f1": 0.5})
    loaded = load_model(folder, strict=True)
    assert isinstance(loaded, SequenceTagger)
    assert loaded.predict(TEXTS) == fitted.predict(TEXTS)
    assert loaded.tag_names_ == ("O", "B-LC", "I-LC", "B-PS", "I-PS")
    assert loaded.score(TEXTS, TAGS) == 1
    assert json.loads((folder / "metrics.json").read_text())["test_f1"] == 0.5
    assert "Tags: O, B-LC" in (folder / "card.md").read_text(encoding="utf-8")
    with pytest.raises(ValueError, match=r"holds a tagger and no generator.*koprep tag"):
        TextGenerator.load(folder)


def test_it_is_a_scikit_learn_estimator():
    tagger = small(training=TrainingConfig(epochs=1, validation_split=0.25))
    assert clone(tagger).get_params()["model"] == "gru"
    (score,) = cross_val_score(tagger, TEXTS, TAGS, cv=[(range(8), range(8, 12))])
    assert 0 <= score <= 1


@pytest.mark.parametrize(
    ("texts", "tags", "error", "message"),
    [
        pytest.param("한 문장", [["O"]], TypeError, "put it in a list", id="bare string"),
        pytest.param(["가"], None, ValueError, "1 texts need as many rows of tags", id="no tags"),
        pytest.param(["가"], [], ValueError, "got 0", id="fewer tags"),
        pytest.param(["가나"], [["O"]], ValueError, "row 0: 2 units but 1 tags", id="units"),
        pytest.param(["가나"], [["O", "O"]], ValueError, "num_labels must be at least 2", id="one"),
        pytest.param(["가"], [[0]], TypeError, "row 0: expected the name of a tag", id="numbers"),
        pytest.param(["가"], ["O"], TypeError, "row 0: expected a list of tags", id="one tag"),
        pytest.param(["가", None], [["O"], []], TypeError, "row 1: expected a text", id="missing"),
        pytest.param(["가", ["나"]], [["O"], ["O"]], TypeError, "row 1: expected a", id="mixed"),
        pytest.param(
            [["가"], "나"], [["O"], ["O"]], TypeError, "row 1: expected a list", id="words"
        ),
    ],
)
def test_bad_training_data_is_named(texts, tags, error, message):
    with pytest.raises(error, match=message):
        small().fit(texts, tags)


def test_words_take_a_tag_each():
    tagger = MajorityTagger(WORDS).fit([["비", "온다"], ["눈", "온다"]], [["N", "V"], ["N", "V"]])
    assert tagger.predict(["눈 비 온다 콩"]) == [
        [Entity("N", 0, 1), Entity("N", 2, 3), Entity("V", 4, 6), Entity("N", 7, 8)]
    ]


def test_a_dataset_with_other_tags_is_refused(fitted):
    other = TaggedDataset(texts=(("가",),), tags=((0,),), tag_names=("N", "V"), name="mine")
    with pytest.raises(ValueError, match="dataset 'mine' also has N, V"):
        fitted.evaluate(other)


def test_the_majority_tagger_on_real_sentences_is_a_low_bar(real_data):
    whole = load("klue_ner", split="dev", data_dir=real_data / "klue_ner", limit=600)
    tagger = MajorityTagger().fit(whole.take(range(500)))
    result = tagger.evaluate(whole.take(range(500, 600)))
    assert 0 < result.micro.f1 < 0.2
    assert {row.label for row in result.labels} == {"PS", "LC", "OG", "DT", "TI", "QT"}


def test_words_are_tagged_as_words_by_default():
    weather = load("weather_menu").take(range(20))
    tagger = SequenceTagger(
        "simple_rnn",
        model_options={"embedding_size": 2, "units": 2, "mask_padding": False},
        training=TrainingConfig(epochs=1, validation_split=0),
    ).fit(weather)
    assert MajorityTagger().fit(weather).evaluate(weather).micro.support == 20 * len(
        weather.tags[0]
    )
    together = tagger.predict(weather.raw_texts)
    assert [len(spans) for spans in together] == list(map(len, weather.tags))
    longer = [weather.raw_texts[0], f"{weather.raw_texts[0]} 비", " ".join(weather.raw_texts)]
    assert tagger.predict(longer) == [tagger.predict([text])[0] for text in longer]


def test_texts_without_an_entity_have_no_span_to_find(fitted):
    found = fitted.predict(["콩"])[0]
    result = fitted.evaluate(tagged_examples(["콩"], [["O"]]))
    assert result.micro.support == 0
    assert sum(row.support for row in result.labels) == 0
    assert {row.label for row in result.labels} <= {span.label for span in found}


def test_one_long_text_does_not_make_the_others_wide(fitted):
    expected = fitted.predict(TEXTS)
    tracemalloc.start()
    try:
        *found, _ = fitted.predict([*TEXTS * 80, "가" * 9_000])
        assert tracemalloc.get_traced_memory()[1] < 25_000_000  # 961 rows as wide take 35
    finally:
        tracemalloc.stop()
    assert found == expected * 80
