"""Text generators: the course's numbers, and what every generator keeps to."""

import itertools
import json
from dataclasses import replace

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import cross_validate

from koprep import Preprocessor
from koprep.datasets import load
from koprep.tokenizers import get_tokenizer
from koprep.zoo import TextClassifier, TextGenerator, TrainingConfig, widths
from koprep.zoo import load as load_model
from koprep.zoo.sentences import split_texts

NOTHING_HELD_OUT = TrainingConfig(epochs=60, learning_rate=0.02, validation_split=0)
OTHERS = ["나는 난다", "너는 잔다", "새가 밥을 먹는다", "새가 잠을 잔다"]
SENTENCES = ["나는 밥을 먹는다", "나는 잠을 잔다", "너는 밥을 짓는다", "새가 난다"]


def small(tokenizer, **settings):
    settings.setdefault("training", NOTHING_HELD_OUT)
    return TextGenerator(
        "gru",
        preprocessor=Preprocessor(tokenizer=tokenizer),
        model_options={"embedding_size": 8, "units": 16},
        **settings,
    )


@pytest.fixture(scope="module")
def characters():
    thorough = replace(NOTHING_HELD_OUT, epochs=120)
    return small("character", training=thorough).fit(SENTENCES)


@pytest.fixture(scope="module")
def course():
    """The lecture's next-word model: 12 ids, no boundaries, every prefix a sample."""
    return TextGenerator(
        "simple_rnn",
        task="next_token",
        preprocessor=Preprocessor(tokenizer="whitespace", oov_token=None),
        sentence_boundaries=False,
        model_options={"embedding_size": 10, "units": 32},
        training=TrainingConfig(epochs=200, validation_split=0),
    ).fit(load("lecture_sentences").texts)


def test_the_course_model_knows_its_sentences(course):
    assert (course.spec_.vocabulary_size, course.spec_.maxlen) == (12, 5)
    assert course.history_[-1]["accuracy"] == 1
    assert course.history_[-1]["loss"] < 0.12
    assert course.generate("가는", max_tokens=5) == "가는 말이 고와야 오는 말이 곱다"


def test_the_course_model_streams_word_by_word(course):
    steps = list(course.stream("가는", max_tokens=2))
    assert [step.token for step in steps] == ["말이", "고와야"]
    assert [step.text for step in steps] == ["가는 말이", "가는 말이 고와야"]
    assert all(0.5 < step.probability <= 1 for step in steps)


def test_without_boundaries_a_prompt_must_say_something(course):
    with pytest.raises(ValueError, match=r"no token the model knows.*give a prompt"):
        course.generate("처음보는말")


def test_hell_gives_ello():
    generator = TextGenerator(
        "simple_rnn",
        preprocessor=Preprocessor(tokenizer="syllable", oov_token=None),
        sentence_boundaries=False,
        model_options={"embedding_size": 4, "units": 16},
        training=NOTHING_HELD_OUT,
    ).fit(load("hello").texts)
    next_letters = [next(generator.stream(prompt)).token for prompt in ("h", "he", "hel", "hell")]
    assert "".join(next_letters) == "ello"
    assert generator.generate("h", max_tokens=4) == "hello"


def test_sentences_begin_and_end_by_themselves(characters):
    assert characters.generate() in SENTENCES
    assert characters.generate("새") == "새가 난다"
    drawn = {characters.generate(temperature=1, seed=seed) for seed in range(12)}
    assert drawn & set(SENTENCES)
    assert len(drawn) > 1
    assert characters.generate("새", beam=3) == "새가 난다"


def test_pad_and_oov_are_never_written(characters):
    wild = "".join(characters.generate("나", temperature=50, seed=seed) for seed in range(30))
    assert set(wild) == set("".join(SENTENCES))


def test_an_unknown_prompt_stays_as_it_was_written(characters):
    assert characters.generate("힣", max_tokens=1).startswith("힣")


def test_morphemes_are_written_together_again():
    generator = small(get_tokenizer("kiwi", output="form/tag")).fit(
        ["저는 학교에 갑니다", "그는 예쁜 꽃을 봤다"]
    )
    texts = [step.text for step in generator.stream("저는")]
    assert texts[-1] == "저는 학교에 갑니다"
    assert generator.generate("그는") == "그는 예쁜 꽃을 봤다"


@pytest.mark.parametrize("task", ["language_model", "next_token"])
def test_perplexity_is_what_reading_token_by_token_says(task, characters, course):
    generator = characters if task == "language_model" else course
    texts = ["새가 잔다", "콩"] if task == "language_model" else ["그의 말이 있다", "말이 뛰고"]
    expected = []
    reader = generator._reader
    for row in generator.encoder_.encode(texts):
        state = reader.start(1)
        for before, after in itertools.pairwise(row):
            probabilities, state = reader.read(np.array([[before]]), state)
            expected.append(np.log(probabilities[0, after]))
    found = generator.token_log_probabilities(texts)
    assert found == pytest.approx(expected, rel=1e-3)  # text by text, the longer one first
    assert generator.score(texts) == pytest.approx(np.mean(expected), rel=1e-3)
    assert generator.perplexity(texts) == pytest.approx(np.exp(-np.mean(expected)), rel=1e-3)


def test_every_token_and_the_end_are_scored(characters, course):
    assert len(characters.token_log_probabilities(["새가 잔다", "콩"])) == 5 + 1 + 1 + 1
    assert len(course.token_log_probabilities(["그의 말이 있다"])) == 2


def test_known_sentences_are_likelier_than_shuffled_ones(characters):
    assert characters.perplexity(SENTENCES) < 2 < characters.perplexity(["다난 가새", "을밥 는나"])


def test_one_long_text_does_not_make_the_others_wide(characters, monkeypatch):
    """No answer of the network has more numbers than the limit, one row alone excepted."""
    texts = ["새가 잔다", "나는 밥을 먹는다 " * 20, *["콩"] * 40]
    expected = np.concatenate([characters.token_log_probabilities([text]) for text in texts])
    sizes, predict = [], characters.model_.predict_on_batch

    def noted(token_ids):
        output = predict(token_ids)
        sizes.append((len(output), output.size))
        return output

    monkeypatch.setattr(characters.model_, "predict_on_batch", noted)
    monkeypatch.setattr(widths, "OUTPUT_NUMBERS", 2000)
    assert np.allclose(characters.token_log_probabilities(texts), expected, atol=1e-4)
    assert all(rows == 1 or numbers <= 2000 for rows, numbers in sizes)
    assert max(rows for rows, _ in sizes) > 1


def test_without_the_mask_a_score_does_not_depend_on_its_neighbours():
    generator = TextGenerator(
        "simple_rnn",
        preprocessor=Preprocessor(tokenizer="character"),
        model_options={"embedding_size": 4, "units": 4, "mask_padding": False},
        training=TrainingConfig(epochs=1, validation_split=0),
    ).fit(SENTENCES)
    texts = ["새", "새가 난다", "나는 밥을 먹는다 " * 3, "나는 밥을 먹는다 " * 4]
    alone = np.concatenate([generator.token_log_probabilities([text]) for text in texts])
    assert np.allclose(generator.token_log_probabilities(texts), alone, atol=1e-5)


def test_a_text_longer_than_all_of_training_is_scored_whole(characters):
    assert len(characters.token_log_probabilities(["나는 밥을 먹는다 " * 20])) > 150


def test_saved_and_loaded_it_writes_the_same(characters, tmp_path):
    folder = characters.save(tmp_path / "model", metrics={"test_perplexity": 3.5})
    loaded = load_model(folder, strict=True)
    assert isinstance(loaded, TextGenerator)
    for seed in range(3):
        settings = {"temperature": 1.0, "top_p": 0.9, "seed": seed}
        assert loaded.generate("나", **settings) == characters.generate("나", **settings)
    assert loaded.perplexity(SENTENCES) == pytest.approx(characters.perplexity(SENTENCES), rel=1e-5)
    assert loaded.get_params()["model_options"] == characters.model_options
    assert json.loads((folder / "metrics.json").read_text())["test_perplexity"] == 3.5
    card = (folder / "card.md").read_text(encoding="utf-8")
    assert "# gru text generator" in card
    assert "- task: language_model" in card
    with pytest.raises(ValueError, match=r"another kind|holds a generator"):
        TextClassifier.load(folder)


def test_scikit_learn_can_validate_it_and_held_out_sentences_choose_the_epoch():
    training = TrainingConfig(epochs=2, validation_split=0.25)
    generator = small("character", training=training)
    parts = [(range(6), range(6, 8))]
    fitted = cross_validate(generator, SENTENCES + OTHERS, cv=parts, return_estimator=True)
    assert (fitted["test_score"] < 0).all()
    assert clone(generator).get_params()["task"] == "language_model"
    for part in fitted["estimator"]:
        assert "val_loss" in part.history_[0]
        assert set(part.encoder_.preprocessor.vocabulary_.words) < set("".join(SENTENCES + OTHERS))


@pytest.mark.parametrize(
    ("build", "texts", "message"),
    [
        pytest.param(lambda: small("character", task="tagging"), SENTENCES, "task must", id="task"),
        pytest.param(lambda: TextGenerator("grue"), SENTENCES, "unknown model", id="model"),
        pytest.param(
            lambda: small("character", sentence_boundaries=False), ["가"], "two tokens", id="short"
        ),
    ],
)
def test_bad_settings_are_named(build, texts, message):
    with pytest.raises(ValueError, match=message):
        build().fit(texts)


def test_held_out_texts_that_teach_nothing_are_told_apart():
    texts = ["가는 말이", "오는 말이", "가나", "나다"]
    seed = next(n for n in range(99) if sorted(split_texts(texts, 0.5, n)[1]) == texts[2:])
    words = TextGenerator(
        "simple_rnn",
        preprocessor=Preprocessor(tokenizer="whitespace"),
        sentence_boundaries=False,
        training=TrainingConfig(validation_split=0.5, seed=seed),
    )
    with pytest.raises(ValueError, match=r"of the 2 texts that are held out: .*validation_split=0"):
        words.fit(texts)


def test_a_bare_string_is_refused():
    with pytest.raises(TypeError, match="put it in a list"):
        small("character").fit("한 문장")


def test_too_few_sentences_are_told_the_setting_that_helps():
    with pytest.raises(
        ValueError, match=r"3 texts are too few to hold out 10%.*validation_split=0"
    ):
        TextGenerator("simple_rnn").fit(["가 나", "나 다", "다 라"])
