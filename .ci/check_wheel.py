"""Check a wheel and the environment it was installed into, with no extras."""

from __future__ import annotations

import importlib.util
import sys
import zipfile

import koprep

HEAVY = ("tensorflow", "keras", "sklearn", "kiwipiepy", "onnxruntime", "pandas", "jpype")


def top_level(wheel: str) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    return {top for top in tops if not top.endswith(".dist-info")}


loaded = [module for module in HEAVY if module in sys.modules]
assert not loaded, f"import koprep loaded {loaded}"
assert importlib.util.find_spec("tensorflow") is None, "TensorFlow came along"
assert top_level(sys.argv[1]) == {"koprep"}, top_level(sys.argv[1])

from koprep.datasets import load  # noqa: E402  # only after what `import koprep` loads was seen

texts = load("mini_reviews", split="test").texts
rows = koprep.Preprocessor().fit_transform(texts)
assert rows.shape[0] == len(texts), rows.shape
print(f"koprep {koprep.__version__}: {rows.shape} ids from the wheel alone")
