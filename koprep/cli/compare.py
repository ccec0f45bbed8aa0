"""`koprep compare`."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from koprep.cli.inputs import check_piped
from koprep.cli.options import Column, Encoding, Format, InputFile
from koprep.cli.output import Output
from koprep.cli.rows import source_path

if TYPE_CHECKING:
    from koprep.comparison import Comparison


def compare(
    file: InputFile = None,
    tokenizers: Annotated[
        str, typer.Option(metavar="A,B,…", help="Tokenizers to compare.")
    ] = "kiwi,whitespace",
    column: Column = None,
    format: Format = None,
    encoding: Encoding = None,
    limit: Annotated[int, typer.Option(min=2, help="Texts at most.")] = 2_000,
    vocabulary_size: Annotated[
        int, typer.Option(min=2, help="Ids at most, to count OOV at.")
    ] = 8_000,
    samples: Annotated[int, typer.Option(min=0, help="Texts to show side by side.")] = 3,
) -> None:
    """Put tokenizers side by side on a file's texts: speed, vocabulary, OOV, agreement."""
    from koprep.cleaning import Cleaner
    from koprep.comparison import compare_tokenizers
    from koprep.records import read_texts
    from koprep.tokenizers import get_tokenizer

    chosen = [get_tokenizer(name.strip()) for name in tokenizers.split(",")]
    source = source_path(file)
    check_piped(source)
    stream = read_texts(source, column=column, format=format, encoding=encoding)
    texts = [Cleaner().clean(text) for text in itertools.islice(stream, limit)]
    _print(compare_tokenizers(chosen, texts, vocabulary_size=vocabulary_size), texts, samples)


def _print(result: Comparison, texts: list[str], samples: int) -> None:
    console = Output()
    figures = Table(title=f"{result.texts} texts, OOV at {result.vocabulary_size} ids")
    figures.add_column("tokenizer")
    for column in ("texts/s", "tokens/text", "distinct", "OOV"):
        figures.add_column(column, justify="right")
    for row in result.figures:
        figures.add_row(
            row.name,
            f"{row.texts_per_second:,.0f}",
            f"{row.tokens_per_text:.1f}",
            f"{row.distinct_tokens:,}",
            f"{row.oov_rate:.1%}",
        )
    console.print(figures)
    if result.agreement:
        agreement = Table("tokenizers", title="agreement of where tokens begin")
        agreement.add_column("F1", justify="right")
        for (one, other), value in result.agreement.items():
            agreement.add_row(f"{one} – {other}", f"{value:.3f}")
        console.print(agreement)
    for number, text in enumerate(texts[:samples]):
        console.print(f"\n{escape(text)}", style="bold", highlight=False)
        for name, token_lists in result.token_lists.items():
            cut = " ".join(token.form for token in token_lists[number])
            console.print(f"  {name}: {escape(cut)}", highlight=False)
