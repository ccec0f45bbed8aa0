"""`koprep tokenize`."""

from __future__ import annotations

from collections.abc import Iterator
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
    StopwordList,
    TokenizerName,
    open_stopwords,
)
from koprep.cli.rows import rewrite_rows, source_path


def tokenize(
    file: InputFile = None,
    column: Column = None,
    out: Out = None,
    bad_rows: BadRows = None,
    json: JsonLines = False,
    format: Format = None,
    encoding: Encoding = None,
    tokenizer: TokenizerName = "kiwi",
    output: Annotated[
        str, typer.Option(metavar="form|form/tag|lemma", help="What is written of a token.")
    ] = "form",
    stopwords: StopwordList = None,
    no_clean: Annotated[
        bool, typer.Option("--no-clean", help="Cut the texts as they are, not cleaned.")
    ] = False,
    lecture: Lecture = False,
) -> None:
    """Clean the texts of a file and cut them into tokens, in order.

    A line of text becomes a line of tokens with a space between two. A table
    gets a column `tokens` and keeps the others as they are: a list in JSON
    lines and Parquet, in CSV and TSV a text with a space between two tokens.
    A token may hold a space itself; only lists are exact.

    Exit code 0: all rows were written; 1: some were bad and went to the
    side file; 2: nothing was written to --out, for the reason told.
    """
    from koprep.cleaning import Cleaner
    from koprep.records import Files
    from koprep.tokenizers import get_tokenizer

    if lecture and no_clean:
        raise ValueError("--lecture is a way to clean, and --no-clean is none: leave one out")
    engine = get_tokenizer(tokenizer, output=output)
    cleaner = Cleaner.lecture() if lecture else Cleaner()
    stops = open_stopwords(stopwords)

    def work(texts: Iterator[str]) -> Iterator[list[str]]:
        cleaned = texts if no_clean else map(cleaner.clean, texts)
        for tokens in engine.tokenize_many(cleaned):
            yield engine.render(stops.filter(tokens))

    files = Files(
        source=source_path(file),
        out=out,
        column=column,
        format=format,
        encoding=encoding,
        bad_rows=bad_rows,
        json=json,
    )
    rewrite_rows(files, work, verb="tokenizing", adds="tokens")
