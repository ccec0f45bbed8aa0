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
