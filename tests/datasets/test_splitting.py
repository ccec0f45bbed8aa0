import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from koprep.datasets import TextDataset, load, split_dataset

NAMES = ("가", "나", "다")


def dataset_of(rows):
    """Texts are short, so that many come twice."""
    return TextDataset(
        texts=tuple(text for text, _ in rows),
        labels=np.array([label for _, label in rows], np.int32),
        label_names=NAMES,
    )


def rows_of(dataset):
    return list(zip(dataset.texts, dataset.labels.tolist(), strict=True))


rows = st.lists(st.tuples(st.text("가나 ", max_size=4), st.integers(0, 2)), min_size=2, max_size=60)


@given(rows, st.floats(0.05, 0.95), st.integers(0, 3))
def test_nothing_is_lost_and_no_text_is_on_both_sides(rows, fraction, seed):
    dataset = dataset_of(rows)
    try:
        train, held_out = split_dataset(dataset, fraction, seed)
    except ValueError:
        assume(False)
    assert sorted(rows_of(train) + rows_of(held_out)) == sorted(rows)
    assert 0 < len(held_out) <= fraction * len(rows) + 0.5 * len(NAMES)
    assert len(train)
    seen = {" ".join(text.split()) for text in train.texts}
    assert not seen & {" ".join(text.split()) for text in held_out.texts}


@given(st.lists(st.integers(0, 2), min_size=20, max_size=200), st.floats(0.1, 0.9))
def test_each_label_keeps_its_share(labels, fraction):
    dataset = dataset_of([(str(number), label) for number, label in enumerate(labels)])
    train, held_out = split_dataset(dataset, fraction)
    whole, part = dataset.label_counts(), held_out.label_counts()
    assert all(part[name] == round(fraction * whole[name]) for name in NAMES)
    assert train.label_names == held_out.label_names == NAMES


def test_a_seed_fixes_the_choice_and_the_order_stays():
    dataset = load("mini_reviews")
    held_out = split_dataset(dataset, 0.2, seed=1)[1]
    assert held_out.texts == split_dataset(dataset, 0.2, seed=1)[1].texts
    assert held_out.texts != split_dataset(dataset, 0.2, seed=2)[1].texts
    places = [dataset.texts.index(text) for text in held_out.texts]
    assert places == sorted(places)
    assert held_out.label_counts() == {"부정": 76, "긍정": 76}


def test_texts_without_labels_and_tagged_texts_are_split_too():
    sentences = load("lecture_sentences")
    assert [len(part) for part in split_dataset(sentences, 0.34)] == [2, 1]
    menus = load("weather_menu")
    train, held_out = split_dataset(menus, 0.25)
    assert (len(train), len(held_out)) == (150, 50)
    assert not set(train.texts) & set(held_out.texts)


def test_one_text_in_two_forms_stays_together():
    nfc, nfd = "가", "\u1100\u1161"
    dataset = TextDataset(texts=(nfc, nfd, " 가 ", "나", "다", "라"))
    for seed in range(5):
        train, _ = split_dataset(dataset, 0.5, seed)
        assert len({nfc, nfd, " 가 "} & set(train.texts)) in (0, 3)


@pytest.mark.parametrize(
    ("texts", "fraction", "message"),
    [
        pytest.param("가나", 0, "between 0 and 1, got 0", id="nothing"),
        pytest.param("가나", 1.5, "between 0 and 1, got 1.5", id="more than all"),
        pytest.param("가나", 0.1, "2 examples of 2 different texts are too few", id="too few"),
        pytest.param("가가", 0.5, "of 1 different texts", id="one text"),
    ],
)
def test_impossible_splits_are_refused(texts, fraction, message):
    with pytest.raises(ValueError, match=message):
        split_dataset(TextDataset(texts=tuple(texts)), fraction)


def test_many_labels_with_few_texts_are_split_as_one():
    labels = np.repeat(np.arange(100, dtype=np.int32), 4)
    dataset = TextDataset(
        texts=tuple(f"글 {number}" for number in range(400)),
        labels=labels,
        label_names=tuple(map(str, range(100))),
    )
    train, held_out = split_dataset(dataset, 0.1)
    assert (len(train), len(held_out)) == (360, 40)
    assert len(set(held_out.labels.tolist())) > 20
