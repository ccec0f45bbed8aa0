"""`koprep profile`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from koprep.cli.inputs import check_piped
from koprep.cli.options import (
    Column,
    Encoding,
    Format,
    InputFile,
    StopwordList,
    TokenizerName,
    open_stopwords,
)
from koprep.cli.output import Output
from koprep.cli.rows import progress_bar, source_path

if TYPE_CHECKING:
    from koprep.profile import Profile, Row, Unreadable

_COLOURS = {"error": "bold red", "warning": "yellow", "info": "blue"}


def profile(
    file: InputFile = None,
    column: Column = None,
    label: Annotated[str | None, typer.Option(metavar="NAME", help="The column of labels.")] = None,
    split: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The column that says to which split a row belongs; the one called train is "
            "learned from, the others are tested on.",
        ),
    ] = None,
    test: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A second file with the same columns, looked through for texts and words of the "
            "first.",
        ),
    ] = None,
    tokenizer: TokenizerName = "kiwi",
    stopwords: StopwordList = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER_OR_FILE.html",
            help="Where the page goes, and the JSON beside it; by default a page named after FILE "
            "in this folder.",
        ),
    ] = None,
    format: Format = None,
    encoding: Encoding = None,
) -> None:
    """Profile a corpus: a page with pictures and findings, and a JSON file.

    The page shows lengths, labels, vocabulary and unknown words with the
    settings they suggest, and what is wrong: texts that come again, that have
    two labels or stand in the test part too, broken characters, empty texts.
    Each finding comes with rows to look at and with what mends it.

    Exit code 0: all rows were read; 1: some were not, and the page names
    them; 2: nothing was written, for the reason told.
    """
    from koprep.profile import profile_rows, read_rows
    from koprep.profile.report import prepare_target, profile_paths
    from koprep.profile.rows import TEST, TRAIN
    from koprep.records.files import bare_name

    source = source_path(file)
    check_piped(source)
    if split is not None and test is not None:
        raise ValueError("give --split (a column) or --test (a file), not both")
    name = source.name if source else "standard input"
    target = out or Path(f"{bare_name(source)}.profile.html" if source else "profile.html")
    prepare_target(target)
    for written in profile_paths(target):
        for given in filter(None, (source, test)):
            if written.exists() and given.exists() and written.samefile(given):
                raise ValueError(f"{written} is the input itself; give another --out")
    console = Console(stderr=True, emoji=False)

    read = partial(
        read_rows,
        column=column,
        label=label,
        split_column=split,
        format=format,
        encoding=encoding,
    )
    if test is not None:
        next(read(test), None)  # a mistake in it is told before the work, not after

    def rows(path: Path | None, part: str) -> Iterator[Row | Unreadable]:
        with progress_bar(console, f"profiling {part}", shown=True) as progress:
            yield from read(path, split=part, progress=progress)

    parts = [rows(source, TRAIN)]
    if test is not None:
        parts.append(rows(test, TEST))
    result = profile_rows(
        chain(*parts),
        name=name if test is None else f"{name} + {test.name}",
        tokenizer=tokenizer,
        stopwords=open_stopwords(stopwords),
    )
    page, values = result.save(target)
    _print(result)
    console.print(f"written: {page}, {values}", soft_wrap=True, highlight=False, markup=False)
    if result.unreadable:
        raise typer.Exit(1)


def _print(result: Profile) -> None:
    console = Output()
    sizes = ", ".join(f"{part.split} {part.texts:,}" for part in result.parts)
    console.print(f"texts: {escape(sizes)}", highlight=False)
    console.print(
        f"suggested: maxlen={result.lengths.maxlen} ({result.lengths.kept_whole:.1%} whole), "
        f"vocabulary_size={result.words.vocabulary_size}",
        highlight=False,
    )
    found = [finding for finding in result.findings if finding.severity != "ok"]
    if not found:
        console.print("no findings")
        return
    table = Table("severity", "finding", box=None)
    table.add_column("rows", justify="right")
    table.add_column("share", justify="right")
    table.add_column("first row", justify="right")
    for finding in found:
        place = finding.examples[0].places[-1] if finding.examples else None
        table.add_row(
            f"[{_COLOURS[finding.severity]}]{finding.severity}[/]",
            finding.code.replace("_", " "),
            f"{finding.count:,}",
            finding.percent,
            escape(f"{place.split} {place.row}".strip()) if place else "",
        )
    console.print(table)
