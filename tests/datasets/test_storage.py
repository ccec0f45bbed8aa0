"""Encoded datasets on disk, and as NumPy and PyTorch read them."""

import json
import sys
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from koprep import Preprocessor, Ragged
from koprep.datasets import EncodedDataset, load, next_token_samples, shifted


def classification():
    dataset = load("mini_reviews", limit=30)
    return dataset.encode(Preprocessor(tokenizer="syllable").fit(dataset.texts))


def tagging():
    dataset = load("weather_menu")
    return dataset.encode(Preprocessor(tokenizer="whitespace").fit(dataset.raw_texts))


def language_model():
    return shifted(Ragged.from_rows([[2, 3, 4], [4, 3]]), 5)


def next_token():
    return next_token_samples(Ragged.from_rows([[2, 3, 4], [4, 3]]), 5)


every_task = pytest.mark.parametrize(
    "make", [classification, tagging, language_model, next_token], ids=lambda make: make.__name__
)


def same(one, other):
    assert one.spec == other.spec
    for name in ("token_ids", "labels", "sample_weight"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


@every_task
def test_what_is_saved_is_loaded_mapped_to_memory(tmp_path, make):
    dataset = make()
    assert dataset.save(tmp_path / "encoded") == tmp_path / "encoded"
    again = EncodedDataset.load(tmp_path / "encoded")
    same(again, dataset)
    assert isinstance(again.token_ids, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        again.token_ids[0, 0] = 1
    for one, other in zip(dataset.batches(7, seed=1), again.batches(7, seed=1), strict=True):
        np.testing.assert_array_equal(one.token_ids, other.token_ids)


def test_saving_replaces_an_earlier_dataset_whole(tmp_path):
    folder = tmp_path / "encoded"
    language_model().save(folder)
    next_token().save(folder)
    same(EncodedDataset.load(folder), next_token())
    assert sorted(path.name for path in folder.iterdir()) == [
        "labels.npy", "spec.json", "token_ids.npy",
    ]  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == ["encoded"]


def test_a_failed_save_leaves_the_earlier_dataset(tmp_path, monkeypatch):
    folder = tmp_path / "encoded"
    language_model().save(folder)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(np, "save", full)
        with pytest.raises(OSError, match="No space"):
            next_token().save(folder)
    same(EncodedDataset.load(folder), language_model())
    assert [path.name for path in tmp_path.iterdir()] == ["encoded"]


def test_other_files_are_never_replaced(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(FileExistsError, match=r"holds thesis\.txt; give another folder"):
        next_token().save(tmp_path)
    with pytest.raises(FileExistsError, match="is a file"):
        next_token().save(tmp_path / "thesis.txt")
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def cut(path):
    path.write_bytes(path.read_bytes()[:-4])


def spoil_header(path):
    path.write_bytes(path.read_bytes().replace(b"}", b" ", 1))


def change_spec(**changes):
    def damage(path):
        spec = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps({**spec, **changes}), encoding="utf-8")

    return damage


@pytest.mark.parametrize(
    ("name", "damage", "message"),
    [
        pytest.param("token_ids.npy", cut, "token_ids.npy is damaged", id="cut"),
        pytest.param("labels.npy", lambda p: p.unlink(), "labels.npy is missing", id="missing"),
        pytest.param("labels.npy", lambda p: p.write_bytes(b""), "damaged", id="empty"),
        pytest.param(
            "labels.npy",
            lambda p: np.save(p, np.array([object()]), allow_pickle=True),
            "labels.npy is damaged",
            id="pickled",
        ),
        pytest.param(
            "labels.npy", lambda p: np.save(p, np.int32([1])), "labels must be int32", id="shape"
        ),
        pytest.param("spec.json", lambda p: p.unlink(), "has no spec.json", id="no spec"),
        pytest.param(
            "spec.json", lambda p: p.write_text("{"), "spec.json: Invalid JSON", id="no JSON"
        ),
        pytest.param("spec.json", change_spec(format=2), "spec.json: format", id="format"),
        pytest.param("spec.json", change_spec(x=1), "spec.json: x", id="unknown setting"),
        pytest.param("spec.json", change_spec(maxlen=0), "spec.json: maxlen must be", id="maxlen"),
        pytest.param("labels.npy", spoil_header, "labels.npy is damaged", id="header"),
        pytest.param(
            "spec.json",
            change_spec(vocabulary_size=3, num_labels=3),
            "token_ids row 0: 3 is outside 0 to 2",
            id="ids outside",
        ),
    ],
)
def test_a_damaged_dataset_is_refused(tmp_path, name, damage, message):
    language_model().save(tmp_path)
    damage(tmp_path / name)
    with pytest.raises(ValueError, match=message):
        EncodedDataset.load(tmp_path)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="no encoded dataset at"):
        EncodedDataset.load(tmp_path / "none")


@every_task
def test_numpy_gets_all_rows(make):
    dataset = make()
    token_ids, labels, weight = dataset.to_numpy()
    assert token_ids is dataset.token_ids
    assert labels is dataset.labels
    assert (weight is None) == (not dataset.spec.per_token)


@every_task
def test_torch_gets_the_same_batches(make):
    torch = pytest.importorskip("torch")
    dataset = make()
    loader = dataset.to_torch(7, seed=3)
    assert len(loader) == dataset.num_batches(7)
    for tensors, batch in zip(loader, dataset.batches(7, seed=3), strict=True):
        arrays = [part for part in batch if part is not None]
        assert len(tensors) == len(arrays)
        assert tensors[0].dtype == tensors[1].dtype == torch.int64
        for tensor, array in zip(tensors, arrays, strict=True):
            np.testing.assert_array_equal(tensor.numpy(), array)
    again = dataset.to_torch(7, seed=3)
    first, second = ([b[0].tolist() for b in again] for _ in range(2))
    assert sorted(map(str, first)) != sorted(map(str, second)) or len(dataset) < 5


def test_a_missing_torch_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ModuleNotFoundError, match="pip install torch"):
        classification().to_torch()


@every_task
def test_torchs_parts_give_the_batches(make):
    """What `DataLoader` is handed, without PyTorch: rows by a sampler, batches by a dataset."""
    from koprep.datasets.torch_batches import _Batches, _RowSampler

    dataset = make()
    sampler, batches = _RowSampler(dataset, 7, 3), _Batches(dataset)
    assert len(sampler) == dataset.num_batches(7)
    for seed in (3, 4):
        for rows, batch in zip(sampler, dataset.batches(7, seed=seed), strict=True):
            got = batches[rows]
            assert [part.dtype for part in got[:2]] == [np.int64, np.int64]
            for array, expected in zip(got, batch, strict=False):
                np.testing.assert_array_equal(array, expected)
    with pytest.raises(ValueError, match="batch_size must be at least 1"):
        _RowSampler(dataset, 0, None)


def test_the_lectures_hell_and_ello():
    preprocessor = Preprocessor(tokenizer="syllable", oov_token=None)
    rows = preprocessor.fit_transform_ragged(load("hello").texts)
    dataset = shifted(rows, len(preprocessor.vocabulary_))
    decode = preprocessor.vocabulary_.decode
    assert ["".join(decode(row)) for row in dataset.token_ids] == ["hell"]
    assert ["".join(decode(row)) for row in dataset.labels] == ["ello"]
    assert dataset.sample_weight.tolist() == [[1, 1, 1, 1]]


token_rows = st.lists(st.lists(st.integers(1, 8), max_size=9), min_size=1, max_size=8).filter(
    lambda rows: any(len(row) > 1 for row in rows)
)


@given(token_rows, st.none() | st.integers(1, 9))
def test_every_next_token_is_learned_once(rows, maxlen):
    dataset = shifted(Ragged.from_rows(rows), 9, maxlen=maxlen)
    real = dataset.sample_weight > 0
    learned = zip(dataset.token_ids[real].tolist(), dataset.labels[real].tolist(), strict=True)
    assert list(learned) == [pair for row in rows for pair in pairwise(row)]
    assert (real == (dataset.token_ids > 0)).all()
    assert dataset.spec.maxlen == (maxlen or max(map(len, rows)) - 1)


@pytest.mark.parametrize(
    ("rows", "maxlen", "message"),
    [
        pytest.param([[1], []], None, "no row has two tokens", id="nothing to learn"),
        pytest.param([[1, 2]], 0, "maxlen must be at least 1", id="maxlen"),
    ],
)
def test_impossible_shifts_are_refused(rows, maxlen, message):
    with pytest.raises(ValueError, match=message):
        shifted(Ragged.from_rows(rows), 3, maxlen=maxlen)


def test_a_folder_that_was_looked_at_is_saved_to_again(tmp_path):
    dataset = language_model()
    folder = dataset.save(tmp_path / "encoded")
    (folder / ".DS_Store").touch()
    assert dataset.save(folder) == folder
    assert not (folder / ".DS_Store").exists()


def test_somebodys_own_arrays_are_never_replaced(tmp_path):
    np.save(tmp_path / "labels.npy", np.arange(3))
    with pytest.raises(FileExistsError, match=r"holds labels\.npy; give another folder"):
        next_token().save(tmp_path)
    assert np.load(tmp_path / "labels.npy").tolist() == [0, 1, 2]
