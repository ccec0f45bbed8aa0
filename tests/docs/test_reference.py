"""The reference leaves no public name out."""

from __future__ import annotations

import importlib

import pytest
from sphinx.util.inventory import InventoryFile

PUBLIC = (
    "koprep",
    "koprep.bundle",
    "koprep.cleaning",
    "koprep.datasets",
    "koprep.keras_compat",
    "koprep.profile",
    "koprep.records",
    "koprep.sharding",
    "koprep.spark",
    "koprep.stopwords",
    "koprep.tokenizers",
    "koprep.zoo",
)

pytestmark = pytest.mark.timeout(1800)  # the site is built


@pytest.mark.parametrize("module", PUBLIC)
def test_every_public_name_is_in_the_reference(site, module):
    """Under its module, or under koprep, which shows the names used most."""
    inventory = InventoryFile.loads((site.folder / "objects.inv").read_bytes(), uri="")
    told = {
        name for kind, names in inventory.data.items() if kind.startswith("py:") for name in names
    }
    public = importlib.import_module(module).__all__
    assert [name for name in public if not {f"{module}.{name}", f"koprep.{name}"} & told] == []
