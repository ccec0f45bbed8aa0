"""What all tests share: where the real data lies, and a small fitted preprocessor."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# A loaded machine is slow, and no test of behaviour should fail for it.
settings.register_profile("koprep", deadline=None)
settings.load_profile("koprep")

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def _no_network(monkeypatch, tmp_path_factory):
    """Nothing is downloaded, and no cache of the machine is looked at, unless a test asks."""
    monkeypatch.setenv("KOPREP_OFFLINE", "1")
    monkeypatch.setenv("KOPREP_DATA_HOME", str(tmp_path_factory.getbasetemp() / "no-data"))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real reviews; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("KOPREP_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}: set KOPREP_TEST_DATA")
    return folder
