"""Read koprep's docstrings as they are written.

They follow Google's style with Markdown's backticks. This extension names the section
"Attributes (after `fit`):" so that Napoleon sees it, keeps `classes_` from being read as a
hyperlink, and leaves out the methods scikit-learn adds to every estimator.
"""

from __future__ import annotations

import re
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

AFTER_FIT = "Attributes after fit"
TRAILING_UNDERSCORE = re.compile(r"(?<![\w`:.\\])(\w*[^\W_])_(?!\w)(?!`)")
SHARED_FIELD = re.compile(r":(?:ivar|param) \w+\\?(?:, \w+\\?)+:")
METADATA_ROUTING = re.compile(r"set_\w+_request")
VALUES = {"attribute", "data", "property"}
ALIAS = re.compile(r"Alias for field number \d+")
COLON = "\ue000"


def name_section(
    app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]
) -> None:
    """Write the heading of fitted attributes as one that Napoleon is told of."""
    lines[:] = [
        f"{AFTER_FIT}:" if line.strip() == "Attributes (after `fit`):" else line for line in lines
    ]


def hide_colon(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Keep Napoleon from reading what stands before a value's first colon as its type.

    What Python itself says of a tuple's fields tells nothing, and goes.
    """
    if what in VALUES and lines:
        lines[0] = ALIAS.sub("", lines[0]).replace(":", COLON)


def show_colon(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Put the colon back after Napoleon."""
    lines[:] = [line.replace(COLON, ":") for line in lines]


def escape_names(
    app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]
) -> None:
    """Write `classes_` so that reStructuredText does not take it for a reference."""
    in_doctest = False
    for place, line in enumerate(lines):
        in_doctest = bool(line.strip()) and (in_doctest or line.lstrip().startswith(">>>"))
        if not in_doctest:
            parts = line.split("`")
            parts[::2] = [TRAILING_UNDERSCORE.sub(r"\1\\_", part) for part in parts[::2]]
            lines[place] = SHARED_FIELD.sub(_join_names, "`".join(parts))


def _join_names(field: re.Match[str]) -> str:
    """Write `:ivar urls, emails:` without spaces: Sphinx reads all but the last as a type."""
    return field[0].replace(", ", ",")


def skip_metadata_routing(
    app: Sphinx, what: str, name: str, obj: Any, skip: bool, options: Any
) -> bool | None:
    """Leave out what scikit-learn writes into each class."""
    return True if METADATA_ROUTING.fullmatch(name) else None


def setup(app: Sphinx) -> ExtensionMetadata:
    """Listen to autodoc, before and after Napoleon (which takes 500)."""
    app.setup_extension("sphinx.ext.napoleon")
    app.config.napoleon_custom_sections = [(AFTER_FIT, "params_style")]
    app.connect("autodoc-process-docstring", name_section, priority=400)
    app.connect("autodoc-process-docstring", hide_colon, priority=400)
    app.connect("autodoc-process-docstring", show_colon, priority=550)
    app.connect("autodoc-process-docstring", escape_names, priority=600)
    app.connect("autodoc-skip-member", skip_metadata_routing)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
