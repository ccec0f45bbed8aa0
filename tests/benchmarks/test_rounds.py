"""Sides take turns, what counts is their medians, and a record is read as it was written."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2]))  # benchmarks/ is not installed

from benchmarks import pictures
from benchmarks.questions import growth
from benchmarks.record import Comparison, Measure, Record
from benchmarks.rounds import Peer, Question, Run
from benchmarks.tables import to_number, to_rows, to_table


def told(calls, name, *values):
    """Return a side that notes its turn and returns one value after the other."""
    left = iter(values)

    def work():
        calls.append(name)
        return next(left)

    return work


def compared(calls, rounds=3):
    return Run(rounds=rounds).compare(
        Question(
            title="work",
            koprep=told(calls, "a", 2, 1, 4),
            peers=(
                Peer(name="b", work=told(calls, "b", 6, 30, 5), due=2),
                Peer(name="c", work=told(calls, "c", 1, 1, 1)),
            ),
            timed=False,
            unit="MiB",
        )
    )


def test_every_round_begins_with_another_side():
    calls = []
    compared(calls)
    assert "".join(calls) == "abc" + "bca" + "cab"


def test_the_ratio_is_that_of_the_medians():
    found = compared([])
    assert found.koprep.rounds == (2, 1, 4)
    assert [(other.name, other.ratio, other.due) for other in found.others] == [
        ("b", 3.0, 2),
        ("c", 0.5, None),
    ]


def test_what_is_timed_warms_up_first():
    calls = []
    question = Question(
        title="work",
        koprep=told(calls, "a", *range(3)),
        peers=(Peer(name="b", work=told(calls, "b", *range(3))),),
    )
    found = Run(rounds=2).compare(question)
    assert "".join(calls) == "ab" + "ab" + "ba"
    assert len(found.koprep.rounds) == len(found.others[0].rounds) == 2
    assert all(seconds > 0 for seconds in found.koprep.rounds)


def test_long_questions_take_three_rounds_at_most():
    assert [Run(rounds=rounds).long_rounds for rounds in (1, 3, 5)] == [1, 3, 3]


@pytest.mark.parametrize(
    ("limits", "reached"),
    [({}, None), ({"least": 2}, True), ({"least": 3}, False), ({"most": 2}, True),
     ({"most": 1.9}, False), ({"least": 1, "most": 1.5}, False)],
)  # fmt: skip
def test_a_measure_is_held_against_its_limits(limits, reached):
    assert Measure(what="work", found=2, **limits).reached is reached


@pytest.fixture
def record():
    measures = [
        Measure(what=growth._what(size), found=size / 4000, unit="s") for size in growth.SIZES
    ]
    return (
        Record.begin("python -m benchmarks", 3)
        .with_findings("work", (compared([]).model_copy(update={"unit": "s"}),))
        .with_findings("growth", (*measures, Measure(what=growth.SLOPE, found=1.0, most=1.02)))
    )


def test_a_record_is_read_as_it_was_written(record, tmp_path):
    record.save(tmp_path / "record.json")
    found = Record.load(tmp_path / "record.json")
    assert found == record
    assert isinstance(found.findings["work"][0], Comparison)
    assert found.versions["koprep"]
    assert found.machine.cores >= 1


def test_rows_tell_every_side_and_what_is_missed(record):
    rows = [*to_rows(record.findings["work"])]
    assert [(row.ratio, row.due, row.missed) for row in rows] == [
        ("3.00", "2", False),
        ("0.50", "-", False),
    ]
    missed = [
        Measure(what="work", found=2, unit="s", most=1),
        record.findings["work"][0].model_copy(
            update={"others": (record.findings["work"][0].others[0].model_copy(update={"due": 4}),)}
        ),
    ]
    table = to_table("more", missed)
    assert [row.missed for row in to_rows(missed)] == [True, True]
    assert next(iter(table.columns[1].cells)) == "[red]2.000 s[/]"
    assert [*table.columns[3].cells][1] == "[red]3.00[/]"


def test_a_record_is_drawn_the_same_every_time(record, tmp_path):
    first, again = (pictures.draw(record, tmp_path / name) for name in ("first", "again"))
    assert [path.name for path in first] == ["ratios.svg", "growth.svg"]
    for one, other in zip(first, again, strict=True):
        assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [(0.60612, "ms", "0.606 ms"), (171.84, "s", "171.8 s"), (39.268, "s", "39.27 s"),
     (4136.2, "reviews/s", "4,136 reviews/s"), (0, "", "0.000")],
)  # fmt: skip
def test_a_number_has_the_digits_it_is_worth(value, unit, told):
    assert to_number(value, unit) == told
