"""The built site as files: links, languages, pictures, notebooks."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from myst_nb.core.read import read_myst_markdown_notebook
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.timeout(1800)  # the lessons run


def test_every_lesson_of_the_course_is_a_page(site):
    sources = sorted((ROOT / "docs/course").glob("[0-9]*.md"))
    assert [f"course/{source.stem}.html" for source in sources] == site.lessons()


def test_links_and_files_resolve(site):
    anchors = {name: {"", *map(str, page.xpath("//@id"))} for name, page in site.pages.items()}
    broken = []
    for name, page in site.pages.items():
        for found in map(str, page.xpath("//a/@href | //link/@href | //img/@src | //script/@src")):
            link = urlsplit(unquote(found))
            if link.scheme:
                continue
            path = PurePosixPath(name).parent / link.path if link.path else name
            target = os.path.normpath(path)
            known = anchors.get(target, {link.fragment})
            if not (site.folder / target).is_file() or link.fragment not in known:
                broken.append((name, found))
    assert broken == []


def test_nothing_is_loaded_from_elsewhere(site):
    loaded = "//script/@src | //link[@rel='stylesheet']/@href | //img/@src | //iframe/@src"
    foreign = [
        (name, str(found))
        for name, page in site.pages.items()
        for found in page.xpath(loaded)
        if "//" in str(found)
    ]
    assert foreign == []


def test_pictures_have_words_for_those_who_do_not_see_them(site):
    silent = [
        (name, dict(picture.attrib))
        for name, page in site.pages.items()
        for picture in page.cssselect("article img, article figure svg")
        if not says_something(picture.get("alt") or picture.get("aria-label") or "")
    ]
    assert silent == []


def says_something(words: str) -> bool:
    """Return whether it is more than a file's name, which Sphinx writes where nothing is given."""
    return " " in words and not words.endswith(".png")


def test_a_page_and_what_stands_around_it_speak_one_language(site):
    for name, page in site.pages.items():
        korean = name.startswith("course/")
        assert page.get("lang") == ("ko" if korean else "en"), name
        for following in page.cssselect(".next-page .context"):
            assert following.text_content().strip() == ("다음" if korean else "Next"), name
        for field in page.cssselect(".sidebar-search"):
            assert field.get("placeholder") == ("검색" if korean else "Search"), name


def test_admonitions_speak_the_language_of_their_page(site):
    english = {"Note", "Tip", "Warning", "Important", "See also"}
    titles = [
        (name, title.text_content())
        for name, page in site.pages.items()
        for title in page.find_class("admonition-title")
    ]
    assert [
        found for found in titles if found[0].startswith("course/") and found[1] in english
    ] == []


def test_every_page_leads_to_both_languages(site):
    for name, page in site.pages.items():
        switches = page.find_class("languages")
        assert switches, name
        for switch in switches:
            assert switch.xpath("a/@lang") == ["ko", "en"], name
            assert switch.xpath("a[@aria-current]/@lang") == [page.get("lang")], name


def notebook_path(site, lesson: str) -> Path:
    return site.folder / "notebooks" / f"{Path(lesson).stem}.ipynb"


def test_each_lesson_offers_its_notebook(site):
    for lesson in site.lessons():
        (link,) = site.pages[lesson].xpath("//a[@download]/@href")
        target = (site.folder / lesson).parent / link
        assert target.resolve() == notebook_path(site, lesson), lesson


def test_a_notebook_installs_koprep_then_runs_what_the_page_ran(site):
    """The pages' own cells ran in the build, so notebooks of the same cells run too."""
    for lesson in site.lessons():
        source = (ROOT / "docs" / lesson).with_suffix(".md").read_text("utf-8")
        page_code = [
            cell.source
            for cell in read_myst_markdown_notebook(source).cells
            if cell.cell_type == "code"
        ]
        notebook = nbformat.read(notebook_path(site, lesson), as_version=4)
        nbformat.validate(notebook)
        install, *code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert "%pip install" in install.source
        assert [cell.source for cell in code] == page_code, lesson
        assert not any(cell.outputs for cell in code), lesson


def test_notebooks_hold_nothing_only_the_site_understands(site):
    for lesson in site.lessons():
        for cell in nbformat.read(notebook_path(site, lesson), as_version=4).cells:
            if cell.cell_type == "markdown":
                for foreign in ("{ref}", "{doc}", "```{", ":::", ")=\n"):
                    assert foreign not in cell.source, (lesson, cell.source)


def lessons_that_choose_their_data() -> list[str]:
    """Names of the lessons that read other reviews where the real ones are absent."""
    lessons = sorted((ROOT / "docs/course").glob("[0-9]*.md"))
    return [page.stem for page in lessons if "KOPREP_COURSE_DATA" in page.read_text("utf-8")]


@pytest.mark.parametrize("lesson", lessons_that_choose_their_data())
def test_a_notebook_runs_in_an_empty_folder(site, lesson, tmp_path, monkeypatch):
    """Where the build read real reviews, a learner without them has the ones koprep brings."""
    monkeypatch.delenv("KOPREP_COURSE_DATA", raising=False)
    notebook = nbformat.read(site.folder / "notebooks" / f"{lesson}.ipynb", as_version=4)
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": tmp_path}}).execute()
    ran = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert ran[0].execution_count is None, "the cell that installs is skipped"
    assert all(cell.execution_count for cell in ran[1:])
