"""What of koprep works here, and the command that mends what does not."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import (
    PackageNotFoundError,
    packages_distributions,
    requires,
    version,
)
from importlib.util import find_spec
from typing import Literal

from koprep._version import __version__
from koprep.fonts import MEND, korean_fonts
from koprep.spark_java import find_spark_java
from koprep.tokenizers import get_tokenizer
from koprep.tokenizers.jvm import find_java

Level = Literal["ok", "absent", "problem"]

PROBE = "저는 학교에 갑니다"
"""What each engine is asked to cut."""

SHARED_MODULES = ("koprep", "mecab", "mecab_ko_dic", "konlpy", "keras", "tensorflow")
"""Modules that two installed distributions sometimes both bring; the later one then wins."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    subject: str
    level: Level
    """`"absent"`: an extra that is not installed, which is no fault."""
    message: str
    mend: str = ""
    """The command that mends it."""


def examine() -> Iterator[Finding]:
    """Look at everything koprep uses, one finding after the other.

    >>> next(examine()).subject
    'Python'
    """
    checks: tuple[Callable[[], Iterator[Finding]], ...] = (
        _python,
        _core_packages,
        _kiwi,
        _konlpy,
        _mecab,
        _clashes,
        _tensorflow,
        _spark,
        _fonts,
        _encodings,
    )
    for check in checks:
        yield from check()


def _python() -> Iterator[Finding]:
    yield Finding(
        subject="Python",
        level="ok",
        message=f"{platform.python_version()} on {platform.platform()}, koprep {__version__}",
    )


def _core_packages() -> Iterator[Finding]:
    named = [line for line in requires("koprep") or [] if "extra ==" not in line]
    names = [line.split(">")[0].strip() for line in named]
    missing = [name for name in names if _version(name) is None]
    if missing:
        yield Finding(
            subject="core packages",
            level="problem",
            message=f"missing: {', '.join(missing)}",
            mend=f"pip install {' '.join(missing)}",
        )
    else:
        found = ", ".join(f"{name} {_version(name)}" for name in names)
        yield Finding(subject="core packages", level="ok", message=found)


def _kiwi() -> Iterator[Finding]:
    yield _engine("kiwi", "Kiwi", "pip install --force-reinstall kiwipiepy kiwipiepy_model")


def _konlpy() -> Iterator[Finding]:
    install = "pip install 'koprep[konlpy]'"
    if find_spec("konlpy") is None or find_spec("jpype") is None:
        yield Finding(
            subject="KoNLPy",
            level="absent",
            message="not installed: Okt, Komoran, Hannanum and Kkma need it",
            mend=install,
        )
        return
    try:
        java = find_java()
    except ModuleNotFoundError as error:
        yield Finding(subject="Java", level="problem", message=str(error), mend=install)
        return
    message = f"version {java.version} at {java.folder}"
    yield Finding(subject="Java", level="ok", message=message)
    for name, title in (
        ("okt", "Okt"),
        ("komoran", "Komoran"),
        ("hannanum", "Hannanum"),
        ("kkma", "Kkma"),
    ):
        yield _engine(name, title, install)


def _mecab() -> Iterator[Finding]:
    if find_spec("mecab") is None:
        yield Finding(
            subject="MeCab",
            level="absent",
            message="not installed",
            mend="pip install 'koprep[mecab]'",
        )
        return
    yield _engine(
        "mecab", "MeCab", "pip install --force-reinstall python-mecab-ko python-mecab-ko-dic"
    )


def _clashes() -> Iterator[Finding]:
    owners = packages_distributions()
    for module in SHARED_MODULES:
        distributions = sorted(set(owners.get(module, [])))
        if len(distributions) > 1:
            keep = "python-mecab-ko-dic" if module == "mecab_ko_dic" else distributions[-1]
            keep = module if module in distributions else keep
            others = " ".join(name for name in distributions if name != keep)
            yield Finding(
                subject=f"module {module}",
                level="problem",
                message=f"{' and '.join(distributions)} overwrite each other's files",
                mend=f"pip uninstall -y {others} && pip install --force-reinstall --no-deps {keep}",
            )


def _tensorflow() -> Iterator[Finding]:
    distribution = next(iter(packages_distributions().get("tensorflow", [])), "tensorflow")
    found = _version(distribution)  # tensorflow-cpu brings the module, too
    backend = os.environ.get("KERAS_BACKEND", "tensorflow")
    if found is None:
        yield Finding(
            subject="TensorFlow",
            level="absent",
            message="not installed: training needs it",
            mend="pip install 'koprep[train]'",
        )
    elif backend != "tensorflow":
        yield Finding(
            subject="TensorFlow",
            level="problem",
            message=f"{found} is installed, but KERAS_BACKEND is {backend!r}",
            mend=_setting("KERAS_BACKEND", "tensorflow"),
        )
    else:
        keras = _version("keras")
        yield Finding(subject="TensorFlow", level="ok", message=f"{found}, Keras {keras}")


def _spark() -> Iterator[Finding]:
    if (found := _version("pyspark")) is None:
        yield Finding(
            subject="Spark",
            level="absent",
            message="PySpark is not installed: koprep.spark needs it",
            mend="pip install 'koprep[spark]'",
        )
        return
    try:
        java = find_spark_java()
    except ModuleNotFoundError as error:
        mend = "apt install openjdk-17-jre-headless"
        yield Finding(subject="Spark", level="problem", message=str(error), mend=mend)
        return
    message = f"PySpark {found}, Java {java.version} at {java.folder}"
    yield Finding(subject="Spark", level="ok", message=message)


def _fonts() -> Iterator[Finding]:
    if find_spec("matplotlib") is None:
        yield Finding(
            subject="Korean font",
            level="absent",
            message="matplotlib is not installed: plots need it",
            mend="pip install 'koprep[train]'",
        )
        return
    fonts = korean_fonts()
    if fonts:
        yield Finding(subject="Korean font", level="ok", message=", ".join(fonts[:3]))
    else:
        yield Finding(
            subject="Korean font",
            level="problem",
            message="none found: Hangul in plots would be boxes",
            mend=MEND,
        )


def _encodings() -> Iterator[Finding]:
    encoding = (sys.stdout.encoding or "none").lower().replace("_", "-")
    if encoding in ("utf-8", "utf8"):
        yield Finding(subject="encoding", level="ok", message="standard output is UTF-8")
    else:
        yield Finding(
            subject="encoding",
            level="problem",
            message=f"standard output is {encoding}: Korean may not be printed",
            mend=_setting("PYTHONUTF8", "1"),
        )


def _engine(name: str, title: str, mend: str) -> Finding:
    """Open an engine and let it cut a sentence; whatever it raises is the finding."""
    try:
        tokenizer = get_tokenizer(name)
        tokens = tokenizer.tokenize(PROBE)
        versions = ", ".join(f"{k} {v}" for k, v in tokenizer.engine_versions().items())
    except Exception as error:  # noqa: BLE001  # a broken engine is what is looked for
        return Finding(subject=title, level="problem", message=str(error), mend=mend)
    cut = " ".join(token.form for token in tokens)
    return Finding(subject=title, level="ok", message=f"{versions}: {cut}")


def _setting(variable: str, value: str) -> str:
    """Return the command that sets a variable of the environment."""
    if sys.platform == "win32":
        return f"setx {variable} {value}, and open a new terminal"
    return f"export {variable}={value}"


def _version(distribution: str) -> str | None:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None
