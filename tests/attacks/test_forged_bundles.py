"""Bundles made to do harm, whose checksums are right: what the person who opens one is told."""

import json
import os
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koprep import Preprocessor, Vocabulary
from koprep.bundle import MANIFEST, DamagedBundle, read_bundle, write_bundle
from koprep.manifest import LARGEST_MANIFEST, Manifest, ManifestError, seal
from koprep.texts import NAMED
from koprep.verification import verify

SETTINGS = "preprocessor.json"


@pytest.fixture(scope="module")
def files():
    fitted = Preprocessor(tokenizer="whitespace", maxlen=6).fit(["정말 좋아요", "아주 별로"])
    return fitted.bundle_files()


def changed(**changes):
    return lambda content: json.dumps({**json.loads(content), **changes}).encode()


def of_tokenizer(**changes):
    def change(content):
        saved = json.loads(content)
        return json.dumps({**saved, "tokenizer": {**saved["tokenizer"], **changes}}).encode()

    return change


FORGED = [
    pytest.param(SETTINGS, lambda c: b"[" * 100_000, "recursion", id="endless lists"),
    pytest.param(SETTINGS, lambda c: b'{"a":' * 100_000, "recursion", id="endless objects"),
    pytest.param(
        SETTINGS, lambda c: b'{"maxlen":' + b"9" * 5_000 + b"}", "4300 digits", id="long number"
    ),
    pytest.param(SETTINGS, lambda c: b"\x80\x04]\x94.", "not UTF-8", id="a pickle"),
    pytest.param(SETTINGS, lambda c: b"[]", "no JSON object", id="a list"),
    pytest.param(SETTINGS, changed(fitted_maxlen=10**12), "maxlen", id="terabytes a row"),
    pytest.param(SETTINGS, changed(fitted_maxlen=10**20), "maxlen", id="more than 64 bits"),
    pytest.param(SETTINGS, changed(oov_buckets=10**9), "oov_buckets", id="gigabytes of buckets"),
    pytest.param(
        SETTINGS, changed(cleaner={"max_repeats": 10**30}), "max_repeats", id="endless repeats"
    ),
    pytest.param(SETTINGS, changed(cleaner={"steps": "os.system"}), "steps", id="cleaner"),
    pytest.param(SETTINGS, changed(stopwords={"words": 3}), "words must be", id="stopwords"),
    pytest.param(SETTINGS, of_tokenizer(name="os.system"), "unknown tokenizer", id="an import"),
    pytest.param(
        SETTINGS,
        of_tokenizer(name="kiwi", settings={"model_path": "/etc"}),
        "unknown setting",
        id="a file of the machine",
    ),
    pytest.param("vocabulary.txt", lambda c: b"\xff" * 9, "not UTF-8", id="no text"),
    pytest.param(
        "vocabulary.txt", lambda c: c.replace(b"\n", b"\r\n"), "line 1: a carriage", id="CRLF"
    ),
    pytest.param(
        "vocabulary.txt", lambda c: b"\xef\xbb\xbf" + c, r"\\ufeff\[PAD\]", id="byte order mark"
    ),
    pytest.param("vocabulary.txt", lambda c: c + c[-7:], "twice", id="a word twice"),
    pytest.param("vocabulary.txt", lambda c: b"", "begins with nothing", id="empty"),
]


@pytest.mark.parametrize(("name", "forge", "message"), FORGED)
def test_what_is_forged_is_one_error_that_names_the_bundle(tmp_path, files, name, forge, message):
    folder = write_bundle(
        tmp_path / "forged", {**files, name: forge(files[name])}, kind="preprocessor"
    )
    with pytest.raises(ValueError, match=message) as refused:
        Preprocessor.load(folder)
    assert str(folder) in str(refused.value)
    assert verify(folder).status == "unreadable"


@pytest.mark.filterwarnings("ignore::koprep.preprocessor.DriftWarning")
@settings(max_examples=60)
@given(data=st.data())
def test_any_settings_open_or_are_one_error(tmp_path_factory, files, data):
    saved = json.loads(files[SETTINGS])
    values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
        max_leaves=5,
    )
    place = data.draw(st.sampled_from([saved, saved["tokenizer"], saved["cleaner"]]))
    place[data.draw(st.sampled_from(sorted(place)))] = data.draw(values)
    folder = tmp_path_factory.mktemp("bundles") / "forged"
    forged = {**files, SETTINGS: json.dumps(saved).encode()}
    try:
        opened = Preprocessor.load(write_bundle(folder, forged, kind="preprocessor"))
    except ValueError as error:
        assert str(folder) in str(error)  # noqa: PT017  # most values are refused, some are not
    else:
        assert opened.transform(["정말"]).shape == (1, opened.maxlen_)


@settings(max_examples=300)
@given(st.binary(max_size=200) | st.text().map(str.encode))
def test_any_vocabulary_file_opens_or_is_one_error(content):
    try:
        vocabulary = Vocabulary.from_text(content.decode())
    except ValueError:
        return
    assert vocabulary.to_text().encode() == content


@settings(max_examples=100)
@given(
    st.dictionaries(
        st.sampled_from(["format", "koprep_version", "kind", "task", "label_names", "files", "x"]),
        st.recursive(
            st.none() | st.integers() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
            max_leaves=4,
        ),
    )
)
def test_a_manifest_of_anything_is_one_error(document):
    with pytest.raises(ManifestError, match=MANIFEST):
        Manifest.from_bytes(seal(document))


@pytest.mark.parametrize(
    "name",
    [
        "../a.txt",
        "/etc/passwd",
        "a/b.txt",
        "..\\a.txt",
        "C:\\a.txt",
        "C:a.txt",
        "\\\\server\\share\\a.txt",
        "..",
        ".hidden",
        "",
        "a.txt\n",
        "a\x00.txt",
        "가.txt",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path, name):
    folder = write_bundle(tmp_path / "saved", {"a.txt": b"a"}, kind="preprocessor")
    document = json.loads((folder / MANIFEST).read_bytes())
    del document["sha256"]
    document["files"][name] = "0" * 64
    (folder / MANIFEST).write_bytes(seal(document))
    with pytest.raises(DamagedBundle, match=r"manifest\.json: files"):
        read_bundle(folder)
    with pytest.raises(FileExistsError, match=r"manifest\.json: files"):
        write_bundle(folder, {"a.txt": b"b"}, kind="preprocessor")


def test_thousands_of_files_are_not_looked_for(tmp_path):
    folder = write_bundle(tmp_path / "saved", {"a.txt": b"a"}, kind="preprocessor")
    document = json.loads((folder / MANIFEST).read_bytes())
    del document["sha256"]
    document["files"] = {f"f{number}": "0" * 64 for number in range(20_000)}
    (folder / MANIFEST).write_bytes(seal(document))
    with pytest.raises(DamagedBundle, match="more than 1,048,576 bytes"):
        read_bundle(folder)


@pytest.mark.parametrize("size", [LARGEST_MANIFEST + 1, 1 << 40])
def test_a_manifest_of_any_size_is_not_read_whole(tmp_path, size):
    folder = write_bundle(tmp_path / "saved", {"a.txt": b"a"}, kind="preprocessor")
    os.truncate(folder / MANIFEST, size)  # a file with a hole, which takes no place on disk
    with pytest.raises(DamagedBundle, match="more than 1,048,576 bytes"):
        read_bundle(folder)
    with pytest.raises(FileExistsError, match="more than 1,048,576 bytes"):
        write_bundle(folder, {"a.txt": b"b"}, kind="preprocessor")


def test_a_file_of_any_size_is_not_read_into_memory(tmp_path):
    folder = write_bundle(tmp_path / "saved", {"vocabulary.txt": b"a"}, kind="preprocessor")
    os.truncate(folder / "vocabulary.txt", 1 << 26)
    tracemalloc.start()
    try:
        with pytest.raises(DamagedBundle, match=r"vocabulary\.txt was changed"):
            read_bundle(folder)
        assert tracemalloc.get_traced_memory()[1] < 1 << 22
    finally:
        tracemalloc.stop()


def test_many_strange_files_are_counted_after_the_first(tmp_path):
    folder = write_bundle(tmp_path / "saved", {"a.txt": b"a"}, kind="preprocessor")
    for number in range(NAMED + 1_500):
        (folder / f"junk{number}").touch()
    with pytest.raises(DamagedBundle, match=r"is no part of it and 1,500 more; move it") as refused:
        read_bundle(folder)
    assert len(refused.value.problems) == NAMED + 1_500
    with pytest.raises(FileExistsError, match="and 1,500 more; move it"):
        write_bundle(folder, {"a.txt": b"b"}, kind="preprocessor")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have no names there")
@pytest.mark.parametrize("name", ["a.txt", MANIFEST])
def test_a_pipe_is_not_waited_for(tmp_path, name):
    folder = write_bundle(tmp_path / "saved", {"a.txt": b"a"}, kind="preprocessor")
    (folder / name).unlink()
    os.mkfifo(folder / name)
    with pytest.raises(DamagedBundle, match="is no plain file"):
        read_bundle(folder)
