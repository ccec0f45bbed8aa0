"""What comes next in short conversations: one tenth of the questions and answers is held out."""

from __future__ import annotations

import time
from pathlib import Path

from koprep import Preprocessor, get_tokenizer
from koprep.datasets import TextDataset, load, split_dataset
from koprep.zoo import BigramLanguageModel, TextGenerator, TrainingConfig

MODEL = "gru"
MODEL_OPTIONS = {"embedding_size": 128, "units": 192, "dropout": 0.3}
TRAINING = {"epochs": 10, "batch_size": 128, "learning_rate": 4e-3}

PROMPTS = ("", "오늘", "커피", "친구가")


def run(data_dir: Path, seed: int, out: Path | None) -> None:
    """Train both language models, print their perplexity and what the network writes."""
    texts = tuple(
        text
        for column in ("Q", "A")
        for text in load("chatbot", data_dir=data_dir, text=column).texts
    )
    train, test = split_dataset(TextDataset(texts=texts), 0.1, seed=0)
    preprocessor = Preprocessor(tokenizer=get_tokenizer("kiwi", output="form/tag"), min_count=2)
    bigrams = BigramLanguageModel(preprocessor).fit(train.texts)
    scored = len(bigrams.token_log_probabilities(test.texts))
    print(f"{len(train)} sentences to train, {len(test)} to test, {scored} tokens scored")
    print(f"interpolated bigrams: perplexity {bigrams.perplexity(test.texts):.2f}")

    start = time.perf_counter()
    generator = TextGenerator(
        MODEL,
        preprocessor=preprocessor,
        model_options=MODEL_OPTIONS,
        training=TrainingConfig(**TRAINING, seed=seed),
        progress=True,
    ).fit(train.texts)
    seconds = time.perf_counter() - start
    assert len(generator.token_log_probabilities(test.texts)) == scored  # the same tokens
    perplexity = generator.perplexity(test.texts)
    print(f"{MODEL}: perplexity {perplexity:.2f} ({generator.training_summary()}, {seconds:.0f} s)")
    for prompt in PROMPTS:
        print(f"  {prompt or '(nothing)'}")
        print(f"    likeliest          {generator.generate(prompt)}")
        print(f"    beam of 4          {generator.generate(prompt, beam=4)}")
        drawn = generator.generate(prompt, temperature=0.8, top_k=40, seed=1)
        print(f"    drawn, T 0.8, k 40 {drawn}")
    if out is not None:
        generator.save(out, metrics={"test_perplexity": perplexity})
