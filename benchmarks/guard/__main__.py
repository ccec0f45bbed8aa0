"""Compare: `python -m benchmarks.guard`; see the package's text."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks.guard import sides

BASE_FILE = sides.HERE / "base.json"


def slower(was: Mapping[str, int], now: Mapping[str, int], most: float) -> list[str]:
    """Name the paths of which `now` executes more than `most` times what `was` did."""
    return [path for path in was if now[path] > most * was[path]]


def compare(commit: str) -> tuple[dict[str, int], dict[str, int]]:
    """Return the counts of the commit and of the working tree."""
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        marks = sides.compile_marks(scratch)
        base = sides.lay_out_commit(commit, scratch / "base")
        working = sides.lay_out_working_tree(scratch / "working")
        material = scratch / "material"
        sides.write_material(base, material)
        was = sides.count(base, material, marks, scratch / "was")
        return was, sides.count(working, material, marks, scratch / "now")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.guard", description=__doc__)
    parser.add_argument("--renew", action="store_true", help="make HEAD the base")
    settings = json.loads(BASE_FILE.read_text())
    if parser.parse_args().renew:
        settings["commit"] = sides.head()
        BASE_FILE.write_text(json.dumps(settings, indent=2) + "\n")
        print(f"the base is {settings['commit']}")
        return 0
    try:
        was, now = compare(settings["commit"])
    except sides.NotMeasured as error:
        print(f"not measured: {error}")
        return 0
    for path in was:
        print(f"{path:18} {was[path]:12,} -> {now[path]:12,}  {now[path] / was[path]:.3f}")
    found = slower(was, now, settings["most"])
    if found:
        print(
            f"slower than {settings['commit'][:10]} by more than {settings['most']:g}: "
            f"{', '.join(found)}. Mend it, or say in the change why it is worth that and run "
            "python -m benchmarks.guard --renew on the commit that is"
        )
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
