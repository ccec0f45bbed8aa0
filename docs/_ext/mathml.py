"""Write formulas as MathML, which browsers draw themselves: no script, no font, no network.

A formula that cannot be read is a warning, and so fails the build.
"""

from __future__ import annotations

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)
converter = LatexToMathML()


def _convert(node: nodes.Element, *, displaystyle: bool) -> str:
    try:
        return converter.convert_with_local_state(node.astext(), displaystyle=displaystyle)
    except LatexError as error:
        logger.warning("formula %r: %s", node.astext(), error, location=node)
        return f"<code>{nodes.Text(node.astext())}</code>"


def visit_inline(translator: HTML5Translator, node: nodes.Element) -> None:
    """Write a formula that stands in a sentence."""
    translator.body.append(_convert(node, displaystyle=False))
    raise nodes.SkipNode


def visit_block(translator: HTML5Translator, node: nodes.Element) -> None:
    """Write a formula that stands alone; a wide one scrolls within its own box."""
    translator.body.append(
        translator.starttag(node, "div", CLASS="math", tabindex="0", role="group")
        + _convert(node, displaystyle=True)
        + "</div>\n"
    )
    raise nodes.SkipNode


def setup(app: Sphinx) -> ExtensionMetadata:
    """Name the renderer `mathml`, for `html_math_renderer`."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
