"""The teacher of characters answers every text by models that never saw it."""

import numpy as np
import pytest

from koprep.datasets import TextDataset
from koprep.zoo.character_teacher import CharacterTeacher

NAMES = ("부정", "긍정")


def reviews(texts, labels):
    return TextDataset(texts=tuple(texts), labels=np.array(labels, np.int32), label_names=NAMES)


def words(count, seed):
    syllables = np.random.default_rng(seed).integers(ord("가"), ord("힣"), (count, 6))
    return ["".join(map(chr, row)) for row in syllables]


def test_it_learns_a_piece_of_a_word_that_no_morpheme_shows():
    texts = [f"{word}{end}" for word in words(200, 0) for end in ("욬", "넹")]
    teacher = CharacterTeacher.fit(reviews(texts, [1, 0] * 200))
    new = [f"{word}{end}" for word in words(20, 1) for end in ("욬", "넹")]
    assert (teacher.predict_proba(new).argmax(axis=1) == [1, 0] * 20).all()


def test_what_was_memorized_is_not_answered():
    # the labels follow from nothing: whoever saw a text knows, and nobody else can
    texts, labels = words(600, 0), np.arange(600) % 2
    teacher = CharacterTeacher.fit(reviews(texts, labels))
    right = teacher.predict_proba(texts).argmax(axis=1) == labels
    assert 0.4 < right.mean() < 0.6


def test_a_text_that_stands_twice_is_left_out_twice():
    texts, labels = words(300, 0), np.arange(300) % 2
    again = [f" {text}  " for text in texts]
    teacher = CharacterTeacher.fit(reviews([*texts, *again], [*labels, *labels]))
    right = teacher.predict_proba(texts).argmax(axis=1) == labels
    assert 0.35 < right.mean() < 0.65


def test_answers_are_probabilities_in_the_order_of_the_texts(monkeypatch):
    teacher = CharacterTeacher.fit(reviews([f"좋{i} 싫{i}" for i in range(40)], [0, 1] * 20))
    texts = words(50, 2)
    together = teacher.predict_proba(iter(texts))
    assert together.dtype == np.float32
    assert together.shape == (50, 2)
    np.testing.assert_allclose(together.sum(axis=1), 1, rtol=1e-5)
    monkeypatch.setattr("koprep.zoo.character_teacher.TEXTS_A_BATCH", 7)
    np.testing.assert_array_equal(teacher.predict_proba(texts), together)
    assert teacher.predict_proba([]).shape == (0, 2)


def test_three_labels():
    names = ("나쁨", "보통", "좋음")
    texts = [f"{word}{mark}" for word in words(120, 0) for mark in "1땡굿"]
    labelled = TextDataset(
        texts=tuple(texts), labels=np.tile(np.arange(3, dtype=np.int32), 120), label_names=names
    )
    teacher = CharacterTeacher.fit(labelled)
    assert teacher.label_names_ == names
    np.testing.assert_array_equal(
        teacher.predict_proba(["가1", "나땡", "다굿"]).argmax(1), [0, 1, 2]
    )


def test_refuses_what_teaches_nothing():
    with pytest.raises(ValueError, match="without labels"):
        CharacterTeacher.fit(TextDataset(texts=("가", "나")))
    with pytest.raises(ValueError, match="2 texts are too few"):
        CharacterTeacher.fit(reviews(["좋다", "싫다"], [1, 0]))


def test_a_bare_text_is_refused():
    teacher = CharacterTeacher.fit(reviews([f"좋{i} 싫{i}" for i in range(40)], [0, 1] * 20))
    with pytest.raises(TypeError, match="put it in a list"):
        teacher.predict_proba("좋다")
