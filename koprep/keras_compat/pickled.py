"""Old pickles of Keras tokenizers, read as data: nothing in them is imported or called.

`pickle` is a small machine that builds whatever it is told to, by calling whatever it is told to
call. Restricting the names it may look up still lets a hostile file fill the memory (by a memo
index of four thousand million), hang (by hashing nested tuples), or write attributes of the
allowed classes. So its instructions, which `pickletools` lists, are followed here by a machine
that knows words, numbers, lists, tables and one kind of object.
"""

from __future__ import annotations

import pickletools
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

from koprep.keras_compat.text import Tokenizer


class _Name(Enum):
    """What a pickled tokenizer names: marks on the stack, not the things themselves."""

    TOKENIZER = "a Keras Tokenizer"
    ORDERED_DICT = "OrderedDict"
    DEFAULT_DICT = "defaultdict"
    INT = "int"
    OBJECT = "object"
    RECONSTRUCTOR = "_reconstructor"


_TOKENIZER_MODULES = (
    "keras.preprocessing.text",
    "keras.src.preprocessing.text",
    "keras.src.legacy.preprocessing.text",
    "keras_preprocessing.text",
    "koprep.keras_compat.text",
    "tensorflow.contrib.keras.python.keras.preprocessing.text",
    "tensorflow.keras.preprocessing.text",
    "tensorflow.python.keras.preprocessing.text",
    "tensorflow.python.keras._impl.keras.preprocessing.text",
    "tf_keras.preprocessing.text",
    "tf_keras.src.preprocessing.text",
)
_KNOWN = {f"{module}.Tokenizer": _Name.TOKENIZER for module in _TOKENIZER_MODULES} | {
    "collections.OrderedDict": _Name.ORDERED_DICT,
    "collections.defaultdict": _Name.DEFAULT_DICT,
    "builtins.int": _Name.INT,
    "builtins.object": _Name.OBJECT,
    "copyreg._reconstructor": _Name.RECONSTRUCTOR,
    "__builtin__.int": _Name.INT,  # these as Python 2 called them, and protocols up to 2
    "__builtin__.long": _Name.INT,
    "__builtin__.object": _Name.OBJECT,
    "copy_reg._reconstructor": _Name.RECONSTRUCTOR,
}

_CONSTANTS: dict[str, Callable[[], Any]] = {
    "NONE": lambda: None,
    "NEWTRUE": lambda: True,
    "NEWFALSE": lambda: False,
    "EMPTY_TUPLE": tuple,
    "EMPTY_LIST": list,
    "EMPTY_DICT": dict,
}
_NUMBERS = frozenset(
    ["INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT"]
)
_TEXTS = frozenset(["UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8"])
_PYTHON_2_TEXTS = frozenset(["STRING", "BINSTRING", "SHORT_BINSTRING"])
_PUTS = frozenset(["PUT", "BINPUT", "LONG_BINPUT"])
_GETS = frozenset(["GET", "BINGET", "LONG_BINGET"])
_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}

_TABLES = ("word_counts", "word_docs", "word_index", "index_word", "index_docs")
_SETTINGS: dict[str, tuple[type, ...]] = {
    "num_words": (int, type(None)),
    "filters": (str,),
    "lower": (bool, int),
    "split": (str, type(None)),
    "char_level": (bool, int),
    "oov_token": (str, type(None)),
    "document_count": (int,),
}


def load_keras_tokenizer_pickle(path: str | Path) -> Tokenizer:
    """Read a tokenizer that any Keras pickled, without running anything in the file.

    Attributes that old versions did not have get their defaults; attributes that are none of
    `Tokenizer` are left out.

    Raises:
        FileNotFoundError: there is no such file.
        pickle.UnpicklingError: the file is no pickle of a tokenizer, is broken, or names anything
            but the tokenizer class and the tables in it (an `analyzer` too; the message says
            what).
    """
    data = Path(path).read_bytes()
    try:
        return _tokenizer(_Machine().run(data))
    except UnpicklingError as error:
        raise UnpicklingError(f"{path}: {error}") from None
    except (IndexError, KeyError, TypeError, ValueError) as error:
        raise UnpicklingError(f"{path}: broken, or no pickle ({error})") from error


class _Instance:
    """A tokenizer under construction."""

    def __init__(self) -> None:
        self.state: dict[Any, Any] = {}


class _Machine:
    """Follows the instructions of a pickle with a stack, marks in it, and a memo."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.marks: list[int] = []
        self.memo: dict[int, Any] = {}

    def run(self, data: bytes) -> Any:
        steps: dict[str, Callable[[], None]] = {
            "TUPLE": lambda: self.stack.append(tuple(self._after_mark())),
            "LIST": lambda: self.stack.append(self._after_mark()),
            "DICT": self._dict,
            "APPEND": lambda: self._extend([self.stack.pop()]),
            "APPENDS": lambda: self._extend(self._after_mark()),
            "SETITEM": lambda: self._set_items(self._pop(2)),
            "SETITEMS": lambda: self._set_items(self._after_mark()),
            "STACK_GLOBAL": lambda: self._name(".".join(self._pop(2))),
            "REDUCE": self._reduce,
            "NEWOBJ": self._new_object,
            "BUILD": self._build,
        }
        stack, memo = self.stack, self.memo
        argument: Any
        for opcode, argument, position in pickletools.genops(data):
            name = opcode.name
            if name in _TEXTS or name in _NUMBERS:
                stack.append(argument)
            elif name in _GETS:
                stack.append(memo[argument])
            elif name == "MEMOIZE":
                memo[len(memo)] = stack[-1]
            elif name in _PUTS:
                memo[argument] = stack[-1]
            elif name in steps:
                steps[name]()
            elif name in _CONSTANTS:
                stack.append(_CONSTANTS[name]())
            elif name == "MARK":
                self.marks.append(len(stack))
            elif name in _TUPLES:
                stack.append(tuple(self._pop(_TUPLES[name])))
            elif name == "GLOBAL":
                self._name(argument.replace(" ", "."))
            elif name in _PYTHON_2_TEXTS:
                stack.append(argument.encode("latin-1").decode())
            elif name not in ("PROTO", "FRAME", "STOP"):
                raise UnpicklingError(f"refused: {name} at byte {position} is in no tokenizer")
        (result,) = stack
        return result

    def _pop(self, count: int) -> list[Any]:
        if len(self.stack) < count:
            raise IndexError("too little on the stack")
        popped = self.stack[-count:]
        del self.stack[-count:]
        return popped

    def _after_mark(self) -> list[Any]:
        start = self.marks.pop()
        items = self.stack[start:]
        del self.stack[start:]
        return items

    def _extend(self, items: list[Any]) -> None:
        target = self.stack[-1]
        if type(target) is not list:
            raise UnpicklingError(f"refused: it appends to {_short(target)}")
        target.extend(items)

    def _dict(self) -> None:
        items = self._after_mark()
        self.stack.append({})
        self._set_items(items)

    def _set_items(self, items: list[Any]) -> None:
        table = self.stack[-1]
        if not isinstance(table, dict):
            raise UnpicklingError(f"refused: it sets items of {_short(table)}")
        keys, values = items[::2], items[1::2]
        for key in keys:
            if type(key) is not str and type(key) is not int:
                raise UnpicklingError(f"refused: the key {_short(key)} is no word and no number")
        table.update(zip(keys, values, strict=True))

    def _name(self, name: str) -> None:
        if name not in _KNOWN:
            raise UnpicklingError(f"refused: it names {name[:80]}, which is no part of a tokenizer")
        self.stack.append(_KNOWN[name])

    def _reduce(self) -> None:
        called, arguments = self._pop(2)
        match called, arguments:
            case _Name.ORDERED_DICT, ():
                self.stack.append(OrderedDict())
            case _Name.ORDERED_DICT, (list(pairs),):  # Python 2
                self.stack.append(OrderedDict())
                self._set_items([item for key, value in pairs for item in (key, value)])
            case _Name.DEFAULT_DICT, (_Name.INT,):
                self.stack.append(defaultdict(int))
            case _Name.RECONSTRUCTOR, (_Name.TOKENIZER, _Name.OBJECT, None):  # protocols 0 and 1
                self.stack.append(_Instance())
            case _:
                raise UnpicklingError(f"refused: it calls {_short(called)} on {_short(arguments)}")

    def _new_object(self) -> None:
        made, arguments = self._pop(2)
        if made is not _Name.TOKENIZER or arguments != ():
            raise UnpicklingError(f"refused: it makes {_short(made)}, which is no tokenizer")
        self.stack.append(_Instance())

    def _build(self) -> None:
        state = self.stack.pop()
        instance = self.stack[-1]
        if not isinstance(instance, _Instance) or not isinstance(state, dict):
            raise UnpicklingError(f"refused: it changes {_short(instance)}")
        instance.state = state


def _tokenizer(result: Any) -> Tokenizer:
    """Make the tokenizer whose attributes were read, once all are what they should be."""
    if not isinstance(result, _Instance):
        raise UnpicklingError(f"this is no tokenizer but {_short(result)}")
    state = result.state
    if state.get("analyzer") is not None:
        raise UnpicklingError(f"refused: analyzer is {_short(state['analyzer'])}")
    tokenizer = Tokenizer()
    for name, types in _SETTINGS.items():
        if name in state:
            if not isinstance(state[name], types):
                raise UnpicklingError(f"{name} cannot be {_short(state[name])}")
            setattr(tokenizer, name, state[name])
    for name in _TABLES:
        if name in state:
            setattr(tokenizer, name, _table(name, state[name]))
    if "index_word" not in state:  # came later than the rest
        tokenizer.index_word = {index: word for word, index in tokenizer.word_index.items()}
    return tokenizer


def _table(name: str, table: Any) -> dict[Any, Any]:
    value_type = str if name == "index_word" else int
    key_type = int if name.startswith("index") else str
    if not isinstance(table, dict):
        raise UnpicklingError(f"{name} cannot be {_short(table)}")
    for key, value in table.items():
        if type(key) is not key_type or type(value) is not value_type:
            raise UnpicklingError(f"{name} cannot hold {_short(key)}: {_short(value)}")
    return table


def _short(value: Any) -> str:
    """Say what `value` is, without looking into what may be nested without end."""
    if isinstance(value, _Name):
        return value.value
    if isinstance(value, str | int | float | None):
        text = repr(value)
        return text if len(text) <= 40 else f"{text[:37]}..."
    return f"a {type(value).__name__}"
