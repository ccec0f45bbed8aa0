"""Old pickles: what Keras wrote is read, and nothing in any file runs."""

import builtins
import contextlib
import copyreg
import functools
import os
import pickle
import pickletools
import struct
import sys
from collections import Counter, OrderedDict, defaultdict
from types import ModuleType

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from koprep.keras_compat import Tokenizer, load_keras_tokenizer_pickle

TEXTS = ["그의 말이 법이다", "말이 있다!", "TV를 본다 말이"]
MODULES = [
    "keras.preprocessing.text",
    "keras.src.preprocessing.text",
    "keras_preprocessing.text",
    "tensorflow.python.keras.preprocessing.text",
    "tf_keras.src.preprocessing.text",
]


def fitted(made=Tokenizer, **arguments):
    tokenizer = made(**arguments)
    tokenizer.fit_on_texts(TEXTS)
    return tokenizer


def load(folder, data):
    path = folder / "tokenizer.pickle"
    path.write_bytes(data)
    return load_keras_tokenizer_pickle(path)


def typed_state(tokenizer):
    return {
        name: (type(value), list(value.items()) if isinstance(value, dict) else value)
        for name, value in sorted(vars(tokenizer).items())
    }


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("arguments", [{}, {"num_words": 3, "oov_token": "<OOV>", "lower": False}])
def test_what_keras_pickled(tmp_path, protocol, arguments):
    pytest.importorskip("tensorflow")
    from tensorflow.keras.preprocessing.text import Tokenizer as Old
    from tensorflow.keras.preprocessing.text import tokenizer_from_json as old_from_json

    for theirs in (Old(**arguments), fitted(Old, **arguments)):
        mine = load(tmp_path, pickle.dumps(theirs, protocol))
        assert type(mine) is Tokenizer
        assert typed_state(mine) == typed_state(theirs)
        assert mine.texts_to_sequences(TEXTS) == theirs.texts_to_sequences(TEXTS)
    mine = load(tmp_path, pickle.dumps(old_from_json(theirs.to_json()), protocol))
    assert mine.to_json() == theirs.to_json()


@pytest.fixture
def old_class(monkeypatch):
    """Makes the class of an old module path that is not installed, so that it can be pickled."""

    def make(module):
        made = type("Tokenizer", (Tokenizer,), {"__module__": module})
        for end in range(module.count(".") + 1):
            name = ".".join(module.split(".")[: end + 1])
            monkeypatch.setitem(sys.modules, name, ModuleType(name))
        sys.modules[module].Tokenizer = made
        return made

    return make


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_every_old_address_of_the_class(tmp_path, old_class, module, protocol):
    data = pickle.dumps(fitted(old_class(module)), protocol)
    assert typed_state(load(tmp_path, data)) == typed_state(fitted())


def test_own_pickles_are_pickles(tmp_path):
    data = pickle.dumps(fitted(oov_token="OOV"))
    expected = typed_state(fitted(oov_token="OOV"))
    assert typed_state(pickle.loads(data)) == typed_state(load(tmp_path, data)) == expected


def test_attributes_of_old_and_of_changed_versions(tmp_path):
    tokenizer = fitted()
    for later in ("index_word", "index_docs", "oov_token", "analyzer", "document_count"):
        delattr(tokenizer, later)
    tokenizer.texts_to_sequences = "own attribute"
    mine = load(tmp_path, pickle.dumps(tokenizer))
    assert mine.index_word == fitted().index_word
    assert (mine.oov_token, mine.analyzer, mine.document_count) == (None, None, 0)
    assert mine.texts_to_sequences(["말이"]) == [[1]]


def test_python_2_wrote_texts_as_bytes(tmp_path):
    word = "말이".encode()
    state = b"}(U\x0aword_index}U" + bytes([len(word)]) + word + b"K\x01sU\x05lowerI01\nu"
    counts = b"U\x0bword_countsccollections\nOrderedDict\n((lp1\n(lU\x01aaK\x02aatRs"
    data = b"ckeras.preprocessing.text\nTokenizer\n)\x81" + state + counts + b"b."
    mine = load(tmp_path, b"\x80\x02" + data)
    assert mine.word_index == {"말이": 1}
    assert mine.word_counts == OrderedDict(a=2)


class Attack:
    """Pickles as the call of anything."""

    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call

    def __call__(self):
        """For pickle, which asks whether what is to be called can be."""


def inside(attack):
    """Places in and around a tokenizer where an attack can stand."""
    yield attack
    yield [fitted(), attack]
    for name in ("analyzer", "word_index", "num_words", "of no use"):
        tokenizer = fitted()
        setattr(tokenizer, name, attack)
        yield tokenizer
    tokenizer = fitted()
    tokenizer.word_index["말이"] = attack
    yield tokenizer
    tokenizer = fitted()
    tokenizer.word_counts = Attack(OrderedDict, [("가", attack)])
    yield tokenizer
    tokenizer = fitted()
    tokenizer.word_docs = Attack(defaultdict, attack)
    yield tokenizer


@pytest.mark.parametrize("protocol", [0, 2, 4, 5])
@pytest.mark.parametrize(
    ("name", "attack"),
    [
        pytest.param(r"\w+\.system", lambda path: Attack(os.system, f"touch {path}"), id="system"),
        pytest.param(
            "eval", lambda path: Attack(eval, f"open({str(path)!r}, 'w').close()"), id="eval"
        ),
        pytest.param(
            "getattr",
            lambda path: Attack(
                Attack(getattr, Attack(__import__, "os"), "system"), f"touch {path}"
            ),
            id="nested reduce",
        ),
        pytest.param(
            r"functools\.partial",
            lambda path: Attack(functools.partial(os.system, f"touch {path}")),
            id="partial",
        ),
    ],
)
def test_nothing_runs(tmp_path, protocol, name, attack):
    marker = tmp_path / "attacked"
    for content in inside(attack(marker)):
        data = pickle.dumps(content, protocol)
        with pytest.raises(pickle.UnpicklingError, match=rf"names \S*{name}"):
            load(tmp_path, data)
        assert not marker.exists()
    with contextlib.suppress(TypeError):
        pickle.loads(data)
    assert marker.exists(), "the attack itself must work"


def short(text):
    return b"\x8c" + bytes([len(text)]) + text


NEW = short(b"keras.preprocessing.text") + short(b"Tokenizer") + b"\x93"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(NEW + b"N}" + short(b"fit_on_texts") + b"K\x01s\x86b.", "changes", id="class"),
        pytest.param(NEW + b"K\x01\x85R.", "calls a Keras Tokenizer on a tuple", id="called"),
        pytest.param(NEW + b"(K\x01l\x81.", "makes", id="made with arguments"),
        pytest.param(
            b"ccopyreg\n_reconstructor\n(cbuiltins\nint\ncbuiltins\nobject\nNtR.",
            "calls _reconstructor",
            id="other class reconstructed",
        ),
        pytest.param(b"ckeras.preprocessing.text\nTokenizer.__init__\n.", "names", id="dotted"),
        pytest.param(b"ccopyreg\n__newobj__\n.", "copyreg.__newobj__", id="copyreg"),
        pytest.param(b"cnumpy\nfromfile\n.", "numpy.fromfile", id="numpy"),
        pytest.param(b"ckeras.preprocessing.text\ntokenizer_from_json\n.", "names", id="function"),
        pytest.param(b"(S'touch x'\nios\nsystem\n.", "INST", id="INST"),
        pytest.param(b"(cbuiltins\nint\no.", "OBJ", id="OBJ"),
        pytest.param(b"\x82\x01.", "EXT1", id="registered extension"),
        pytest.param(b"Pid\n.", "PERSID", id="persistent id"),
        pytest.param(b"K\x01Q.", "BINPERSID", id="binary persistent id"),
        pytest.param(b"C\x01a.", "SHORT_BINBYTES", id="bytes"),
        pytest.param(b"K\x01K\x01a.", "appends to 1", id="append to a number"),
        pytest.param(b"K\x01K\x01K\x01s.", "items of 1", id="item of a number"),
        pytest.param(b"}NK\x01s.", "key None", id="key that is no word"),
        pytest.param(b"].", "no tokenizer but a list", id="another object"),
        pytest.param(b"cbuiltins\nint\n.", "no tokenizer but int", id="a class"),
        pytest.param(b"}K\x01.", "broken", id="two results"),
        pytest.param(b"0.", "POP", id="POP"),
        pytest.param(b"R.", "too little", id="empty stack"),
        pytest.param(b"u.", "broken", id="no mark"),
        pytest.param(b"h\x05.", "broken", id="empty memo"),
        pytest.param(b"\xff", "broken", id="unknown instruction"),
        pytest.param(b"", "broken", id="empty file"),
        pytest.param("텍스트 파일\n".encode(), "broken", id="text file"),
    ],
)
def test_every_other_instruction_is_refused(tmp_path, data, message):
    before = dict(vars(Tokenizer))
    with pytest.raises(pickle.UnpicklingError, match=message) as caught:
        load(tmp_path, data)
    assert "tokenizer.pickle" in str(caught.value)
    assert dict(vars(Tokenizer)) == before


def test_an_extension_code_is_not_looked_up(tmp_path):
    copyreg.add_extension("builtins", "exec", 240)
    try:
        with pytest.raises(pickle.UnpicklingError, match="EXT1"):
            load(tmp_path, pickle.dumps(builtins.exec, 2))
    finally:
        copyreg.remove_extension("builtins", "exec", 240)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"Nr" + struct.pack("<I", 2**32 - 1) + b".", id="memo index"),
        pytest.param(b"Np99999999999999\n.", id="memo index in decimal"),
        pytest.param(b"\x8d" + struct.pack("<Q", 2**62) + b"a.", id="text longer than the file"),
        pytest.param(b"\x8b" + struct.pack("<I", 2**31 - 1) + b"a.", id="number"),
        pytest.param(b"\x95" + struct.pack("<Q", 2**63 + 1) + b"N.", id="frame"),
        pytest.param(b"I" + b"9" * 100_000 + b"\n.", id="digits"),
        pytest.param(b"(" * 100_000 + b"N" + b"t" * 100_000 + b".", id="nesting"),
        pytest.param(b")" + b"q\x00h\x00\x86" * 60 + b"q\x00}h\x00Ns.", id="hash of nested tuples"),
        pytest.param(b")" + b"q\x00h\x00\x86" * 60 + b".", id="print of nested tuples"),
    ],
)
def test_small_files_take_little_memory_and_time(tmp_path, data):
    with pytest.raises(pickle.UnpicklingError):
        load(tmp_path, data)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("num_words", "3"), ("num_words", 2.5), ("filters", None), ("lower", "no"), ("split", 1),
        ("char_level", None), ("oov_token", 1), ("document_count", None), ("word_index", []),
        ("word_index", {"가": "1"}), ("word_index", {1: 1}), ("index_word", {"1": "가"}),
        ("index_word", {1: 2}), ("word_counts", {"가": [1]}), ("index_docs", {1: None}),
    ],
)  # fmt: skip
def test_attributes_that_cannot_be(tmp_path, name, value):
    tokenizer = fitted()
    setattr(tokenizer, name, value)
    with pytest.raises(pickle.UnpicklingError, match=f"{name} cannot"):
        load(tmp_path, pickle.dumps(tokenizer))


@pytest.mark.parametrize(("analyzer", "told"), [(int, "int"), ("str.split", "'str.split'")])
def test_an_analyzer_is_refused_even_where_its_name_is_known(tmp_path, analyzer, told):
    tokenizer = fitted()
    tokenizer.analyzer = analyzer
    with pytest.raises(pickle.UnpicklingError, match=f"analyzer is {told}"):
        load(tmp_path, pickle.dumps(tokenizer))


def test_what_a_number_type_of_numpy_names(tmp_path):
    with pytest.raises(pickle.UnpicklingError, match="numpy"):
        load(tmp_path, pickle.dumps(fitted(num_words=np.int64(5))))


def test_a_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        load_keras_tokenizer_pickle(tmp_path / "none.pickle")


WHOLE = {protocol: pickle.dumps(fitted(oov_token="OOV"), protocol) for protocol in (0, 2, 4)}


@pytest.mark.parametrize("protocol", WHOLE)
def test_a_file_that_ends_early(tmp_path, protocol):
    for end in range(0, len(WHOLE[protocol]), 7):
        with pytest.raises(pickle.UnpicklingError):
            load(tmp_path, WHOLE[protocol][:end])


OPCODES = [opcode.code.encode("latin-1") for opcode in pickletools.opcodes]


@pytest.mark.filterwarnings("ignore:invalid escape sequence")
@settings(
    max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_changed_files_give_a_tokenizer_or_one_error(tmp_path, data):
    content = WHOLE[data.draw(st.sampled_from(list(WHOLE)))]
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(content)))
        end = start + data.draw(st.sampled_from([0, 1, 1, 5]))
        piece = data.draw(st.sampled_from(OPCODES) | st.binary(max_size=4))
        content = content[:start] + piece + content[end:]
    try:
        tokenizer = load(tmp_path, content)
    except pickle.UnpicklingError:
        return
    assert type(tokenizer) is Tokenizer
    assert set(vars(tokenizer)) == set(vars(Tokenizer()))


def test_the_vocabulary_of_a_real_corpus_opens_in_seconds(tmp_path):
    tokenizer = Tokenizer()
    tokenizer.fit_on_texts([[f"말{number}" for number in range(40_000)]])
    assert typed_state(load(tmp_path, pickle.dumps(tokenizer))) == typed_state(tokenizer)
    assert Counter(tokenizer.word_docs.values()) == {1: 40_000}
