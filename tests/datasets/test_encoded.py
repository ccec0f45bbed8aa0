import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.exceptions import NotFittedError

from koprep import Preprocessor, Ragged, pad_sequences
from koprep.datasets import EncodedDataset, TaskSpec, TextDataset, load, next_token_samples


def spec(task="classification", **changes):
    size = {"vocabulary_size": 9, "maxlen": 3, "num_labels": 2}
    if task in ("next_token", "language_model"):
        size["num_labels"] = 9
    return TaskSpec(task=task, **{**size, **changes})


def ids(*rows):
    return np.array(rows, np.int32)


def test_the_courses_eleven_prefixes():
    preprocessor = Preprocessor(tokenizer="whitespace", oov_token=None)
    rows = preprocessor.fit_transform_ragged(load("lecture_sentences").texts)
    samples = next_token_samples(rows, len(preprocessor.vocabulary_))
    prefixes = [
        [*row[row > 0].tolist(), label]
        for row, label in zip(samples.token_ids, samples.labels.tolist(), strict=True)
    ]
    assert prefixes == [
        [2, 3], [2, 3, 1], [2, 3, 1, 4], [2, 3, 1, 4, 5], [6, 1], [6, 1, 7],
        [8, 1], [8, 1, 9], [8, 1, 9, 10], [8, 1, 9, 10, 1], [8, 1, 9, 10, 1, 11],
    ]  # fmt: skip
    assert samples.labels.tolist() == [3, 1, 4, 5, 1, 7, 1, 9, 10, 1, 11]
    assert max(map(len, prefixes)) == 6
    assert (samples.spec.maxlen, samples.spec.vocabulary_size) == (5, 12)


def test_no_next_token_to_learn():
    with pytest.raises(ValueError, match="no row has two tokens"):
        next_token_samples(Ragged.from_rows([[1], []]), 3)


def test_encode_pairs_ids_with_labels():
    dataset = TextDataset(
        texts=("좋아요", "별로"), labels=np.array([1, 0], np.int32), label_names=("부정", "긍정")
    )
    preprocessor = Preprocessor(tokenizer="syllable").fit(dataset.texts)
    encoded = dataset.encode(preprocessor)
    assert encoded.token_ids.tolist() == preprocessor.transform(dataset.texts).tolist()
    assert encoded.spec.label_names == ("부정", "긍정")


weights = np.array([[0, 1, 1]], np.float32)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        pytest.param(
            lambda: EncodedDataset(
                spec=spec(), token_ids=np.zeros((1, 3)), labels=np.zeros(1, np.int32)
            ),
            "token_ids must be int32 of shape",
            id="dtype",
        ),
        pytest.param(
            lambda: EncodedDataset(spec=spec(), token_ids=ids([1, 2]), labels=ids([0])[0]),
            "token_ids must be int32 of shape",
            id="width",
        ),
        pytest.param(
            lambda: EncodedDataset(spec=spec(), token_ids=ids([0, 1, 9]), labels=ids([0])[0]),
            "token_ids row 0: 9 is outside 0 to 8",
            id="id outside",
        ),
        pytest.param(
            lambda: EncodedDataset(
                spec=spec(), token_ids=ids([0, 1, 2], [0, 1, 2]), labels=ids([0, 2])[0]
            ),
            "labels row 1: 2 is outside 0 to 1",
            id="label outside",
        ),
        pytest.param(
            lambda: EncodedDataset(spec=spec(), token_ids=ids([1, 2, 0]), labels=ids([0])[0]),
            "row 0: PAD must stand on the left",
            id="PAD on the right",
        ),
        pytest.param(
            lambda: EncodedDataset(
                spec=spec(), token_ids=ids([0, 1, 2]), labels=ids([0])[0], sample_weight=weights
            ),
            "takes no sample_weight",
            id="weight not due",
        ),
        pytest.param(
            lambda: EncodedDataset(
                spec=spec("tagging"), token_ids=ids([0, 1, 2]), labels=ids([0, 1, 1])
            ),
            "needs a sample_weight",
            id="weight missing",
        ),
        pytest.param(
            lambda: EncodedDataset(
                spec=spec("tagging"),
                token_ids=ids([0, 0, 2]),
                labels=ids([0, 1, 1]),
                sample_weight=weights,
            ),
            "must be 0 at PAD",
            id="weight at PAD",
        ),
        pytest.param(lambda: spec("clasify"), "task must be one of", id="task"),
        pytest.param(lambda: spec(maxlen=0), "maxlen must be at least 1", id="maxlen"),
        pytest.param(lambda: spec("next_token", num_labels=2), "predicts tokens", id="num_labels"),
        pytest.param(lambda: spec(label_names=("하나",)), "need as many names", id="names"),
    ],
)
def test_what_breaks_the_contract_is_named(build, message):
    with pytest.raises(ValueError, match=message):
        build()


lengths_of_rows = st.lists(st.integers(0, 9), min_size=1, max_size=60)


def dataset_of(lengths):
    """Row i holds its own number + 1, so that a row is recognized in any batch."""
    rows = [[number + 1] * length for number, length in enumerate(lengths)]
    return EncodedDataset(
        spec=spec("next_token", vocabulary_size=99, maxlen=9, num_labels=99),
        token_ids=pad_sequences(rows, 9),
        labels=np.arange(len(rows), dtype=np.int32),
    )


@given(lengths_of_rows, st.integers(1, 70), st.sampled_from([None, 0, 1]))
def test_batches_hold_every_row_once_cut_to_their_longest(lengths, batch_size, seed):
    dataset = dataset_of(lengths)
    batches = list(dataset.batches(batch_size, seed=seed))
    assert len(batches) == dataset.num_batches(batch_size)
    seen = np.concatenate([batch.labels for batch in batches]).tolist()
    assert sorted(seen) == list(range(len(lengths)))
    if seed is None:
        assert seen == list(range(len(lengths)))
    for batch in batches:
        assert batch.token_ids.shape[1] == max(1, *(lengths[label] for label in batch.labels))
        for row, label in zip(batch.token_ids, batch.labels.tolist(), strict=True):
            assert row[row > 0].tolist() == [label + 1] * lengths[label]


def test_a_seed_fixes_the_order_and_buckets_by_length():
    lengths = np.random.default_rng(0).integers(1, 9, 90).tolist()
    dataset = dataset_of(lengths)

    def labels(seed):
        return [batch.labels.tolist() for batch in dataset.batches(10, seed=seed)]

    assert labels(1) == labels(1) != labels(2)
    padding = [(b.token_ids == 0).mean() for b in dataset.batches(10, seed=1)]
    unbucketed = [(b.token_ids == 0).mean() for b in dataset.batches(10)]
    assert np.mean(padding) < 0.5 * np.mean(unbucketed)


def test_a_tf_dataset_shuffles_anew_every_pass_and_repeats_by_seed():
    pytest.importorskip("tensorflow")
    dataset = dataset_of(list(range(1, 9)) * 4)

    def passes():
        tf_dataset = dataset.to_tf_dataset(4, seed=3)
        return [[b[1].numpy().tolist() for b in tf_dataset] for _ in range(2)]

    first, second = passes()
    assert first != second
    assert [first, second] == passes()
    assert sorted(label for labels in first for label in labels) == list(range(32))


def test_a_batch_of_nothing_is_refused():
    dataset = load("mini_reviews", limit=9)
    encoded = dataset.encode(Preprocessor(tokenizer="syllable").fit(dataset.texts))
    for serve in (encoded.num_batches, lambda size: next(encoded.batches(size))):
        with pytest.raises(ValueError, match="batch_size must be at least 1 example, got 0"):
            serve(0)


def test_examples_are_encoded_by_what_was_fitted():
    with pytest.raises(NotFittedError):
        load("mini_reviews", limit=9).encode(Preprocessor())
