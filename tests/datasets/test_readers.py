import pytest

from koprep.datasets import dataset_card, list_datasets, load

NSMC = "id\tdocument\tlabel\n1\t재밌어요\t1\n2\t지루해요\t0\n"


@pytest.fixture
def nsmc(tmp_path):
    def write(content, encoding="utf-8"):
        (tmp_path / "ratings_train.txt").write_bytes(content.encode(encoding))
        return load("nsmc", data_dir=tmp_path)

    return write


@pytest.fixture
def naver(tmp_path):
    def write(content, **options):
        (tmp_path / "naver_shopping.txt").write_text(content, encoding="utf-8")
        return load("naver_shopping", data_dir=tmp_path, **options)

    return write


def test_nsmc_rows_become_texts_and_labels(nsmc):
    dataset = nsmc(NSMC)
    assert dataset.texts == ("재밌어요", "지루해요")
    assert dataset.labels.tolist() == [1, 0]
    assert dataset.label_names == ("부정", "긍정")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param("3\t재밌어요", "2 columns where 3 are due", id="column missing"),
        pytest.param("3\t재밌\t어요\t1", "4 columns where 3 are due", id="column too many"),
        pytest.param("3\t \t1", "no document", id="no text"),
    ],
)
def test_a_malformed_row_is_reported_with_its_line(nsmc, line, reason):
    dataset = nsmc(f"{NSMC}{line}\n4\t또 봤어요\t1\n")
    assert len(dataset) == 3
    (skipped,) = dataset.skipped
    assert (skipped.line, reason in skipped.reason) == (4, True)


def test_strange_line_separators_stay_inside_a_text(nsmc):
    assert nsmc("id\tdocument\tlabel\r\n1\t재밌\x85어\u2028요\t1\r\n").texts == (
        "재밌\x85어\u2028요",
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("", "is empty", id="empty"),
        pytest.param(f"{NSMC}3\t보통\t2\n", "line 4: label '2' is not one of 0, 1", id="label"),
        pytest.param("1\t재밌어요\t1\n", "line 1: expected the header", id="no header"),
        pytest.param("id\tdocument\tlabel\n", "no usable row", id="header only"),
        pytest.param("id\tdocument\tlabel\nx\n", "no usable row.*line 2", id="all malformed"),
    ],
)
def test_a_file_that_is_no_nsmc_is_refused(nsmc, content, message):
    with pytest.raises(ValueError, match=message):
        nsmc(content)


def test_a_file_in_another_encoding_is_refused(nsmc):
    with pytest.raises(ValueError, match="encoding"):
        nsmc(NSMC, encoding="utf-16")


def test_naver_stars_become_labels(naver):
    dataset = naver("5\t좋아요\n1\t별로\n2\t글쎄\n4\t괜찮\n")
    assert dataset.labels.tolist() == [1, 0, 0, 1]


def test_three_stars_are_refused_or_dropped(naver):
    with pytest.raises(ValueError, match="line 2: rating '3' is neither"):
        naver("5\t좋아요\n3\t보통\n")
    dataset = naver("5\t좋아요\n3\t보통\n1\t별로\n", neutral="drop")
    assert dataset.texts == ("좋아요", "별로")


def test_an_unknown_rating_names_its_line(naver):
    with pytest.raises(ValueError, match="line 1: rating '6' is not one of 1, 2, 4, 5"):
        naver("6\t좋아요\n")


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        pytest.param({"name": "nsmcc"}, ValueError, "unknown dataset 'nsmcc'.*nsmc", id="name"),
        pytest.param({"name": "nsmc"}, ValueError, "data_dir", id="no folder"),
        pytest.param({"name": "nsmc", "split": "dev"}, ValueError, "train, test", id="split"),
        pytest.param(
            {"name": "nsmc", "data_dir": "/nowhere"}, FileNotFoundError, "ratings_train", id="file"
        ),
        pytest.param({"name": "mini_reviews", "limit": 0}, ValueError, "at least 1", id="limit"),
        pytest.param(
            {"name": "mini_reviews", "neutral": "drop"}, ValueError, "no option", id="option"
        ),
    ],
)
def test_a_wrong_call_lists_what_is_right(arguments, error, message):
    with pytest.raises(error, match=message):
        load(**arguments)


def test_the_limit_takes_the_first_rows_or_a_seeded_choice():
    whole = load("mini_reviews")
    assert load("mini_reviews", limit=5).texts == whole.texts[:5]
    chosen = load("mini_reviews", limit=50, seed=1)
    assert chosen.texts == load("mini_reviews", limit=50, seed=1).texts != whole.texts[:50]
    assert [chosen.labels[i] for i in range(50)] == [
        whole.labels[whole.texts.index(text)] for text in chosen.texts
    ]


def test_mini_reviews_are_balanced_varied_and_split_cleanly():
    train, test = load("mini_reviews"), load("mini_reviews", split="test")
    assert len(train) + len(test) >= 600
    for part in (train, test):
        counts = part.label_counts()
        assert counts["긍정"] == counts["부정"]
        assert len(set(part.texts)) == len(part)
        assert not part.skipped
    assert not set(train.texts) & set(test.texts)


def test_mini_reviews_hold_no_real_review(real_data):
    real = set()
    for split in ("train", "test"):
        real.update(load("nsmc", split=split, data_dir=real_data / "nsmc").texts)
    real.update(load("naver_shopping", data_dir=real_data / "naver_shopping").texts)
    ours = {*load("mini_reviews").texts, *load("mini_reviews", split="test").texts}
    assert not ours & real


def test_the_official_files_are_read_whole(real_data):
    train = load("nsmc", data_dir=real_data / "nsmc")
    test = load("nsmc", split="test", data_dir=real_data / "nsmc")
    assert len(train) + len(train.skipped) == 150_000
    assert len(test) + len(test.skipped) == 50_000
    shopping = load("naver_shopping", data_dir=real_data / "naver_shopping")
    assert len(shopping) == 216
    assert shopping.label_counts() == {"부정": 104, "긍정": 112}


def test_every_dataset_has_a_card():
    for name in list_datasets():
        card = dataset_card(name)
        assert card.name == name
        assert card.title
        assert card.license
        assert card.splits[0] == "train"
