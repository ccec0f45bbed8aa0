"""`koprep clean`."""

from __future__ import annotations

from typing import Annotated

import typer

from koprep.cli.options import (
    BadRows,
    Column,
    Encoding,
    Format,
    InputFile,
    JsonLines,
    Lecture,
    Out,
)
from koprep.cli.rows import rewrite_rows, source_path

Contact = "keep|remove|mask"


def clean(
    file: InputFile = None,
    column: Column = None,
    out: Out = None,
    bad_rows: BadRows = None,
    json: JsonLines = False,
    format: Format = None,
    encoding: Encoding = None,
    keep: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Which characters stay: all, hangul, hangul+digits or hangul+alnum; a space "
            "comes in the place of others.",
        ),
    ] = None,
    urls: Annotated[str | None, typer.Option(metavar=Contact, help="Links; or [URL].")] = None,
    emails: Annotated[
        str | None, typer.Option(metavar=Contact, help="E-mail addresses; or [EMAIL].")
    ] = None,
    phones: Annotated[
        str | None, typer.Option(metavar=Contact, help="Phone numbers; or [PHONE].")
    ] = None,
    resident_numbers: Annotated[
        str | None, typer.Option(metavar=Contact, help="Resident numbers; or [RRN].")
    ] = None,
    emoji: Annotated[
        str | None,
        typer.Option(metavar="keep|remove|alias", help="Emoji; alias writes the Korean name."),
    ] = None,
    lecture: Lecture = False,
) -> None:
    """Clean the texts of a file: one row out for each row in, in order.

    Lines of text become lines of text. In a table the column is cleaned and
    the others stay as they are. CSV knows quoting; in TSV a quotation mark is
    a character like any other.

    Exit code 0: all rows were written; 1: some were bad and went to the
    side file; 2: nothing was written to --out, for the reason told.
    """
    from koprep.cleaning import Cleaner
    from koprep.records import Files

    choices = {
        "keep": keep,
        "urls": urls,
        "emails": emails,
        "phones": phones,
        "resident_numbers": resident_numbers,
        "emoji": emoji,
    }
    given = {name: choice for name, choice in choices.items() if choice is not None}
    if lecture and given:
        option = next(iter(given)).replace("_", "-")
        raise ValueError(f"--lecture is the course's cleaning as it is: leave out --{option}")
    cleaner = Cleaner.lecture() if lecture else Cleaner.from_dict(given)
    files = Files(
        source=source_path(file),
        out=out,
        column=column,
        format=format,
        encoding=encoding,
        bad_rows=bad_rows,
        json=json,
    )
    rewrite_rows(files, lambda texts: map(cleaner.clean, texts), verb="cleaning")
