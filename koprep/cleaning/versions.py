"""The packages that decide what the cleaner makes of a text."""

from __future__ import annotations

from importlib.metadata import version

from koprep._version import __version__


def cleaner_versions() -> dict[str, str]:
    """Return the installed version of each distribution that decides how texts are cleaned.

    >>> list(cleaner_versions())
    ['koprep', 'emoji']
    """
    return {"koprep": __version__, "emoji": version("emoji")}
