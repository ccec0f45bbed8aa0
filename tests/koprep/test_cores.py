"""A process among others takes no more cores than it is given."""

from __future__ import annotations

import pytest

from koprep import cores


@pytest.fixture(autouse=True)
def _unlimited(monkeypatch):
    monkeypatch.setattr(cores, "_most", None)


def test_a_process_uses_no_more_cores_than_it_is_given():
    cores.use_cores(1)
    assert cores.available_cores() == 1


def test_a_process_is_not_given_cores_that_there_are_not():
    before = cores.available_cores()
    cores.use_cores(before + 8)
    assert cores.available_cores() == before


def test_no_core_at_all_is_refused():
    with pytest.raises(ValueError, match="at least 1 core, got 0"):
        cores.use_cores(0)


@pytest.mark.parametrize(
    ("told", "cores_at_most"),
    [
        pytest.param("100000 100000\n", 1, id="one core"),
        pytest.param("50000 100000\n", 1, id="half of one counts as one"),
        pytest.param("max 100000\n", None, id="no quota"),
        pytest.param("strange\n", None, id="something else"),
        pytest.param(None, None, id="no such file"),
    ],
)
def test_a_containers_quota_counts(tmp_path, monkeypatch, told, cores_at_most):
    monkeypatch.setattr(cores, "CPU_QUOTA", tmp_path / "cpu.max")
    unlimited = cores.available_cores()
    if told is not None:
        (tmp_path / "cpu.max").write_text(told)
    assert cores.available_cores() == (cores_at_most or unlimited)
