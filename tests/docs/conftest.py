"""The built site, served on this machine, and a browser to look at it."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path

import pytest
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from playwright.sync_api import sync_playwright

from koprep.filelock import file_lock

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs/_ext"))  # where Sphinx finds the site's extensions
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

REVIEWS = 6_500
"""So many that lessons train on more than 5,000, and therefore for few epochs."""


@dataclass(frozen=True)
class Site:
    """The site in a folder: `pages` are all its pages, parsed."""

    folder: Path
    pages: dict[str, HtmlElement]

    def lessons(self) -> list[str]:
        """Names of the pages that hold code which ran."""
        return [name for name, page in self.pages.items() if page.cssselect("div.cell")]


def course_data() -> Path | None:
    """Return a folder of real data in a size that lessons finish with; None where there is none.

    It is always the same folder: what lessons print on it is kept in docs/_build.
    """
    data = Path(os.environ.get("KOPREP_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not data.is_dir():
        return None
    folder = ROOT / "docs/_build/course-data"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if (reviews := data / "nsmc/ratings_train.txt").is_file():
        (folder / "nsmc").mkdir()
        with reviews.open("rb") as lines:
            (folder / "nsmc" / reviews.name).write_bytes(b"".join(islice(lines, 1 + REVIEWS)))
    if (data / "klue_ner").is_dir():
        shutil.copytree(data / "klue_ner", folder / "klue_ner")
    return folder


def build_site(folder: Path) -> None:
    """Build the site into `folder`/html."""
    data = course_data()
    reviews = {} if data is None else {"KOPREP_COURSE_DATA": str(data)}
    options = ["--fail-on-warning", "--fresh-env", "--quiet", "--doctree-dir", folder / "doctrees"]
    built = subprocess.run(
        [sys.executable, "-m", "sphinx", *options, ROOT / "docs", folder / "html"],
        env={**os.environ, "KOPREP_OFFLINE": "1", **reviews},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, f"{built.stdout}\n{built.stderr}"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Build the site with warnings as errors; its lessons run, on real reviews if there are any.

    Processes that test side by side build it once, and the others wait. What lessons print and draw
    is kept in docs/_build, until koprep's code changes.
    """
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    built = folder / "site-is-built"
    with file_lock(folder / "site.lock"):
        if not built.exists():
            build_site(folder)
            built.touch()
    html = folder / "html"
    parser = HTMLParser(encoding="utf-8")
    pages = {
        page.relative_to(html).as_posix(): document_fromstring(page.read_bytes(), parser=parser)
        for page in sorted(html.rglob("*.html"))
    }
    return Site(html, pages)


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, format, *args):
        pass


@pytest.fixture(scope="session")
def address(site: Site) -> Iterator[str]:
    """Where the site is served, on the loopback."""
    handler = functools.partial(QuietHandler, directory=site.folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def browser():
    """Chromium, if the machine has one."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip(f"none of {', '.join(BROWSERS)} is installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, address):
    """Return a function that opens a page of the site; `requests` collects what it asks for."""
    contexts = []

    def open_page(name: str, *, width: int = 1280, requests: list[str] | None = None, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        if requests is not None:
            page.on("request", lambda request: requests.append(request.url))
        page.goto(f"{address}/{name}")
        return page

    yield open_page
    for context in contexts:
        context.close()
