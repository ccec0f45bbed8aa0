"""Every lesson as a Jupyter notebook to download, written beside the site into `notebooks/`.

The code cells are the page's own, without their outputs; the first cell installs koprep. The text
between them is turned into the Markdown that Jupyter reads (`plain_markdown.py`).
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any

import nbformat
from docutils import nodes
from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook
from plain_markdown import plain_markdown
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata

INSTALL = """\
# Google Colab이나 새 환경이라면 이 셀을 가장 먼저 실행합니다. 이미 설치했다면 건너뜁니다.
%pip install -q "koprep[train,konlpy]"\
"""
INSTALL_TAG = "skip-execution"
"""The tag that makes nbclient leave a cell alone."""


def notebook_name(page: str) -> str:
    """Return where a lesson's notebook lies, from the top of the site."""
    return f"notebooks/{PurePosixPath(page).name}.ipynb"


def is_lesson(environment: BuildEnvironment, page: str) -> bool:
    """Return whether a page holds code that runs."""
    return is_myst_markdown_notebook(environment.doc2path(page).read_text("utf-8"))


class Links:
    """What a reference of a lesson is called in a notebook: a title, linked to other notebooks."""

    def __init__(self, environment: BuildEnvironment, page: str) -> None:
        self.environment = environment
        self.page = page
        self.labels = environment.get_domain("std").labels  # type: ignore[attr-defined]

    def label(self, label: str, text: str | None) -> str:
        if label not in self.labels:  # the build has warned
            return text or label
        page, _, title = self.labels[label]
        return self._link(page, text or str(title))

    def document(self, path: str, text: str | None) -> str:
        path = path.removesuffix(".md")
        _, file = self.environment.relfn2path(f"{path}.md", self.page)
        page = self.environment.path2doc(file)
        return self._link(str(page), text or self.environment.titles[str(page)].astext())

    def _link(self, page: str, text: str) -> str:
        if is_lesson(self.environment, page):
            return f"[{text}]({PurePosixPath(notebook_name(page)).name})"
        return text


def notebook_of(environment: BuildEnvironment, page: str) -> nbformat.NotebookNode:
    """Return a lesson as a notebook."""
    text = environment.doc2path(page).read_text("utf-8")
    lesson = read_myst_markdown_notebook(text)
    links = Links(environment, page)
    install = nbformat.v4.new_code_cell(INSTALL, metadata={"tags": [INSTALL_TAG]})
    cells = [install]
    for cell in lesson.cells:
        if cell.cell_type == "markdown":
            cells.append(nbformat.v4.new_markdown_cell(plain_markdown(cell.source, links)))
        else:
            cells.append(nbformat.v4.new_code_cell(cell.source))
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def offer(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Tell a lesson's page where its notebook lies."""
    if doctree is not None and is_lesson(app.env, page):
        context["notebook"] = notebook_name(page)


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the notebooks once the pages are."""
    if exception is not None or app.builder.format != "html":
        return
    for page in sorted(app.env.found_docs):
        if is_lesson(app.env, page):
            target = Path(app.outdir, notebook_name(page))
            target.parent.mkdir(exist_ok=True)
            nbformat.write(notebook_of(app.env, page), target)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Write notebooks, and link them."""
    app.connect("html-page-context", offer)
    app.connect("build-finished", write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
