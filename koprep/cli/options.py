"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from koprep.stopwords import Stopwords

DataDir = Annotated[
    Path | None,
    typer.Option(help="Folder with the dataset's files; not needed for what comes with koprep."),
]
Limit = Annotated[int | None, typer.Option(help="Use the first examples only, this many.")]
Sample = Annotated[
    int | None, typer.Option(help="Use this many examples, chosen at random by the seed.")
]
Seed = Annotated[int, typer.Option(help="Of every random choice: the same seed, the same result.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
EmbeddingsFile = Annotated[
    Path | None,
    typer.Option(
        "--embeddings",
        metavar="FILE",
        help="A .txt file (also .gz, .xz) of texts without labels, one a line: word2vec learns "
        "from them what the embedding begins with.",
    ),
]
MODEL_HELP = "A trained model's folder, or a name of `koprep zoo list --pretrained`."
ModelArgument = Annotated[str, typer.Argument(metavar="MODEL", help=MODEL_HELP)]
ModelOption = Annotated[str, typer.Option("--model", metavar="MODEL", help=MODEL_HELP)]

InputFile = Annotated[
    Path | None,
    typer.Argument(
        metavar="FILE",
        help="A .txt, .csv, .tsv, .jsonl (also .gz, .xz) or .parquet file; without one, or with "
        "-, standard input.",
    ),
]
Column = Annotated[
    str | None, typer.Option(help="The column of texts; a .txt file has none.", metavar="NAME")
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="NAME",
        help="txt, csv, tsv, jsonl or parquet, where the input's name does not tell; standard "
        "input is txt by default.",
    ),
]
Encoding = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", help="The input's encoding; by default UTF-8 and CP949 are told apart."
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Where to write: a file of the input's format, or .jsonl; else standard output.",
    ),
]
BadRows = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Where rows that cannot be used go, as JSON lines with line, reason and row; by "
        "default the --out file with .bad.jsonl after it. To standard output without this, the "
        "first bad row stops the work.",
    ),
]
JsonLines = Annotated[
    bool, typer.Option("--json", help="Write JSON lines, whatever the input's format.")
]
Lecture = Annotated[
    bool, typer.Option("--lecture", help="Clean as the course does: Hangul and spaces stay.")
]
TokenizerName = Annotated[str, typer.Option(metavar="NAME", help="How texts are cut.")]
StopwordList = Annotated[
    str | None,
    typer.Option(
        metavar="NAME_OR_FILE",
        help="Leave out the words of a named list (general, lecture, particles) or of a file.",
    ),
]

InputFiles = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="FILE…",
        help="Files .txt, .csv, .tsv, .jsonl (also .gz, .xz) or .parquet, and folders of such; "
        "without any, or with -, standard input.",
    ),
]
ShardFolder = Annotated[
    Path, typer.Option(metavar="FOLDER", help="Where to write; begun work there goes on.")
]
RowsPerShard = Annotated[
    int | None,
    typer.Option(metavar="N", help="Rows of the input that become one file; by default 10,000."),
]
WorkerCount = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        help="Processes; by default one for each core. Each holds the analyzer in memory, Kiwi "
        "about 600 MB.",
    ),
]
Strict = Annotated[
    bool,
    typer.Option(
        "--strict", help="Stop if the installed analyzer cuts otherwise than at fit time."
    ),
]


def open_stopwords(name_or_file: str | None) -> Stopwords:
    """Open what `StopwordList` takes; None is no stopwords."""
    from koprep.stopwords import Stopwords, list_stopwords

    if name_or_file is None:
        return Stopwords()
    if name_or_file in list_stopwords():
        return Stopwords.named(name_or_file)
    return Stopwords.from_file(name_or_file)
