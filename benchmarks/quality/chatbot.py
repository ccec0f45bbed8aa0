"""What comes next in short conversations: one tenth of the questions and answers is held out."""

from __future__ import annotations

import time
from pathlib import Path

from koprep.zoo import BigramLanguageModel
from koprep.zoo.reproduction import Work, chat_generator, chat_preprocessor, chat_sentences

PROMPTS = ("", "오늘", "커피", "친구가")


def run(data_dir: Path, seed: int, out: Path | None) -> None:
    """Train both language models, print their perplexity and what the network writes."""
    train, test = chat_sentences(data_dir)
    bigrams = BigramLanguageModel(chat_preprocessor(), seed=seed).fit(train.texts)
    scored = len(bigrams.token_log_probabilities(test.texts))
    print(f"{len(train)} sentences to train, {len(test)} to test, {scored} tokens scored")
    print(f"interpolated bigrams: perplexity {bigrams.perplexity(test.texts):.2f}")

    start = time.perf_counter()
    generator = chat_generator(Work(data_dir=data_dir, seed=seed, progress=True))
    seconds = time.perf_counter() - start
    assert len(generator.token_log_probabilities(test.texts)) == scored  # the same tokens
    perplexity = generator.perplexity(test.texts)
    told = f"{generator.training_summary()}, {seconds:.0f} s"
    print(f"{generator.model}: perplexity {perplexity:.2f} ({told})")
    for prompt in PROMPTS:
        print(f"  {prompt or '(nothing)'}")
        print(f"    likeliest          {generator.generate(prompt)}")
        print(f"    beam of 4          {generator.generate(prompt, beam=4)}")
        drawn = generator.generate(prompt, temperature=0.8, top_k=40, seed=1)
        print(f"    drawn, T 0.8, k 40 {drawn}")
    if out is not None:
        generator.save(out, metrics={"test_perplexity": perplexity})
