"""Sphinx settings of the site: `sphinx-build -W docs docs/_build/html`."""

from importlib.metadata import version as installed_version

project = "koprep"
author = "the koprep authors"
release = installed_version("koprep")
language = "en"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton"]
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath", "fieldlist"]
myst_heading_anchors = 3

# A lesson's code runs when the site is built; what it prints and draws is what the page shows.
nb_execution_mode = "cache"
nb_execution_raise_on_error = True
nb_execution_timeout = 900  # seconds a cell
nb_merge_streams = True

html_theme = "furo"
html_title = "koprep"
html_static_path = ["_static"]
