"""`koprep generate`."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from koprep.cli.options import ModelOption, Seed
from koprep.cli.output import Output


def generate(
    prompt: Annotated[
        str, typer.Argument(help="How the text begins; without it, a new sentence.")
    ] = "",
    model: ModelOption = "chat-generator",
    max_tokens: Annotated[int, typer.Option(help="Tokens written, at most.")] = 30,
    temperature: Annotated[
        float,
        typer.Option(help="0 takes the likeliest token; 1 draws by the model's probabilities."),
    ] = 0.0,
    top_k: Annotated[
        int | None, typer.Option(help="Draw from this many likeliest tokens only.")
    ] = None,
    top_p: Annotated[
        float | None,
        typer.Option(help="Draw from the likeliest tokens that make up this share (nucleus)."),
    ] = None,
    beam: Annotated[int, typer.Option(help="Sequences followed side by side.")] = 1,
    no_repeat_ngram: Annotated[
        int | None, typer.Option(help="No run of this many tokens comes twice.")
    ] = None,
    seed: Seed = 0,
) -> None:
    """Write on from a prompt, token by token; by default a sentence of everyday conversation."""
    from koprep.zoo import load
    from koprep.zoo.decoding import DecodingConfig

    config = DecodingConfig(  # what is wrong shows before the model opens
        max_tokens=max_tokens,
        temperature=temperature,
        top_k=top_k,
        top_p=top_p,
        beam=beam,
        no_repeat_ngram=no_repeat_ngram,
        seed=seed,
    )
    steps = load(model, kind="generator").stream_with(prompt, config)
    text = prompt
    console = Output()
    if not console.is_terminal:
        for step in steps:
            text = step.text
        print(text)
        return
    from rich.live import Live  # slow to import

    # A later token may change the last letters, so the line is drawn anew each time.
    with Live(Text(text), console=console, auto_refresh=False) as live:
        for step in steps:
            live.update(Text(step.text), refresh=True)
