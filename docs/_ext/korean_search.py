"""Search that finds Korean words, whatever particle follows them.

The index holds, for every run of Hangul, the run without the particles at its end and the
morphemes that koprep's own tokenizer cuts it into. In the browser there is no
tokenizer: a word of the query that no page holds is read as the longest words that pages do hold
(`korean_search.js`). All else is searched as Sphinx searches English.
"""

from __future__ import annotations

import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.search import SearchLanguage
from sphinx.search.en import SearchEnglish
from sphinx.util.typing import ExtensionMetadata

from koprep import Token, get_tokenizer

RUN = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]+|[^\W가-힣ㄱ-ㅎㅏ-ㅣ]+")
HANGUL = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]+")
CONTENT_TAGS = ("N", "V", "MA", "MM", "XR")
"""Nouns, verbs and adjectives, adverbs, determiners, roots."""
PARTICLE_TAGS = ("J", "VCP")
"""Particles, and the 이다 that follows a noun."""


class SearchKorean(SearchEnglish):
    """Korean by morphemes, English by stems."""

    lang = "ko"
    js_splitter_code = Path(__file__).with_name("korean_search.js").read_text("utf-8")

    def __init__(self, options: dict[str, str]) -> None:
        super().__init__(options)
        self.tokenizer = get_tokenizer("kiwi")

    def split(self, input: str) -> list[str]:
        if not HANGUL.search(input):
            return [run[0] for run in RUN.finditer(input)]
        tokens = self.tokenizer.tokenize(input)
        words = [_without_particle(run, tokens) for run in RUN.finditer(input)]
        words += [
            token.form
            for token in tokens
            if token.tag.startswith(CONTENT_TAGS) and HANGUL.fullmatch(token.form)
        ]
        return [word for word in words if word]


def _without_particle(run: re.Match[str], tokens: list[Token]) -> str:
    for token in tokens:
        if run.start() <= token.start < run.end() and token.tag.startswith(PARTICLE_TAGS):
            return run[0][: token.start - run.start()]
    return run[0]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the language, for `html_search_language = "ko"`."""
    languages: type[SearchLanguage] = SearchKorean
    app.add_search_language(languages)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
