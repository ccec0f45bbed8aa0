"""Every Python and shell block that a reader may copy runs, or its page says why it does not."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from koprep.spark_java import find_spark_java

ROOT = Path(__file__).parents[2]
RUN_PAGE = Path(__file__).with_name("run_page.py")
BLOCK = re.compile(r"^```(python|bash)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LEFT_OUT = re.compile(r"<!-- not run\b.*?-->", re.DOTALL)
LEFT_OUT_WITH_REASON = re.compile(r"<!-- not run: \S.{8,} -->")
DIRECTLY_ABOVE = re.compile(r"(?:\s*\n<!--.*?-->)*\s*\n```(?:python|bash)\n", re.DOTALL)


def is_lesson(page: Path) -> bool:
    return "\nkernelspec:" in page.read_text("utf-8")


def documents() -> list[Path]:
    docs = [page for page in (ROOT / "docs").rglob("*.md") if "_build" not in page.parts]
    return [*ROOT.glob("README*.md"), *sorted(docs)]


def names(pages: list[Path]) -> list[str]:
    return [page.relative_to(ROOT).as_posix() for page in pages]


RUNNABLE = [
    page
    for page in documents()
    if page.name != "README.ko.md" and not is_lesson(page) and BLOCK.search(page.read_text("utf-8"))
]


NEED_JAVA = ("run-on-spark.md",)


@pytest.mark.parametrize("page", RUNNABLE, ids=names(RUNNABLE))
def test_blocks_run(page, tmp_path):
    if page.name in NEED_JAVA:
        try:
            find_spark_java()
        except ModuleNotFoundError as error:
            pytest.skip(str(error))
    binaries = Path(sys.executable).parent
    answer = subprocess.run(
        [sys.executable, RUN_PAGE, page],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, f"{answer.stdout}\n{answer.stderr}"


@pytest.mark.parametrize("page", documents(), ids=names(documents()))
def test_what_is_not_run_says_why(page):
    text = page.read_text("utf-8")
    for comment in LEFT_OUT.finditer(text):
        assert LEFT_OUT_WITH_REASON.fullmatch(comment[0]), f"no reason: {comment[0]}"
        assert DIRECTLY_ABOVE.match(text, comment.end()), f"above no block: {comment[0]}"


def code_of(page: str) -> list[str]:
    """Return a page's blocks without their comments, which are in the page's language."""
    return [
        ast.dump(ast.parse(code)) if language == "python" else code
        for language, code in BLOCK.findall((ROOT / page).read_text("utf-8"))
    ]


def test_both_readmes_show_the_same_code():
    assert code_of("README.ko.md") == code_of("README.md")
