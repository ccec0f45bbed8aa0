"""Words for the pictures that lessons draw, for readers who do not see them.

A cell may say what its picture shows (`mystnb: {image: {alt: …}}`); any other picture is called by
the section it stands in.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata


def name_pictures(app: Sphinx, doctree: nodes.document) -> None:
    """Give every picture without words the title of its section."""
    for picture in doctree.findall(nodes.image):
        if not picture.get("alt"):
            picture["alt"] = f"{_section_title(picture)}: 앞의 코드가 그린 그림"


def _section_title(node: nodes.Node | None) -> str:
    while node is not None and not isinstance(node, nodes.section):
        node = node.parent
    return node.next_node(nodes.title).astext() if node is not None else ""


def setup(app: Sphinx) -> ExtensionMetadata:
    """Listen to pages being read."""
    app.connect("doctree-read", name_pictures)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
