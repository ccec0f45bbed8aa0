"""Shards train as arrays in memory do, and a few of them at a time lie there."""

import errno
import hashlib
import json
import subprocess
import sys
import unicodedata
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from koprep import Preprocessor
from koprep.datasets import EncodedDataset, ShardedDataset, TaskSpec
from koprep.sharding.manifest import Shard, ShardManifest
from koprep.zoo import CheckpointConfig, TextClassifier, TrainingConfig, create_model
from koprep.zoo.training import seeded, train_model

MAXLEN, VOCABULARY = 5, 30
NAMES = ("부정", "긍정")
SPEC = TaskSpec(
    task="classification",
    vocabulary_size=VOCABULARY,
    maxlen=MAXLEN,
    num_labels=2,
    label_names=NAMES,
)
GIVEN = {"label_names": NAMES, "vocabulary_size": VOCABULARY, "maxlen": MAXLEN}
TRAINED_IN_A_PROCESS = Path(__file__).with_name("trained_from_shards.py")

needs_tensorflow = pytest.mark.skipif(
    find_spec("tensorflow") is None, reason="TensorFlow is not installed"
)


def rows(count, seed=0):
    """Token ids and labels of rows of all lengths; the label can be told from the ids."""
    rng = np.random.default_rng(seed)
    token_ids = rng.integers(1, VOCABULARY, (count, MAXLEN), dtype=np.int32)
    token_ids[np.arange(MAXLEN) < rng.integers(0, MAXLEN, (count, 1))] = 0
    return token_ids, (token_ids[:, -1] % 2).astype(np.int32)


def table(token_ids, labels, kind=None):
    kind = kind or pa.list_(pa.int32(), MAXLEN)
    return pa.table({"token_ids": pa.array(list(token_ids), kind), "label": pa.array(labels)})


def write(folder, sizes, *, manifest=True, settings=None, seed=0):
    """Write shards of some sizes; return all rows as one dataset in memory."""
    folder.mkdir(parents=True, exist_ok=True)
    token_ids, labels = rows(sum(sizes), seed)
    shards, end = [], 0
    for number, size in enumerate(sizes):
        path = folder / f"part-{number:05}.parquet"
        chosen = slice(end, end := end + size)
        pq.write_table(table(token_ids[chosen], labels[chosen]), path)
        checksum = hashlib.sha256(path.read_bytes()).hexdigest()
        shards.append(Shard(file=path.name, rows=size, sha256=checksum))
    if manifest:
        told = ShardManifest(
            koprep_version="1",
            work="encode",
            files="parquet",
            settings=settings or {"vocabulary_size": VOCABULARY, "maxlen": MAXLEN},
            shards=tuple(shards),
        )
        (folder / "manifest.json").write_bytes(told.to_bytes())
    return EncodedDataset(spec=SPEC, token_ids=token_ids, labels=labels)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    found = tmp_path_factory.mktemp("shards")
    write(found, [20, 3, 0, 31, 9, 14])
    return found


def served(dataset, batch_size, seed):
    return list(dataset.batches(batch_size, seed=seed))


def same_batches(one, other):
    assert len(one) == len(other)
    for a, b in zip(one, other, strict=True):
        assert a.token_ids.tolist() == b.token_ids.tolist()
        assert a.labels.tolist() == b.labels.tolist()


@given(
    sizes=st.lists(st.integers(0, 12), min_size=1, max_size=9).filter(any),
    batch_size=st.integers(1, 15),
    window=st.integers(1, 5),
    seed=st.integers(0, 5),
)
def test_every_row_comes_once_a_pass_in_as_many_batches_as_were_told(
    tmp_path_factory, sizes, batch_size, window, seed
):
    folder = tmp_path_factory.mktemp("any")
    whole = write(folder, sizes)
    sharded = ShardedDataset.open(folder, label_names=NAMES, window=window)
    assert len(sharded) == sum(sizes)
    numbers = list(sharded.row_batches(batch_size, seed=seed))
    assert sorted(np.concatenate(numbers).tolist()) == list(range(sum(sizes)))
    assert len(numbers) == sharded.num_batches(batch_size)
    assert sorted(map(len, numbers))[1:] == [batch_size] * (len(numbers) - 1)
    same_batches([sharded.batch(some) for some in numbers], [whole.batch(some) for some in numbers])
    same_batches(served(sharded, batch_size, seed), [sharded.batch(some) for some in numbers])


def test_lengths_come_in_the_order_of_the_rows(folder, tmp_path):
    whole = write(tmp_path / "again", [20, 3, 0, 31, 9, 14])
    lengths = list(ShardedDataset.open(folder, label_names=NAMES).iter_lengths())
    assert [len(some) for some in lengths] == [20, 3, 31, 9, 14]
    assert np.concatenate(lengths).tolist() == whole.lengths.tolist()


def test_without_a_seed_rows_keep_the_order_of_the_files(folder, tmp_path):
    whole = write(tmp_path / "again", [20, 3, 0, 31, 9, 14])
    same_batches(
        served(ShardedDataset.open(folder, label_names=NAMES), 7, None), served(whole, 7, None)
    )


def test_in_one_window_the_order_is_that_of_the_same_rows_in_memory(folder, tmp_path):
    whole = write(tmp_path / "again", [20, 3, 0, 31, 9, 14])
    sharded = ShardedDataset.open(folder, label_names=NAMES, window=6)
    same_batches(served(sharded, 4, 3), served(whole, 4, 3))


def test_another_seed_gives_another_order_of_shards_and_of_rows(folder):
    sharded = ShardedDataset.open(folder, label_names=NAMES, window=1)
    orders = [np.concatenate(list(sharded.row_batches(4, seed=seed))) for seed in (0, 1)]
    assert orders[0].tolist() != orders[1].tolist()
    first_shards = [np.searchsorted(sharded._ends, order[0], "right") for order in orders]
    assert first_shards[0] != first_shards[1]


def test_rows_of_like_length_share_a_batch(tmp_path):
    write(tmp_path, [40] * 6)
    dataset = ShardedDataset.open(tmp_path, label_names=NAMES, window=3)
    widths = [batch.token_ids.shape[1] for batch in served(dataset, 8, 0)]
    assert len(set(widths)) > 2  # shuffled rows alone would nearly all be as wide as the widest
    padding = np.mean([(batch.token_ids == 0).mean() for batch in served(dataset, 8, 0)])
    assert padding < 0.1


def test_a_shard_is_read_once_a_pass(tmp_path, monkeypatch):
    write(tmp_path, [12] * 8)
    dataset = ShardedDataset.open(tmp_path, label_names=NAMES, window=2)
    opened = []
    read_bytes = Path.read_bytes
    monkeypatch.setattr(
        Path, "read_bytes", lambda path: opened.append(path.name) or read_bytes(path)
    )
    served(dataset, 5, 0)
    assert sorted(opened) == [f"part-{number:05}.parquet" for number in range(8)]


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(pa.list_(pa.int32()), id="what Spark writes"),
        pytest.param(pa.large_list(pa.int64()), id="what polars writes"),
    ],
)
def test_a_folder_without_a_manifest_is_read_when_the_sizes_are_given(tmp_path, kind):
    token_ids, labels = rows(12)
    (tmp_path / "_SUCCESS").touch()
    (tmp_path / "_half-written.parquet").write_bytes(b"PA")
    (tmp_path / ".part-00000.snappy.parquet.crc").write_bytes(b"crc")
    for number, chosen in enumerate((slice(0, 7), slice(7, 7), slice(7, 12))):
        path = tmp_path / f"part-0000{number}-3f2c.c000.snappy.parquet"
        pq.write_table(table(token_ids[chosen], labels[chosen].astype(np.int64), kind), path)
    found = ShardedDataset.open(tmp_path, **GIVEN)
    (batch,) = found.batches(99)
    assert batch.token_ids.tolist() == token_ids.tolist()
    assert batch.labels.tolist() == labels.tolist()
    with pytest.raises(ValueError, match="no manifest that tells maxlen: give maxlen"):
        ShardedDataset.open(tmp_path, label_names=NAMES, vocabulary_size=VOCABULARY)


@pytest.mark.parametrize("written", [str, partial(unicodedata.normalize, "NFD"), " {} ".format])
def test_labels_may_be_their_names(tmp_path, written):
    token_ids, labels = rows(6)
    named = [written(NAMES[label]) for label in labels]
    pq.write_table(table(token_ids, named), tmp_path / "part-0.parquet")
    (batch,) = ShardedDataset.open(tmp_path, **GIVEN).batches(9)
    assert batch.labels.tolist() == labels.tolist()


def test_rows_that_are_filled_on_the_right_are_turned(tmp_path):
    token_ids = np.array([[1, 2, 0, 0, 0], [0, 0, 0, 0, 0], [3, 4, 5, 6, 7], [0, 0, 8, 9, 1]])
    pq.write_table(table(token_ids, np.zeros(4, np.int32)), tmp_path / "part-0.parquet")
    (batch,) = ShardedDataset.open(tmp_path, **GIVEN).batches(9)
    assert batch.token_ids.tolist() == [[0, 0, 0, 1, 2], *token_ids[1:].tolist()]


@pytest.mark.parametrize("kind", [pa.string(), pa.dictionary(pa.int8(), pa.string())], ids=str)
def test_numbers_of_labels_may_be_texts_or_categories(tmp_path, kind):
    token_ids, labels = rows(6)
    written = pa.array(list(map(str, labels))).cast(kind)
    columns = {"token_ids": table(token_ids, labels)["token_ids"], "label": written}
    pq.write_table(pa.table(columns), tmp_path / "part-0.parquet")
    (batch,) = ShardedDataset.open(tmp_path, **GIVEN).batches(9)
    assert batch.labels.tolist() == labels.tolist()
    with pytest.raises(ValueError, match="is none of 1, 2"):
        list(ShardedDataset.open(tmp_path, **GIVEN | {"label_names": ("1", "2")}).batches(9))


def test_a_shard_that_cannot_be_read_is_not_called_damaged(tmp_path, monkeypatch):
    write(tmp_path, [4], manifest=False)

    def refused(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(PermissionError):
        ShardedDataset.open(tmp_path, **GIVEN)


def changed_row(column, value):
    """Return a table in which row 3 holds a value."""
    token_ids, labels = rows(6)
    columns = {"token_ids": token_ids.tolist(), "label": labels.tolist()}
    columns[column][3] = value
    return pa.table({name: pa.array(values) for name, values in columns.items()})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(changed_row("token_ids", [1] * 4), "row 3: 4 ids, not maxlen", id="short"),
        pytest.param(changed_row("token_ids", None), "row 3: no ids, not maxlen", id="no list"),
        pytest.param(changed_row("token_ids", [1, 1, None, 1, 1]), "row 3: an id is", id="null"),
        pytest.param(changed_row("token_ids", [1, 1, 1, 1, 30]), "row 3: 30 is outside", id="id"),
        pytest.param(changed_row("token_ids", [1] * 4 + [2**40]), "token_ids: .*1099511", id="big"),
        pytest.param(changed_row("token_ids", [0, 1, 0, 1, 1]), "row 3: PAD must", id="PAD"),
        pytest.param(changed_row("token_ids", [1, 0, 1, 0, 0]), "row 3: PAD must", id="PAD twice"),
        pytest.param(changed_row("label", None), "label row 3: the label is missing", id="label"),
        pytest.param(changed_row("label", 2), "labels row 3: 2 is outside 0 to 1", id="number"),
        pytest.param(
            table(rows(6)[0], ["긍정"] * 5 + ["몰라"]), "row 5: '몰라' is none", id="name"
        ),
        pytest.param(table(rows(6)[0], [0.5] * 6), "label must be whole numbers", id="float"),
        pytest.param(
            pa.table({"token_ids": [1] * 6, "label": [1] * 6}), "must be lists of", id="no lists"
        ),
    ],
)
def test_a_value_that_is_not_allowed_is_told_with_its_file_and_row(tmp_path, content, message):
    pq.write_table(table(*rows(4)), tmp_path / "part-00000.parquet")
    pq.write_table(content, tmp_path / "part-00001.parquet")
    dataset = ShardedDataset.open(tmp_path, **GIVEN)
    with pytest.raises(ValueError, match=rf"part-00001\.parquet: .*{message}"):
        list(dataset.batches(64))


def cut_middle(path):
    content = bytearray(path.read_bytes())
    content[4:40] = bytes(36)
    path.write_bytes(content)


def other_rows(path):
    token_ids, labels = rows(8, seed=9)
    pq.write_table(table(token_ids, 1 - labels), path)


@pytest.mark.parametrize(
    ("manifest", "change", "message"),
    [
        pytest.param(True, cut_middle, "was changed since", id="bytes of the data"),
        pytest.param(True, other_rows, "was changed since", id="other rows"),
        pytest.param(True, Path.unlink, "is missing: put it back", id="missing"),
        pytest.param(False, cut_middle, "is damaged", id="bytes, no manifest"),
        pytest.param(False, other_rows, "was changed since", id="other rows, no manifest"),
        pytest.param(False, Path.unlink, "is missing: put it back", id="missing, no manifest"),
        pytest.param(False, lambda p: p.write_bytes(b"PA"), "is no whole Parquet", id="cut short"),
    ],
)
def test_a_shard_that_changed_while_training_is_told(tmp_path, manifest, change, message):
    write(tmp_path, [8, 8], manifest=manifest)
    dataset = ShardedDataset.open(tmp_path, **GIVEN)
    change(tmp_path / "part-00001.parquet")
    with pytest.raises(ValueError, match=rf"part-00001\.parquet {message}"):
        list(dataset.batches(4, seed=0))


def not_of_encode(folder):
    write(folder, [3])
    told = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(told | {"work": "predict"}))


def without_labels(folder):
    folder.mkdir()
    pq.write_table(pa.table({"token_ids": [[1]], "text": ["가"]}), folder / "part-0.parquet")


def empty(folder):
    folder.mkdir()


@pytest.mark.parametrize(
    ("make", "given", "message"),
    [
        pytest.param(empty, {}, "holds no encoded rows: 0 Parquet files", id="no files"),
        pytest.param(lambda f: write(f, [0, 1]) and (f / "part-00000.parquet").unlink(), {},
                     "part-00000.parquet is missing", id="a file of the manifest"),
        pytest.param(not_of_encode, {}, "of the work 'predict': training reads", id="predictions"),
        pytest.param(without_labels, {}, "no column 'label' of labels: it has token_ids, text",
                     id="no labels"),
        pytest.param(lambda f: write(f, [2]), {"maxlen": 7}, "maxlen is 5 in the manifest",
                     id="another maxlen"),
        pytest.param(lambda f: write(f, [2]), {"window": 0}, "window must be at least 1", id="w"),
        pytest.param(lambda f: write(f, [2], settings={"maxlen": "5"}), {"maxlen": None},
                     "says maxlen is '5', not a whole number", id="manifest"),
    ],
)  # fmt: skip
def test_a_folder_that_cannot_be_trained_from_is_told_at_once(tmp_path, make, given, message):
    make(tmp_path / "new")
    with pytest.raises(ValueError, match=message):
        ShardedDataset.open(tmp_path / "new", **{**GIVEN, **given})


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        ShardedDataset.open(tmp_path / "none", **GIVEN)


def test_shards_held_out_are_those_that_are_not_trained_on(folder):
    dataset = ShardedDataset.open(folder, label_names=NAMES)
    training, validation = dataset.split(2, seed=1)
    assert len(training) + len(validation) == len(dataset) == 77
    assert len(validation.shards) == 2
    assert {*training.shards, *validation.shards} == set(dataset.shards)
    assert dataset.split(2, seed=1)[1].shards == validation.shards
    assert len({dataset.split(2, seed=seed)[1].shards for seed in range(9)}) > 1
    for count in (0, 5):
        with pytest.raises(ValueError, match="validation_shards must be 1 to 4 of 5 shards"):
            dataset.split(count)


def test_the_digest_tells_content_and_order(folder, tmp_path):
    dataset = ShardedDataset.open(folder, label_names=NAMES)
    write(tmp_path / "same", [20, 3, 0, 31, 9, 14])
    assert ShardedDataset.open(tmp_path / "same", label_names=NAMES).digest() == dataset.digest()
    write(tmp_path / "other", [20, 3, 0, 31, 9, 14], seed=1)
    others = [
        ShardedDataset.open(tmp_path / "other", label_names=NAMES),
        ShardedDataset.open(folder, label_names=NAMES, window=2),
        ShardedDataset.open(folder, label_names=NAMES[::-1]),
        dataset.split(1)[0],
    ]
    assert len({dataset.digest(), *(other.digest() for other in others)}) == 5


@needs_tensorflow
def test_tensorflow_reads_the_same_batches(folder):
    dataset = ShardedDataset.open(folder, label_names=NAMES)
    batches = dataset.to_tf_dataset(8, seed=2)
    assert len(batches) == 10
    for (token_ids, labels), expected in zip(batches, dataset.batches(8, seed=2), strict=True):
        assert token_ids.numpy().tolist() == expected.token_ids.tolist()
        assert labels.numpy().tolist() == expected.labels.tolist()


CONFIG = TrainingConfig(epochs=2, batch_size=8, class_weight="balanced", validation_split=0)


def train(training, validation, model="gru", **settings):
    with seeded(0):
        network = create_model(model, training.spec, units=3, embedding_size=2)
        history = train_model(network, training, validation, CONFIG, **settings)
    return network.get_weights(), history


@needs_tensorflow
@pytest.mark.parametrize("model", ["gru", "mlp"])
def test_training_from_shards_is_training_from_memory(folder, tmp_path, model):
    whole = write(tmp_path / "again", [20, 3, 0, 31, 9, 14])
    sharded = ShardedDataset.open(folder, label_names=NAMES, window=5)
    held_out = write(tmp_path / "held out", [9, 8], seed=5)
    held_out_shards = ShardedDataset.open(tmp_path / "held out", label_names=NAMES)
    from_memory, from_shards = train(whole, held_out, model), train(sharded, held_out_shards, model)
    for one, other in zip(from_memory[0], from_shards[0], strict=True):
        assert one.tobytes() == other.tobytes()
    for one, other in zip(from_memory[1], from_shards[1], strict=True):
        assert one == pytest.approx(other, rel=1e-5)


@needs_tensorflow
def test_a_training_that_was_stopped_goes_on_in_the_middle_of_a_window(tmp_path):
    write(tmp_path / "data", [12] * 6)
    dataset = ShardedDataset.open(tmp_path / "data", label_names=NAMES, window=2)
    unbroken = train(dataset, None)[0]

    class Stopped(ShardedDataset):
        served = 0

        def batch(self, rows):
            Stopped.served += 1
            if Stopped.served == 5:
                raise KeyboardInterrupt
            return super().batch(rows)

    checkpoints = CheckpointConfig(folder=tmp_path / "run", every_seconds=0)
    shards = {name: getattr(dataset, name) for name in ("spec", "shards", "label", "window")}
    with pytest.raises(KeyboardInterrupt):
        train(Stopped(**shards), None, checkpoints=checkpoints)
    resumed = train(dataset, None, checkpoints=replace(checkpoints, resume=True))[0]
    assert all(a.tobytes() == b.tobytes() for a, b in zip(unbroken, resumed, strict=True))
    other = replace(dataset, window=3)
    with pytest.raises(ValueError, match="the training data was"):
        train(other, None, checkpoints=replace(checkpoints, resume=True))


@needs_tensorflow
def test_a_classifier_learns_from_shards_of_its_preprocessor(tmp_path):
    texts = ["정말 좋아요", "너무 싫어요", "참 좋아요", "아주 싫어요"] * 12
    labels = np.array([1, 0, 1, 0] * 12, np.int32)
    preprocessor = Preprocessor(tokenizer="whitespace", maxlen=4).fit(texts)
    ids = preprocessor.transform(texts)
    for start in range(0, 48, 12):
        chosen = slice(start, start + 12)
        content = table(ids[chosen], labels[chosen], pa.list_(pa.int32()))
        pq.write_table(content, tmp_path / f"part-{start:05}.parquet")
    training, validation = ShardedDataset.open(
        tmp_path,
        label_names=NAMES,
        vocabulary_size=len(preprocessor.vocabulary_),
        maxlen=preprocessor.maxlen_,
    ).split(1)
    classifier = TextClassifier("gru", training=TrainingConfig(epochs=8, learning_rate=0.05))
    classifier.fit_encoded(preprocessor, training, validation)
    assert classifier.label_names_ == NAMES
    assert classifier.predict(["정말 좋아요", "아주 싫어요"]).tolist() == [1, 0]
    other = Preprocessor(tokenizer="whitespace", maxlen=4).fit(texts[:2])
    with pytest.raises(ValueError, match=r"8 ids in rows of 4, the preprocessor gives 6 in rows"):
        classifier.fit_encoded(other, training, validation)


@needs_tensorflow
def test_memory_does_not_grow_with_the_data(tmp_path):
    """Ten times the shards would be 37 MiB more, were they held."""
    peaks = []
    for name, shards in (("few", 6), ("many", 60)):
        write_large(tmp_path / name, shards)
        told = subprocess.run(
            [sys.executable, TRAINED_IN_A_PROCESS, tmp_path / name],
            capture_output=True,
            check=True,
            text=True,
        )
        peaks.append(float(told.stdout.split()[-1]))
    assert peaks[1] - peaks[0] < 20


def write_large(folder, shards):
    folder.mkdir()
    token_ids = np.random.default_rng(0).integers(1, 50, (4_500, 40), dtype=np.int32)
    content = table(token_ids, token_ids[:, 0] % 2, pa.list_(pa.int32(), 40))
    for number in range(shards):
        pq.write_table(content, folder / f"part-{number:05}.parquet")
