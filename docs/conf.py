"""Sphinx settings of the site: `sphinx-build -W docs docs/_build/html`."""

import sys
from importlib.metadata import version as installed_version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

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

# A lesson's code runs when the site is built; what it prints and draws is what the page shows.
nb_execution_mode = "cache"
nb_execution_raise_on_error = True
nb_execution_timeout = 900  # seconds a cell
nb_merge_streams = True

html_theme = "furo"
html_title = "koprep"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_math_renderer = "mathml"
html_search_language = "ko"
html_show_sphinx = False
html_theme_options = {
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
