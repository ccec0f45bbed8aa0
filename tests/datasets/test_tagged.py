import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from koprep import Cleaner, Preprocessor, Stopwords
from koprep.datasets import Entity, TaggedDataset, align, find_entities, load
from koprep.datasets.bio import entity_tags, first_stray

TAGS = ("O", "B-PS", "I-PS", "B-LC", "I-LC")


def tagged(text, tags, **settings):
    """A dataset of one text, its tags written as names."""
    indices = tuple(TAGS.index(tag) for tag in tags.split())
    return TaggedDataset(texts=(tuple(text),), tags=(indices,), tag_names=TAGS, **settings)


def fitted(dataset, **settings):
    return Preprocessor(tokenizer="syllable", **settings).fit(dataset.raw_texts)


def names(encoded):
    """The tags of the first row's tokens."""
    return [TAGS[tag] for tag in encoded.labels[0][encoded.sample_weight[0] > 0]]


@pytest.mark.parametrize(
    ("text", "tags", "expected"),
    [
        pytest.param("김씨 집", "B-PS O O O", "B-PS O O", id="a space has no token"),
        pytest.param(
            "존 레논",
            "B-PS I-PS I-PS I-PS",
            "B-PS I-PS I-PS",
            id="it goes on behind a space",
        ),
        pytest.param("서울부산", "B-LC I-LC B-LC I-LC", "B-LC I-LC B-LC I-LC", id="neighbours"),
        pytest.param("\u200b김씨", "B-PS I-PS O", "B-PS O", id="a character that is cleaned away"),
        pytest.param("김!!!!씨", "B-PS O O O O O", "B-PS O O O", id="a run that is shortened"),
        pytest.param("가", "O", "O", id="one character"),
        pytest.param(" ", "O", "", id="no token at all"),
    ],
)
def test_each_token_gets_the_tag_of_its_characters(text, tags, expected):
    dataset = tagged(text, tags)
    assert names(dataset.encode(fitted(dataset, maxlen=9))) == expected.split()


def test_the_jamo_of_one_character_begin_one_entity():
    dataset = tagged("김", "B-PS")
    preprocessor = Preprocessor(tokenizer="jamo").fit(dataset.raw_texts)
    assert names(dataset.encode(preprocessor)) == ["B-PS", "I-PS", "I-PS"]


def test_a_token_without_an_id_takes_its_tag_along():
    preprocessor = Preprocessor(tokenizer="syllable", oov_token=None, maxlen=5).fit(["김씨"])
    encoded = tagged("김갑씨", "B-PS I-PS O").encode(preprocessor)
    assert names(encoded) == ["B-PS", "O"]


@pytest.mark.parametrize(
    ("side", "kept"), [("pre", ["I-LC", "O"]), ("post", ["B-PS", "B-LC"])], ids=["pre", "post"]
)
def test_ids_and_tags_are_cut_on_the_same_side(side, kept):
    dataset = tagged("김서울에", "B-PS B-LC I-LC O")
    preprocessor = fitted(dataset, maxlen=2, truncating=side)
    encoded = dataset.encode(preprocessor)
    assert names(encoded) == kept
    assert encoded.token_ids.tolist() == preprocessor.transform(dataset.raw_texts).tolist()


def test_a_stopword_takes_its_tag_along():
    dataset = tagged("김은씨", "B-PS O O")
    preprocessor = fitted(dataset, stopwords=Stopwords(words=frozenset({"은"})), maxlen=3)
    encoded = dataset.encode(preprocessor)
    assert names(encoded) == ["B-PS", "O"]
    assert encoded.token_ids.tolist() == preprocessor.transform(dataset.raw_texts).tolist()


def test_the_spec_says_tagging_and_names_the_tags():
    dataset = tagged("김씨", "B-PS O")
    encoded = dataset.encode(fitted(dataset, maxlen=4))
    assert (encoded.spec.task, encoded.spec.label_names) == ("tagging", TAGS)
    assert encoded.sample_weight.tolist() == [[0, 0, 1, 1]]
    assert encoded.labels.dtype == np.int32


def test_words_keep_their_places():
    dataset = TaggedDataset(
        texts=(("비", "맑음"),), tags=((1, 0),), tag_names=("국수", "밥"), separator=" "
    )
    assert dataset.raw_texts == ("비 맑음",)
    assert dataset.unit_spans(0) == [(0, 1), (2, 4)]
    by_word = dataset.encode(Preprocessor(tokenizer="whitespace").fit(dataset.raw_texts))
    assert by_word.labels.tolist() == [[1, 0]]
    by_syllable = dataset.encode(Preprocessor(tokenizer="syllable").fit(dataset.raw_texts))
    assert by_syllable.labels.tolist() == [[1, 0, 0]]
    with pytest.raises(ValueError, match="name no entities"):
        dataset.entities(0)


texts = st.text(st.sampled_from("김가각ㅋ!? \u200b가\u1100\u1161A<b>&"), max_size=20)


@given(texts, st.sampled_from(["syllable", "jamo", "whitespace"]), st.booleans())
def test_aligned_ids_are_those_of_transform(text, tokenizer, default):
    cleaner = Cleaner() if default else Cleaner.lecture()
    preprocessor = Preprocessor(tokenizer=tokenizer, cleaner=cleaner).fit(["김가각ㅋ! 가A"])
    (aligned,) = align(preprocessor, [text])
    assert aligned.token_ids == preprocessor.transform_ragged([text])[0].tolist()
    starts = [start for start, _ in aligned.spans]
    assert starts == sorted(starts)
    assert all(0 <= start < end <= len(text) for start, end in aligned.spans)


tag_rows = st.lists(st.sampled_from(TAGS), max_size=12)


@given(tag_rows)
def test_entities_and_their_tags_are_two_ways_to_say_one_thing(tags):
    entities = find_entities(tags)
    spans = [(i, i + 1) for i in range(len(tags))]
    written = entity_tags(entities, spans)
    assert find_entities(written) == entities
    if first_stray(tags) is None:
        assert written == tags


@pytest.mark.parametrize(
    ("tags", "entities"),
    [
        pytest.param("I-PS I-PS", [Entity("PS", 0, 2)], id="an I- that continues nothing begins"),
        pytest.param("B-PS I-LC", [Entity("PS", 0, 1), Entity("LC", 1, 2)], id="another label"),
        pytest.param("B-PS O I-PS", [Entity("PS", 0, 1), Entity("PS", 2, 3)], id="a gap ends it"),
        pytest.param("O O", [], id="none"),
    ],
)
def test_any_row_of_tags_spells_entities(tags, entities):
    assert find_entities(tags.split()) == entities


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        pytest.param({"tags": ()}, ValueError, "1 texts need as many tag rows, got 0", id="rows"),
        pytest.param({"tags": ((0,),)}, ValueError, "row 0: 2 units but 1 tags", id="units"),
        pytest.param({"tags": ((0, 5),)}, ValueError, "row 0: tag 5 has no name", id="tag"),
        pytest.param({"tags": ((-1, 0),)}, ValueError, "row 0: tag -1 has no name", id="negative"),
        pytest.param({"texts": ("김씨",)}, TypeError, "row 0: expected a tuple", id="one text"),
    ],
)
def test_what_is_no_tagged_text_is_named(changes, error, message):
    right = {"texts": (("김", "씨"),), "tags": ((1, 0),), "tag_names": TAGS}
    with pytest.raises(error, match=message):
        TaggedDataset(**{**right, **changes})


def test_rows_are_chosen_with_their_tags():
    dataset = load("weather_menu", count=50)
    chosen = dataset.limit(5, seed=1)
    assert len(chosen) == 5
    for text, tags in zip(chosen.texts, chosen.tags, strict=True):
        assert dataset.tags[dataset.texts.index(text)] == tags
    assert sum(chosen.tag_counts().values()) == 50


def test_the_korean_entity_corpus_reads_whole(real_data):
    dataset = load("klue_ner", split="dev", data_dir=real_data / "klue_ner")
    assert (len(dataset), dataset.skipped) == (5000, ())
    preprocessor = fitted(dataset)
    spelled = 0
    for row, aligned in enumerate(align(preprocessor, dataset.raw_texts)):
        text, entities = dataset.raw_texts[row], dataset.entities(row)
        names = [dataset.tag_names[tag] for tag in dataset.tags[row]]
        assert len(entities) == sum(name.startswith("B-") for name in names)
        # What the encoded tags spell is what people marked, spaces at the edges aside.
        again = find_entities(entity_tags(entities, aligned.spans), aligned.spans)
        assert [(e.label, text[e.start : e.end]) for e in again] == [
            (e.label, text[e.start : e.end].strip()) for e in entities
        ]
        spelled += len(again)
    assert spelled == 14_257
    encoded = dataset.encode(preprocessor)
    assert encoded.spec.label_names == dataset.tag_names
    assert (encoded.sample_weight.sum(axis=1) == encoded.lengths).all()
