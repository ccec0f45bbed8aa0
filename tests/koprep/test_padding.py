import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from koprep import PAD_ID, Ragged, pad_sequences
from koprep.padding import padding_mask, row_lengths, whole_length

rows_of_ids = st.lists(st.lists(st.integers(1, 2**31 - 1), max_size=9), max_size=9)


def pad_row(row, maxlen, padding, truncating):
    """One row by the definition, as the oracle."""
    if len(row) > maxlen:
        row = row[-maxlen:] if truncating == "pre" else row[:maxlen]
    fill = [PAD_ID] * (maxlen - len(row))
    return fill + row if padding == "pre" else row + fill


@given(
    rows_of_ids,
    st.integers(1, 10),
    st.sampled_from(["pre", "post"]),
    st.sampled_from(["pre", "post"]),
)
def test_every_row_is_padded_and_truncated_on_the_chosen_sides(rows, maxlen, padding, truncating):
    padded = pad_sequences(rows, maxlen, padding=padding, truncating=truncating)
    assert padded.dtype == np.int32
    assert padded.shape == (len(rows), maxlen)
    assert padded.tolist() == [pad_row(row, maxlen, padding, truncating) for row in rows]


def test_by_default_the_left_is_filled_and_lost():
    assert pad_sequences([[2, 3], [2, 3, 1, 4]], 3).tolist() == [[0, 2, 3], [3, 1, 4]]


@given(rows_of_ids)
def test_without_maxlen_the_longest_row_decides(rows):
    padded = pad_sequences(rows)
    assert padded.shape == (len(rows), max(map(len, rows), default=0))


@given(rows_of_ids)
def test_ragged_gives_back_its_rows(rows):
    ragged = Ragged.from_rows(rows)
    assert [row.tolist() for row in ragged] == rows
    assert ragged.lengths.tolist() == [len(row) for row in rows]
    assert [row.tolist() for row in ragged[1:]] == rows[1:]
    assert [ragged[i].tolist() for i in range(-len(rows), 0)] == rows
    assert pad_sequences(ragged).tolist() == pad_sequences(rows).tolist()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param({"maxlen": 0}, "maxlen must be at least 1 token, got 0", id="maxlen"),
        pytest.param({"padding": "left"}, "padding must be 'pre' or 'post', got 'left'", id="side"),
        pytest.param({"truncating": None}, "truncating must be 'pre' or 'post'", id="none"),
    ],
)
def test_bad_settings_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        pad_sequences([[1]], **arguments)


@pytest.mark.parametrize(
    ("token_id", "error", "message"),
    [(2.5, TypeError, "ids must be whole numbers"), (2**63, ValueError, "ids must fit int32")],
)
def test_what_is_no_id_is_refused(token_id, error, message):
    with pytest.raises(error, match=message):
        pad_sequences([[1, token_id]])


@pytest.mark.parametrize("token_id", [2**31, -(2**31) - 1])
def test_an_id_beyond_int32_is_refused(token_id):
    low, high = sorted((0, token_id))
    with pytest.raises(ValueError, match=f"ids must fit int32, got {low} to {high}"):
        pad_sequences([[0, token_id]])


IDS = np.zeros(3, np.int32)


@pytest.mark.parametrize(
    ("token_ids", "offsets", "message"),
    [
        pytest.param(IDS, np.array([0, 2]), "offsets must rise from 0 to 3", id="end missed"),
        pytest.param(IDS, np.array([1, 3]), "offsets must rise from 0 to 3", id="begin missed"),
        pytest.param(IDS, np.array([0, 4, 3]), "offsets must rise from 0 to 3", id="falling"),
        pytest.param(
            np.zeros(3, np.int64), np.array([0, 3]), "token_ids must be int32 .*int64", id="dtype"
        ),
        pytest.param(IDS[:, None], np.array([0, 3]), r"token_ids .* \(3, 1\)", id="columns"),
        pytest.param(IDS, np.array([0, 3], np.int32), "offsets must be int64", id="int32"),
        pytest.param(IDS, np.array([[0, 3]]), "offsets must be int64", id="in rows"),
        pytest.param(IDS, np.array([], np.int64), "offsets must be int64", id="no offsets"),
    ],
)
def test_ragged_refuses_offsets_that_do_not_fit(token_ids, offsets, message):
    with pytest.raises(ValueError, match=message):
        Ragged(token_ids, offsets)


@pytest.mark.parametrize("place", [2, -3])
def test_an_index_outside_is_an_error(place):
    with pytest.raises(IndexError, match=f"row {place} of 2 rows"):
        Ragged.from_rows([[1], [2]])[place]


rows = st.lists(st.lists(st.integers(-(2**31), 2**31 - 1), max_size=5), max_size=6)


@given(rows)
def test_rows_come_back_from_a_file(tmp_path_factory, rows):
    path = tmp_path_factory.getbasetemp() / "rows.ragged"
    Ragged.from_rows([[7]]).save(path)
    Ragged.from_rows(rows).save(path)
    loaded = Ragged.load(path)
    assert [row.tolist() for row in loaded] == rows
    assert list(path.parent.glob(".koprep-*")) == []


def test_rows_that_are_not_there_are_not_found(tmp_path):
    with pytest.raises(FileNotFoundError, match="rows"):
        Ragged.load(tmp_path / "rows")


def test_a_loaded_file_is_read_where_it_is_used(tmp_path):
    Ragged.from_rows([[1, 2], [3]]).save(tmp_path / "rows")
    loaded = Ragged.load(tmp_path / "rows")
    assert isinstance(loaded.token_ids, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        loaded.token_ids[0] = 5


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda content: b"", id="empty"),
        pytest.param(lambda content: content[:-1], id="cut short"),
        pytest.param(lambda content: content + b"\0", id="too long"),
        pytest.param(lambda content: b"text" + content, id="something else"),
        pytest.param(lambda content: content[:200], id="one array"),
        pytest.param(lambda content: content.replace(b"<i4", b"<u4"), id="other numbers"),
    ],
)
def test_a_damaged_file_is_named(damage, tmp_path):
    path = tmp_path / "rows"
    Ragged.from_rows([[1, 2], [3]]).save(path)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ValueError, match="rows: "):
        Ragged.load(path)


@given(rows, st.lists(st.lists(st.integers(0, 4), max_size=4), max_size=4))
def test_replaced_gives_the_parts_in_the_rows_places(parts, rows):
    parts = (parts + [[]] * 5)[:5]
    expected = [[i for part in row for i in parts[part]] for row in rows]
    found = Ragged.from_rows(rows).replaced(Ragged.from_rows(parts))
    assert [row.tolist() for row in found] == expected


@given(rows_of_ids.filter(len), st.data())
def test_a_part_holds_the_rows_between(rows, data):
    start = data.draw(st.integers(0, len(rows)))
    end = data.draw(st.integers(start, len(rows)))
    part = Ragged.from_rows(rows).part(start, end)
    assert [row.tolist() for row in part] == rows[start:end]


@given(rows_of_ids, st.integers(1, 12), st.sampled_from(["pre", "post"]))
def test_what_is_padded_can_be_told_from_tokens(rows, maxlen, padding):
    padded = pad_sequences(rows, maxlen, padding=padding)
    lengths = row_lengths(padded)
    assert lengths.dtype == np.int64
    assert lengths.tolist() == [min(len(row), maxlen) for row in rows]
    ones = pad_sequences([[1] * len(row) for row in rows], maxlen, padding=padding)
    assert padding_mask(padded).tolist() == (ones == 1).tolist()


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        pytest.param([7], 7, id="one row"),
        pytest.param([0, 0], 1, id="at least one token"),
        pytest.param([1] * 99 + [500], 1, id="one of a hundred may be cut"),
        pytest.param([1] * 98 + [400, 500], 400, id="no more than one of a hundred"),
        pytest.param([1] * 50 + [500], 500, id="of 51 rows, none"),
    ],
)
def test_the_length_that_keeps_99_of_100_rows_whole(lengths, expected):
    assert whole_length(np.array(lengths)) == expected


@given(st.dictionaries(st.integers(0, 300), st.integers(1, 200), min_size=1))
def test_lengths_may_be_counted_before(counts):
    lengths, times = np.array([*counts]), np.array([*counts.values()])
    assert whole_length(lengths, times) == whole_length(np.repeat(lengths, times))
