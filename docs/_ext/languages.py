"""Two languages on one site: the course is Korean, everything else English.

A page's language decides `<html lang>`, the words that Sphinx and the theme put around its text
("Next", "Note", "On this page"), and which side of the language switch is marked.
"""

from __future__ import annotations

import gettext
from pathlib import Path
from typing import Any

import sphinx
from docutils import nodes
from sphinx import locale
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

KOREAN_PAGES = "course/"

THEME_WORDS = {
    "Back to top": "맨 위로",
    "Home": "첫 화면",
    "Link to this heading": "이 제목의 링크",
    "Made with ": "만든 도구: ",
    "Next": "다음",
    "On this page": "이 페이지에서",
    "Previous": "이전",
    "Skip to content": "본문으로 건너뛰기",
    "View this page": "이 페이지의 원문",
    "View Source": "원문 보기",
}
"""Words of the theme that Sphinx's own Korean catalogue lacks or translates stiffly."""


class Korean(gettext.GNUTranslations):
    """Sphinx's Korean catalogue, and the theme's words."""

    def gettext(self, message: str) -> str:
        return THEME_WORDS.get(message.strip(), "") or super().gettext(message)


def _korean() -> Korean:
    catalogue = Path(sphinx.package_dir, "locale", "ko", "LC_MESSAGES", "sphinx.mo")
    with catalogue.open("rb") as file:
        return Korean(file)


TRANSLATIONS: dict[str, gettext.NullTranslations] = {
    "en": gettext.NullTranslations(),
    "ko": _korean(),
}


def language_of(page: str) -> str:
    """Return "ko" for a page of the course, "en" for any other."""
    return "ko" if page.startswith(KOREAN_PAGES) else "en"


def _speak(app: Sphinx, page: str) -> str:
    language = language_of(page)
    locale.translators["general", "sphinx"] = TRANSLATIONS[language]
    environment = app.builder.templates.environment  # type: ignore[attr-defined]
    environment.install_gettext_translations(TRANSLATIONS[language])
    return language


def before_body(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Choose the language before a page's body is written."""
    _speak(app, page)


def before_frame(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Choose the language of what stands around the body."""
    context["language"] = _speak(app, page)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Listen to pages being written, one after the other."""
    app.connect("doctree-resolved", before_body)
    app.connect("html-page-context", before_frame)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": False}
