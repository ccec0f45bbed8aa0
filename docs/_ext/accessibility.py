"""For readers who listen to a page or walk it by keyboard.

Pictures that lessons draw get words: a cell may give them (`mystnb: {image: {alt: …}}`), any other
picture is called by its section. Code that scrolls can be reached by keyboard, and the captions of
the navigation say what level of heading they are.
"""

from __future__ import annotations

from typing import Any

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


def complete_markup(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Write the attributes that Sphinx and the theme leave out."""
    context["body"] = context.get("body", "").replace("<pre>", '<pre tabindex="0">')
    for part in ("body", "furo_navigation_tree"):
        context[part] = context.get(part, "").replace(
            'role="heading">', 'role="heading" aria-level="2">'
        )


def setup(app: Sphinx) -> ExtensionMetadata:
    """Listen to pages being read, and to pages being written once the theme has spoken."""
    app.connect("doctree-read", name_pictures)
    app.connect("html-page-context", complete_markup, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
