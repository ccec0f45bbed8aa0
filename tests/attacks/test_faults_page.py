"""The page of faults names tests that there are, and all that attack."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.findall(
    r"`(tests/[\w/]+\.py)::(\w+)`", (ROOT / "docs/reference/faults.md").read_text("utf-8")
)


def names_in(path):
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name for node in tree.body if getattr(node, "name", "").startswith("test_")}


def test_every_test_of_the_page_is_there():
    assert NAMED
    for file, name in NAMED:
        assert name in names_in(ROOT / file), f"{file} has no {name}"


def test_every_attack_is_on_the_page():
    files = Path(__file__).parent.glob("test_*.py")
    there = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in files
        if path != Path(__file__)
        for name in names_in(path)
    }
    assert there - set(NAMED) == set()
