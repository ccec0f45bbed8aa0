"""Sphinx settings of the site: `sphinx-build -W docs docs/_build/html`."""

import hashlib
import os
import sys
from importlib.metadata import version as installed_version
from pathlib import Path

import matplotlib

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS / "_ext"))
sys.path.append(str(DOCS.parent))  # benchmarks/ is not installed

project = "koprep"
author = "the koprep authors"
release = installed_version("koprep")
language = "en"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "accessibility",
    "benchmark_record",
    "chain_picture",
    "docstrings",
    "koprep_cli",
    "korean_search",
    "languages",
    "mathml",
    "notebooks",
]
exclude_patterns = ["_build"]
myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath", "fieldlist"]
myst_heading_anchors = 3

# Docstrings mark code with single backticks, as Markdown does.
default_role = "code"
add_module_names = False
autodoc_default_options = {"members": True}
napoleon_use_ivar = True
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 88

# Whatever is referred to has its place, but for types in signatures: those may be others' or inner.
nitpicky = True
nitpick_ignore_regex = [
    ("py:class", r"(?!koprep\.((datasets|zoo)\.)?\w+$).*"),
    ("py:exc", r"(pickle\.|sklearn\.exceptions\.)?(UnpicklingError|NotFittedError)"),
]

# A lesson's code runs when the site is built; what it prints and draws is what the page shows.
# It runs again when koprep's code, or the files of reviews it reads, are others than last time.
made_from = hashlib.sha256()
for folder in ("koprep", "datasets", "zoo"):
    for source in sorted((DOCS.parent / folder).rglob("*.py")):
        made_from.update(source.read_bytes())
if reviews := os.environ.get("KOPREP_COURSE_DATA"):
    for file in sorted(filter(Path.is_file, Path(reviews).rglob("*"))):
        made_from.update(f"{file}: {file.stat().st_size} bytes".encode())
nb_execution_mode = "cache"
nb_execution_cache_path = str(DOCS / "_build" / "executed" / made_from.hexdigest()[:16])
nb_execution_raise_on_error = True
nb_execution_timeout = 1800  # seconds a cell
nb_merge_streams = True
nb_code_prompt_show = "코드 보기"
nb_code_prompt_hide = "코드 접기"

html_theme = "furo"
html_title = "koprep"
# Formulas are MathML; where no font for them is installed, matplotlib's is taken along.
html_static_path = ["_static", f"{matplotlib.get_data_path()}/fonts/ttf/STIXGeneral.ttf"]
html_copy_source = False
html_domain_indices = False
html_css_files = ["site.css"]
html_math_renderer = "mathml"
html_search_language = "ko"
html_show_copyright = False
html_show_sphinx = False
html_theme_options = {
    "top_of_page_buttons": [],
    "light_css_variables": {"color-brand-primary": "#0b5d57", "color-brand-content": "#0b6b64"},
    "dark_css_variables": {"color-brand-primary": "#6fd3c7", "color-brand-content": "#7fdccf"},
}
templates_path = ["_templates"]
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "sidebar/languages.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/scroll-end.html",
    ]
}
