"""What every registered model promises, for every task it serves."""

import numpy as np
import pytest

from koprep.datasets import EncodedDataset, TaskSpec
from koprep.zoo import TrainingConfig, create_model, list_models, model_config, model_info
from koprep.zoo.backend import import_keras
from koprep.zoo.onnx_export import export_onnx
from koprep.zoo.runtime import OnnxNetwork
from koprep.zoo.saving import keras_bytes, load_network
from koprep.zoo.training import train_model

TINY = {"embedding_size": 3, "units": 4}
VOCABULARY = 12
OUTPUTS = {
    "classification": [(2, (1,)), (4, (4,))],
    "next_token": [(VOCABULARY, (VOCABULARY,))],
    "language_model": [(VOCABULARY, (VOCABULARY,))],
    "tagging": [(4, (4,))],
}
SERVED = [(name, task) for name in list_models() for task in model_info(name).tasks]
contract = pytest.mark.parametrize(("name", "task"), SERVED)

ROWS = np.array([[0, 0, 3, 1, 2], [4, 5, 6, 7, 8], [0, 0, 0, 0, 0], [0, 0, 0, 0, 9]], np.int32)
REAL = ROWS != 0


@pytest.fixture(autouse=True)
def _step_by_step():
    """Run without compiling: the same operations, and no seconds lost on graphs used once."""
    import_keras()
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


def spec(task, num_labels=2):
    return TaskSpec(task=task, vocabulary_size=VOCABULARY, maxlen=5, num_labels=num_labels)


def dataset(task, num_labels):
    made = spec(task, num_labels)
    labels = (ROWS if made.per_token else ROWS.sum(axis=1)) % num_labels
    return EncodedDataset(
        spec=made,
        token_ids=ROWS,
        labels=labels.astype(np.int32),
        sample_weight=REAL.astype(np.float32) if made.per_token else None,
    )


def tiny(name, task, num_labels, **settings):
    return create_model(name, spec(task, num_labels), **TINY, **settings)


def run(model, rows):
    return np.asarray(model(np.asarray(rows, np.int32)))


@pytest.mark.parametrize(
    ("name", "task", "num_labels", "numbers"),
    [(name, task, *output) for name, task in SERVED for output in OUTPUTS[task]],
)
def test_shapes_padding_neighbours_and_saving(name, task, num_labels, numbers, tmp_path):
    model = tiny(name, task, num_labels, dropout=0.5, word_dropout=0.1)
    per_token = spec(task, num_labels).per_token
    together = run(model, ROWS)
    assert together.shape == ((4, 5, *numbers) if per_token else (4, *numbers))
    assert ((together >= 0) & (together <= 1)).all()
    if numbers[-1] > 1:
        assert np.allclose(together.sum(axis=-1), 1, atol=1e-5)
    wider = run(model, np.pad(ROWS, ((0, 0), (3, 0))))
    wider = wider[:, 3:] if per_token else wider
    alone = np.concatenate([run(model, ROWS[:1]), run(model, ROWS[1:])])
    for other in (wider, alone):
        difference = np.abs(other - together)
        assert (difference[REAL] if per_token else difference).max() < 1e-6
    saved = tmp_path / "model.keras"
    saved.write_bytes(keras_bytes(model))
    assert (run(load_network(saved, name), ROWS) == together).all()


LENGTHS = (0, 1, 13, 400, 2, 37, 399)


def random_weights(model):
    rng = np.random.default_rng(0)
    model.set_weights([rng.normal(0, 0.4, weight.shape) for weight in model.get_weights()])
    return model


def left_padded(lengths, width):
    rows = np.zeros((len(lengths), width), np.int32)
    for row, length in zip(rows, lengths, strict=True):
        row[width - length :] = np.random.default_rng(length).integers(1, VOCABULARY, length)
    return rows


def compiled(model):
    """Hundreds of steps, one by one, would take seconds."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(False)
    return tf.function(model, input_signature=[tf.TensorSpec((None, None), tf.int32)])


@pytest.mark.parametrize(
    ("name", "task", "num_labels", "numbers"),
    [(name, task, *output) for name, task in SERVED for output in OUTPUTS[task]],
)
def test_its_onnx_form_answers_as_keras_does(name, task, num_labels, numbers):
    """Texts of any length, seven at once beside far longer ones, and each alone."""
    model = random_weights(tiny(name, task, num_labels, dropout=0.5, word_dropout=0.1))
    network = OnnxNetwork(export_onnx(model, spec(task, num_labels)))
    rows = left_padded(LENGTHS, max(LENGTHS))
    expected = compiled(model)(rows).numpy()
    together = network.probabilities(rows)
    assert together.shape == expected.shape
    assert together.dtype == np.float32
    for row, length in enumerate(LENGTHS):
        own = slice(max(LENGTHS) - length, None)
        alone = network.probabilities(rows[row : row + 1, own])
        assert alone.shape == ((1, length, *numbers) if expected.ndim == 3 else (1, *numbers))
        of_keras = expected[row, own] if expected.ndim == 3 else expected[row]
        of_many = together[row, own] if expected.ndim == 3 else together[row]
        assert np.abs(of_many - of_keras).max(initial=0) < 1e-5
        assert np.abs(alone[0] - of_keras).max(initial=0) < 1e-5


@pytest.mark.parametrize("name", list_models())
def test_its_onnx_form_counts_padding_where_keras_does(name):
    model = random_weights(tiny(name, "classification", 4, mask_padding=False))
    network = OnnxNetwork(export_onnx(model, spec("classification", 4)))
    rows = left_padded((0, 1, 3, 5), 5)
    assert np.abs(network.probabilities(rows) - run(model, rows)).max() < 1e-5
    narrower = network.probabilities(rows[1:2, 1:])
    assert np.abs(narrower - run(model, rows[1:2])).max() > 1e-5


@pytest.mark.parametrize("name", list_models(task="tagging"))
def test_compiled_for_rows_of_any_width_it_answers_the_same(name):
    """More tokens than texts and more texts than tokens: none is taken for the other."""
    model = tiny(name, "tagging", 4)
    stepwise = [run(model, rows) for rows in (ROWS, ROWS[:, 2:])]
    together = compiled(model)
    for rows, expected in zip((ROWS, ROWS[:, 2:]), stepwise, strict=True):
        assert np.allclose(together(rows), expected, atol=1e-6)


@contract
def test_training_lowers_the_loss_and_moves_the_weights(name, task):
    num_labels = OUTPUTS[task][0][0]
    model = tiny(name, task, num_labels)
    before = model.get_weights()
    config = TrainingConfig(epochs=2, batch_size=4, learning_rate=0.02)
    first, second = train_model(model, dataset(task, num_labels), None, config)
    assert second["loss"] < first["loss"]
    assert all((old != new).any() for old, new in zip(before, model.get_weights(), strict=True))


@pytest.mark.parametrize("name", list_models())
def test_its_settings_build_it_again(name):
    config = model_config(name, **TINY, dropout=0.25, mask_padding=False)
    settings = {**model_info(name).settings, **TINY, "dropout": 0.25, "mask_padding": False}
    task = model_info(name).tasks[0]
    made = [
        create_model(name, spec(task), **given)
        for given in ({**TINY, "dropout": 0.25, "mask_padding": False}, settings)
    ]
    assert model_config(name, **settings) == config
    assert made[0].get_config() == made[1].get_config()


@pytest.mark.parametrize("name", list_models())
def test_without_the_mask_padding_counts(name):
    unmasked = tiny(name, "classification", 2, mask_padding=False)
    wider = run(unmasked, np.pad(ROWS, ((0, 0), (3, 0))))
    assert (np.abs(wider - run(unmasked, ROWS)) > 1e-6).any()


@pytest.mark.parametrize("dropout", ["dropout", "word_dropout", "recurrent_dropout"])
def test_dropout_is_for_training_alone(dropout):
    model = tiny("stacked_lstm", "classification", 2, **{dropout: 0.5})
    assert (run(model, ROWS) == run(model, ROWS)).all()
    trained = [np.asarray(model(ROWS, training=True)) for _ in range(3)]
    assert any((one != trained[0]).any() for one in trained)


def test_only_what_knows_the_order_can_see_it():
    forwards, backwards = [[2, 3, 4, 5]], [[5, 4, 3, 2]]
    for name in list_models():
        model = tiny(name, "classification", 4)
        same = np.allclose(run(model, forwards), run(model, backwards), atol=1e-6)
        assert same == (name == "mlp"), name


@pytest.mark.parametrize("name", list_models(task="language_model"))
def test_a_language_model_does_not_see_the_future(name):
    model = tiny(name, "language_model", VOCABULARY)
    one, other = run(model, [[2, 3, 4, 5]]), run(model, [[2, 3, 9, 9]])
    assert np.allclose(one[:, :2], other[:, :2], atol=1e-7)
    assert not np.allclose(one[:, 2:], other[:, 2:], atol=1e-7)
