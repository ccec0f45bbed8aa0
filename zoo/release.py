"""`reproduce`: train a model that comes with koprep again, test it once and write its bundle."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from koprep.datasets import load

from .choices import unknown
from .figures import Figure, accuracy_figure, perplexity_figure, span_figure
from .hard_sentences import HARD_SENTENCES
from .latency import latency_ms
from .loading import load as load_model
from .onnx_format import ONNX_FILE, EmbeddingType
from .pretrained_card import pretrained_card
from .pretrained_models import PRETRAINED, PretrainedModel
from .reproduction import (
    Work,
    chat_generator,
    chat_sentences,
    entity_sentences,
    entity_tagger,
    movie_sentiment,
    movie_sentiment_labels,
    review_sentiment,
    shopping_reviews,
    trace_gru,
    trace_lstm,
    trace_simple_rnn,
)

SHIPPED_EMBEDDING: EmbeddingType = "int8"

MOVIES = "NSMC, 150,000 labelled movie reviews (e9t/nsmc, CC0 1.0)"
RATED_MOVIES = (
    "618,425 reviews of the same corpus with their ratings of 1 to 10, neutral ones included, the "
    "150,000 among them; NSMC's test part is not, but for 263 short texts that several people wrote"
)
UNRATED_MOVIES = "the texts alone of 618,425 reviews of the same corpus, for word vectors"
SHOPPING = "1,211 shopping reviews (bab2min/corpus, public domain)"


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How a model is made, tested and described."""

    model: PretrainedModel
    train: Callable[[Work], Any]
    test: Callable[[Any, Path], Sequence[Figure]]
    answer: Callable[[Any, str], object]
    """One text, as latency is measured."""
    sample: Callable[[Path], Sequence[str]]
    """Texts to answer."""
    failures: Callable[[Any, Path], Sequence[str]]
    """What a model gets wrong, in words."""
    data: Sequence[str]
    limits: Sequence[str]


def _test_movies(model: Any, data_dir: Path) -> list[Figure]:
    return [accuracy_figure("nsmc_accuracy", model, _movies(data_dir))]


def _test_reviews(model: Any, data_dir: Path) -> list[Figure]:
    _, shopping = shopping_reviews(data_dir)
    return [
        *_test_movies(model, data_dir),
        accuracy_figure("naver_shopping_accuracy", model, shopping),
    ]


def _movies(data_dir: Path) -> Any:
    return load("nsmc", split="test", data_dir=data_dir / "nsmc")


def _wrong_sentences(model: Any, data_dir: Path) -> list[str]:
    """Return the hard sentences a classifier gets wrong, with what it takes them for."""
    probabilities = model.predict_proba([text for text, _ in HARD_SENTENCES])
    wrong = []
    for (text, label), row in zip(HARD_SENTENCES, probabilities, strict=True):
        found = model.label_names_[row.argmax()]
        if found != label:
            wrong.append(f"{text!r} is {label}, found {found} ({row.max():.0%})")
    return [f"of {len(HARD_SENTENCES)} hard sentences it gets {len(wrong)} wrong", *wrong]


def _weakest_labels(model: Any, data_dir: Path) -> list[str]:
    """Return the labels a tagger finds worst on its test sentences."""
    _, test = entity_sentences(data_dir)
    labels = sorted(model.evaluate(test).labels, key=lambda scores: scores.f1)
    return [
        f"{scores.label}: F1 {scores.f1:.2%} (precision {scores.precision:.2%}, recall "
        f"{scores.recall:.2%})"
        for scores in labels[:2]
    ]


SENTIMENT_LIMITS = (
    "Korean reviews; other languages, news and conversation are guesses",
    "there is no label for neutral: a probability near one half is all that says so",
    "irony, and praise that turns round at the end, are often missed",
)


def _traced(name: str, train: Callable[[Work], Any]) -> Recipe:
    """Return the recipe of a network that is followed token by token."""
    return Recipe(
        model=PRETRAINED[name],
        train=train,
        test=_test_reviews,
        answer=lambda model, text: model.predict_proba([text]),
        sample=lambda data_dir: shopping_reviews(data_dir)[1].texts,
        failures=_wrong_sentences,
        data=(MOVIES, SHOPPING),
        limits=(
            "made to be looked into beside the other two, with the same vocabulary and data; "
            "review-sentiment is right more often",
            *SENTIMENT_LIMITS,
        ),
    )


RECIPES = {
    "trace-simple-rnn": _traced("trace-simple-rnn", trace_simple_rnn),
    "trace-lstm": _traced("trace-lstm", trace_lstm),
    "trace-gru": _traced("trace-gru", trace_gru),
    "movie-sentiment": Recipe(
        model=PRETRAINED["movie-sentiment"],
        train=movie_sentiment,
        test=_test_movies,
        answer=lambda model, text: model.predict_proba([text]),
        sample=lambda data_dir: _movies(data_dir).texts,
        failures=_wrong_sentences,
        data=(
            MOVIES,
            RATED_MOVIES,
            "what the ratings are worth: the recipe movie-sentiment-labels learns from none, and "
            "its accuracy on the same 50,000 texts is 88.38% [88.09%, 88.65%]",
        ),
        limits=(
            "made for reviews of movies; for products there is review-sentiment",
            *SENTIMENT_LIMITS,
        ),
    ),
    "movie-sentiment-labels": Recipe(
        model=PretrainedModel(
            name="movie-sentiment-labels",
            kind="classifier",
            summary="tells whether a review of a movie is negative or positive",
            license="CC0 1.0",
        ),
        train=movie_sentiment_labels,
        test=_test_movies,
        answer=lambda model, text: model.predict_proba([text]),
        sample=lambda data_dir: _movies(data_dir).texts,
        failures=_wrong_sentences,
        data=(MOVIES, UNRATED_MOVIES),
        limits=SENTIMENT_LIMITS,
    ),
    "review-sentiment": Recipe(
        model=PRETRAINED["review-sentiment"],
        train=review_sentiment,
        test=_test_reviews,
        answer=lambda model, text: model.predict_proba([text]),
        sample=lambda data_dir: shopping_reviews(data_dir)[1].texts,
        failures=_wrong_sentences,
        data=(MOVIES, RATED_MOVIES, SHOPPING),
        limits=SENTIMENT_LIMITS,
    ),
    "entity-tagger": Recipe(
        model=PRETRAINED["entity-tagger"],
        train=entity_tagger,
        test=lambda model, data_dir: [
            span_figure("klue_ner_f1", model, entity_sentences(data_dir)[1])
        ],
        answer=lambda model, text: model.predict([text]),
        sample=lambda data_dir: entity_sentences(data_dir)[1].raw_texts,
        failures=_weakest_labels,
        data=("4,000 sentences of KLUE's named entity corpus (its dev part, CC BY-SA 4.0)",),
        limits=(
            "news and reviews, as in KLUE; a name it never saw is found by its surroundings alone",
            "six labels: PS person, LC place, OG organization, DT date, TI time, QT quantity",
            "trained on few sentences: a start, not the best tagger there is",
        ),
    ),
    "chat-generator": Recipe(
        model=PRETRAINED["chat-generator"],
        train=chat_generator,
        test=lambda model, data_dir: [
            perplexity_figure("chatbot_perplexity", model, chat_sentences(data_dir)[1])
        ],
        answer=lambda model, text: model.generate(text, max_tokens=10),
        sample=lambda data_dir: [text[:4] for text in chat_sentences(data_dir)[1].texts],
        failures=lambda model, data_dir: (
            "a sentence may be well formed and mean nothing",
            "the likeliest token every time ends in the commonest sentences: draw, with a "
            "temperature of about 0.8",
        ),
        data=("21,000 short questions and answers (songys/Chatbot_data, MIT)",),
        limits=(
            "it writes on in the manner of its sentences, and knows nothing of the world",
            "no answer to a question is meant by what it writes",
        ),
    ),
}
"""Name -> recipe: of the models that come with koprep, and of some that do not."""


def reproduce(name: str, work: Work, out: Path) -> Sequence[Figure]:
    """Train a model again, compute its test figures and save its bundle with its card.

    Args:
        name: of `RECIPES`.
        work: the data, and how to work on them.
        out: where the bundle is saved.

    Raises:
        ValueError: an unknown name.
        FileNotFoundError: data are missing.
    """
    if name not in RECIPES:
        raise ValueError(unknown("recipe", name, RECIPES))
    recipe = RECIPES[name]
    recipe.sample(work.data_dir)  # what is missing shows before the long work
    return release(name, recipe.train(work), work.data_dir, out)


def release(name: str, trained: Any, data_dir: Path, out: Path) -> Sequence[Figure]:
    """Compute the test figures of a trained model and save its bundle; see `reproduce`."""
    recipe = RECIPES[name]
    with tempfile.TemporaryDirectory() as folder:
        shipped = _as_saved(trained, Path(folder) / "model", SHIPPED_EMBEDDING)
        figures = recipe.test(shipped, data_dir)  # what is tested is what is shipped
        exact = recipe.test(_as_saved(trained, Path(folder) / "exact", "float32"), data_dir)
        card = pretrained_card(
            recipe.model,
            data=recipe.data,
            limits=recipe.limits,
            failures=recipe.failures(shipped, data_dir),
            architecture=_architecture(shipped),
            training=shipped.training.to_dict(),
            preprocessor=shipped.preprocessor_,
            figures=figures,
            exact_figures=exact,
            embedding=SHIPPED_EMBEDDING,
            validation=trained.training_summary(),
            network_bytes=(Path(folder) / "model" / ONNX_FILE).stat().st_size,
            latency_ms=latency_ms(
                lambda text: recipe.answer(shipped, text), recipe.sample(data_dir)
            ),
        )
        metrics = {name: value for figure in figures for name, value in figure.to_metrics().items()}
        shipped.save(out, metrics=metrics, card=card)
    return figures


def _architecture(model: Any) -> str:
    """Return a network's name and settings, and what answers beside it."""
    network = f"{model.model} {dict(model.model_options)}"
    characters = getattr(model, "characters", None)
    if characters is None:
        return network
    size = f"{characters.weights.nbytes / 1e6:.2f} MB"
    return f"{network}; beside it a linear model of characters, {size}, share {characters.share}"


def _as_saved(trained: Any, folder: Path, embedding: EmbeddingType) -> Any:
    """Return a trained model as those get it who load what is saved of it."""
    return load_model(trained.save(folder, embedding=embedding, keep_keras=False))
