"""How the pretrained models were trained: every recipe, from the data to the estimator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from koprep.datasets import TaggedDataset, TextDataset, from_file, load, split_dataset
from koprep.preprocessor import Preprocessor
from koprep.tokenizers import get_tokenizer

from .characters import CharacterModel
from .checkpoint import CheckpointConfig
from .classifier import TextClassifier
from .embeddings import PretrainedEmbeddings, Word2VecConfig
from .generator import TextGenerator
from .labeling import validation_split
from .ratings import without_texts
from .tagger import SequenceTagger
from .teaching import Teacher
from .training import TrainingConfig

SENTIMENT_VALIDATION_SHARE = 0.05
"""Labelled reviews held out to choose the epoch: 7,500 tell 0.4 points apart, the rest teach."""

RATED_REVIEWS = Path("nsmc/raw_reviews.tsv.xz")
"""Rated reviews of NSMC's corpus, its training part among them: `id rating document`."""

CHARACTER_SHARE = 0.3
"""How much the model of characters counts beside the network: on held-out reviews from 0.2 to 0.5
are as good."""

LABELLED_SHOPPING_REVIEWS = Path("naver_shopping/labelled.csv")
"""Shopping reviews: `review,label`, 1 for positive."""

ENTITY_SENTENCES = 4_000
"""Sentences of KLUE's dev part that are trained on; the others test."""

SHOPPING_TEST_SHARE = 1 / 3
SHOPPING_REPEATS = 10
"""How often an epoch shows each shopping review: there are over 100 times as many of movies."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """What a recipe works with."""

    data_dir: Path
    """Holds a folder for each dataset, such as `nsmc`."""
    cache_dir: Path | None = None
    """Where tokens are kept; None keeps nothing."""
    checkpoints: CheckpointConfig | None = None
    progress: bool = False
    seed: int = 0

    @property
    def shared(self) -> dict[str, Any]:
        """What every estimator takes."""
        return {"checkpoints": self.checkpoints, "progress": self.progress}

    def beside(self, name: str) -> Work:
        """Return the work of a network that is trained before, with checkpoints of its own."""
        if self.checkpoints is None:
            return self
        folder = Path(self.checkpoints.folder)
        own = replace(self.checkpoints, folder=folder.with_name(f"{folder.name}-{name}"), keep=True)
        return replace(self, checkpoints=own)


def movie_sentiment(work: Work) -> TextClassifier:
    """Train on the 150,000 labels of NSMC and on the rated reviews beside them."""
    return _with_characters(work, units=(128, 128))


def movie_sentiment_labels(work: Work) -> TextClassifier:
    """Train as `movie_sentiment` does, without the ratings: what they are worth."""
    return _with_characters(work, units=(128,), rated=False)


def _with_characters(work: Work, *, units: Sequence[int], rated: bool = True) -> TextClassifier:
    """Train networks and, on what the last one trains on, a model of characters beside it."""
    labelled, ratings = _movies(work), _rated_reviews(work)
    assert labelled.labels is not None
    classifier = _last_of(work, labelled, ratings, units=units, epochs=3, dropout=0.3, rated=rated)
    train, held_out = validation_split(
        labelled.texts,
        labelled.labels,
        labelled.label_names,
        SENTIMENT_VALIDATION_SHARE,
        work.seed,
    )
    texts = [labelled.take(train)]
    if rated:
        unseen = without_texts(ratings, labelled.take(held_out).texts)
        texts.append(labels_of_ratings(unseen, labelled.label_names))
    classifier.characters = CharacterModel.fit(
        _joined(*texts), share=CHARACTER_SHARE, seed=work.seed
    )
    return classifier


def review_sentiment(work: Work) -> TextClassifier:
    """Train a quicker network on labels and ratings, with shopping reviews among the labels."""
    both, ratings = _movies_and_shopping(work), _rated_reviews(work)
    return _last_of(work, both, ratings, units=(96, 64), epochs=2, dropout=0.2, held_out=0.1)


def _movies(work: Work) -> TextDataset:
    movies = load("nsmc", split="train", data_dir=work.data_dir / "nsmc")
    assert isinstance(movies, TextDataset)
    return movies


def _rated_reviews(work: Work) -> TextDataset:
    return from_file(
        work.data_dir / RATED_REVIEWS, text="document", label="rating", label_names=range(1, 11)
    )


def _last_of(
    work: Work,
    labelled: TextDataset,
    reviews: TextDataset,
    *,
    units: Sequence[int],
    rated: bool = True,
    held_out: float = SENTIMENT_VALIDATION_SHARE,
    **settings: Any,
) -> TextClassifier:
    """Train networks one after another, each also on what the one before answers.

    Of the first, how sure it is counts, and of the others, how often they are right. The last one
    is returned (born-again networks: Furlanello et al., 2018).

    Args:
        work: the data, and how to work on them.
        labelled: the texts with labels.
        reviews: texts with ratings.
        units: of each network; a token has as many numbers as the first one's state.
        rated: learn from the ratings, too; without, the rated texts still give the word vectors.
        held_out: the share of the labelled texts that chooses the epoch.
        settings: of `_sentiment`.
    """
    vectors = PretrainedEmbeddings(reviews.texts, Word2VecConfig(size=units[0], seed=work.seed))
    works = [*(work.beside(f"network-{number}") for number in range(1, len(units))), work]
    network: TextClassifier | None = None
    for own, size in zip(works, units, strict=True):
        network = _sentiment(
            own,
            labelled,
            reviews if rated else None,
            vectors,
            units=size,
            teacher=network,
            held_out=held_out,
            **settings,
        )
    for before in works[:-1]:
        if before.checkpoints is not None:
            before.checkpoints.remove()
    assert network is not None
    return network


def labels_of_ratings(ratings: TextDataset, label_names: tuple[str, ...]) -> TextDataset:
    """Return the reviews rated 1 to 4 as negative and 9 and 10 as positive, as NSMC's labels are.

    The others are left out: https://github.com/e9t/nsmc says that they are neutral.
    """
    assert ratings.labels is not None
    stars = ratings.labels + 1
    clear = np.flatnonzero((stars <= 4) | (stars >= 9))
    positive = (stars[clear] >= 9).astype(np.int32)
    return replace(ratings.take(clear), labels=positive, label_names=label_names)


def trace_simple_rnn(work: Work) -> TextClassifier:
    """Train the SimpleRNN that is followed token by token; see `_traced`."""
    return _traced(work, "simple_rnn", learning_rate=1e-3)


def trace_lstm(work: Work) -> TextClassifier:
    """Train the LSTM that is followed token by token; see `_traced`."""
    return _traced(work, "lstm", learning_rate=3e-3)


def trace_gru(work: Work) -> TextClassifier:
    """Train the GRU that is followed token by token; see `_traced`."""
    return _traced(work, "gru", learning_rate=3e-3)


def _traced(work: Work, model: str, *, learning_rate: float) -> TextClassifier:
    """Train one small recurrent layer on the labels of movies and shopping.

    The networks that are shown side by side differ in the layer alone: texts, held-out texts and
    so the vocabulary are the same. A SimpleRNN learns more slowly and with shortened gradients,
    or it forgets.
    """
    labelled = _movies_and_shopping(work)
    classifier = TextClassifier(
        model,
        preprocessor=Preprocessor(
            tokenizer=get_tokenizer("kiwi", output="form/tag"),
            vocabulary_size=10_000,
            min_count=2,
            cache_dir=work.cache_dir,
        ),
        model_options={"embedding_size": 32, "units": 32, "dropout": 0.2},
        training=TrainingConfig(
            epochs=3,
            batch_size=128,
            learning_rate=learning_rate,
            schedule="linear",
            warmup=0.05,
            clip_norm=1.0,
            validation_split=SENTIMENT_VALIDATION_SHARE,
            seed=work.seed,
        ),
        label_names=labelled.label_names,
        **work.shared,
    )
    assert labelled.labels is not None
    return classifier.fit(labelled.texts, labelled.labels)


def _movies_and_shopping(work: Work) -> TextDataset:
    """Return the labelled reviews of both; those of shopping come several times."""
    shopping, _ = shopping_reviews(work.data_dir)
    return _joined(_movies(work), *[shopping] * SHOPPING_REPEATS)


def shopping_reviews(data_dir: Path) -> tuple[TextDataset, TextDataset]:
    """Return the shopping reviews to train on, and those to test on; the split is fixed."""
    labelled = from_file(
        data_dir / LABELLED_SHOPPING_REVIEWS,
        text="review",
        label="label",
        label_names={0: "부정", 1: "긍정"},
        name="naver_shopping",
    )
    train, test = split_dataset(labelled, SHOPPING_TEST_SHARE, seed=0)
    rated = load("naver_shopping", data_dir=data_dir / "naver_shopping")
    assert isinstance(rated, TextDataset)
    return _joined(train, without_texts(rated, labelled.texts)), test


def _joined(*parts: TextDataset) -> TextDataset:
    """Return labelled texts of the same labels as one dataset."""
    names = {part.label_names for part in parts}
    if len(names) != 1:
        raise ValueError(f"labels differ: {sorted(names)}")
    return TextDataset(
        texts=tuple(text for part in parts for text in part.texts),
        labels=np.concatenate([part.labels for part in parts if part.labels is not None]),
        label_names=parts[0].label_names,
        name=" and ".join(dict.fromkeys(part.name for part in parts)),
    )


def _sentiment(
    work: Work,
    labelled: TextDataset,
    ratings: TextDataset | None,
    vectors: PretrainedEmbeddings,
    *,
    units: int,
    epochs: int,
    dropout: float,
    teacher: Teacher | None,
    held_out: float,
) -> TextClassifier:
    """Train one network on labels and, where given, on ratings and a teacher's answers."""
    assert labelled.labels is not None
    classifier = TextClassifier(
        "bigru_pool",
        preprocessor=Preprocessor(
            tokenizer=get_tokenizer("kiwi", output="form/tag"),
            vocabulary_size=45_000,
            min_count=2,
            cache_dir=work.cache_dir,
        ),
        model_options={
            "embedding_size": vectors.config.size,
            "units": units,
            "dropout": dropout,
            "word_dropout": 0.1,
        },
        embeddings=vectors,
        ratings=ratings,
        teacher=teacher,
        training=TrainingConfig(
            epochs=epochs,
            batch_size=128,
            schedule="linear",
            warmup=0.02,
            validation_split=held_out,
            monitor="loss" if teacher is None else "accuracy",
            seed=work.seed,
        ),
        label_names=labelled.label_names,
        **work.shared,
    )
    return classifier.fit(labelled.texts, labelled.labels)


def entity_tagger(work: Work) -> SequenceTagger:
    """Train on the first 4,000 sentences of KLUE's dev part, character by character."""
    train, _ = entity_sentences(work.data_dir)
    return SequenceTagger(
        "bigru",
        preprocessor=Preprocessor(tokenizer="character"),
        model_options={"embedding_size": 128, "units": 128, "layers": 2, "dropout": 0.4},
        training=TrainingConfig(
            epochs=14,
            patience=5,
            batch_size=32,
            learning_rate=2e-3,
            validation_split=0.125,
            seed=work.seed,
        ),
        **work.shared,
    ).fit(train)


def entity_sentences(data_dir: Path) -> tuple[TaggedDataset, TaggedDataset]:
    """Return the tagged sentences to train on, and those to test on; the split is fixed."""
    sentences = load("klue_ner", split="dev", data_dir=data_dir / "klue_ner")
    assert isinstance(sentences, TaggedDataset)
    rows = range(len(sentences))
    return sentences.take(rows[:ENTITY_SENTENCES]), sentences.take(rows[ENTITY_SENTENCES:])


def chat_generator(work: Work) -> TextGenerator:
    """Train on nine tenths of the questions and answers of the chatbot data."""
    train, _ = chat_sentences(work.data_dir)
    return TextGenerator(
        "gru",
        preprocessor=chat_preprocessor(),
        model_options={"embedding_size": 128, "units": 192, "dropout": 0.3},
        training=TrainingConfig(epochs=10, batch_size=128, learning_rate=4e-3, seed=work.seed),
        **work.shared,
    ).fit(train.texts)


def chat_preprocessor() -> Preprocessor:
    """Return how the sentences are cut: into morphemes that can be joined again."""
    return Preprocessor(tokenizer=get_tokenizer("kiwi", output="form/tag"), min_count=2)


def chat_sentences(data_dir: Path) -> tuple[TextDataset, TextDataset]:
    """Return the sentences to train on, and those to test on; the split is fixed."""
    texts = tuple(
        text
        for column in ("Q", "A")
        for text in load("chatbot", data_dir=data_dir / "chatbot", text=column).texts
    )
    return split_dataset(TextDataset(texts=texts, name="chatbot"), 0.1, seed=0)
