"""`OnnxNetwork`: an exported network, run by onnxruntime, without TensorFlow and `onnx`."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Self
from weakref import WeakValueDictionary

import numpy as np
import numpy.typing as npt

from koprep.padding import PAD_ID, padding_mask, row_lengths

from .network import Probabilities, TokenIds
from .onnx_format import MASKS_PADDING, ONNX_FILE, next_state_name, state_name

State = list[Probabilities]
"""Of each recurrent layer, float32 (1, rows, units); an LSTM has two."""


class OnnxNetwork:
    """A network in the form `export_onnx` writes.

    It opens at first use, once a process for all that hold the same file. Threads may share it; it
    is pickled as the file's content. A row is computed on one core.

    Args:
        content: the file's content.
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        self._digest = hashlib.sha256(content).digest()
        self._kept: Any = None

    def __reduce__(self) -> tuple[type[Self], tuple[bytes]]:
        return type(self), (self.content,)

    @cached_property
    def properties(self) -> dict[str, str]:
        """What the writer noted: see `onnx_format`."""
        return dict(self._session().get_modelmeta().custom_metadata_map)

    @cached_property
    def masks_padding(self) -> bool:
        """Whether PAD is passed over, so that rows may have any width."""
        noted = self.properties.get(MASKS_PADDING)
        if noted is None:
            raise _refused(f"it does not say whether it {MASKS_PADDING.replace('_', ' ')}")
        return noted == "true"

    @property
    def keeps_state(self) -> bool:
        """Whether rows can be read in parts: it is a `NextToken`."""
        return bool(self._state_sizes)

    def probabilities(self, token_ids: TokenIds) -> Probabilities:
        """Run the network on rows with PAD on the left; see `Network`."""
        if not token_ids.size:  # an empty batch would end the process in onnxruntime's LSTM
            rows, width = token_ids.shape
            filled = np.full((max(1, rows), max(1, width)), PAD_ID, np.int32)
            nothing = self._run(filled, np.zeros(len(filled), np.int32))[0][:rows]
            return nothing[:, :width] if nothing.ndim == 3 else nothing
        if not self.masks_padding or np.count_nonzero(token_ids) == token_ids.size:
            return self._run(token_ids, _whole(token_ids))[0]
        lengths = row_lengths(token_ids).astype(np.int32)
        on_left = padding_mask(token_ids)
        on_right = on_left[:, ::-1]
        turned = np.full_like(token_ids, PAD_ID)
        turned[on_right] = token_ids[on_left]
        found = self._run(turned, lengths)[0]
        if found.ndim == 2:
            return found
        returned = np.zeros_like(found)
        returned[on_left] = found[on_right]
        return returned

    def start(self, rows: int) -> State:
        """Return the state before the first token of `rows` rows."""
        return [np.zeros((1, rows, size), np.float32) for size in self._state_sizes]

    def read(self, token_ids: npt.NDArray[np.integer], state: State) -> tuple[Probabilities, State]:
        """Read on; see `NextToken`. Rows without PAD, of one token at least."""
        read = np.asarray(token_ids, np.int32)
        found, *after = self._run(read, _whole(read), state)
        return (found[:, -1] if found.ndim == 3 else found), after

    def select(self, state: State, rows: Sequence[int]) -> State:
        """Return the state of some rows."""
        return [part[:, list(rows)] for part in state]

    @cached_property
    def _state_sizes(self) -> list[int]:
        return [int(given.shape[-1]) for given in self._session().get_inputs()[2:]]

    @cached_property
    def _outputs(self) -> list[str]:
        return ["probabilities", *map(next_state_name, range(len(self._state_sizes)))]

    def _run(
        self, token_ids: TokenIds, lengths: npt.NDArray[np.int32], state: State | None = None
    ) -> list[Probabilities]:
        """Return the probabilities; after a state, also the next one. PAD stands on the right."""
        feed: dict[str, npt.NDArray[Any]] = {"token_ids": token_ids, "lengths": lengths}
        if self.keeps_state:
            given = self.start(len(token_ids)) if state is None else state
            feed.update((state_name(number), part) for number, part in enumerate(given))
        outputs = self._outputs[:1] if state is None else self._outputs
        session = self._session()
        # What InferenceSession looks at before it runs (graphs on a GPU, names that we wrote) takes
        # a fifth of the time that the network does for one text: what it wraps runs at once.
        run = getattr(session, "_sess", session).run
        try:
            found: list[Probabilities] = run(outputs, feed, None)
        except _onnxruntime_errors() as error:
            raise _refused(str(error)) from None
        return found

    def _session(self) -> Any:
        session = _sessions.get(self._digest)
        if session is None:
            with _lock:
                session = _sessions.get(self._digest)
                if session is None:
                    session = _sessions[self._digest] = _open(self.content)
        self._kept = session  # it lives as long as somebody holds it
        return session


def _whole(token_ids: TokenIds) -> npt.NDArray[np.int32]:
    rows, width = token_ids.shape
    return np.array([width] * rows, np.int32)


_sessions: WeakValueDictionary[bytes, Any] = WeakValueDictionary()
"""SHA-256 of a file -> its session, for all that hold the same file."""

_lock = threading.Lock()


def _open(content: bytes) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # a row is too little work to share
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 4  # what is no reason to die is raised
    # Weights in other files would be looked for in the folder the process happens to work in.
    options.add_session_config_entry(
        "session.model_external_initializers_file_folder_path", os.devnull
    )
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except _onnxruntime_errors() as error:
        raise _refused(str(error)) from None


def _refused(reason: str) -> ValueError:
    """Blame the file for what onnxruntime does not do with it."""
    return ValueError(
        f"{ONNX_FILE} is damaged, or belongs to another model: {reason.strip()}; "
        "copy the bundle again, whole, or save it again"
    )


def _onnxruntime_errors() -> tuple[type[Exception], ...]:
    """Return all that onnxruntime raises: they have no class in common."""
    from onnxruntime.capi import onnxruntime_pybind11_state as raised

    kinds = vars(raised).values()
    return tuple(one for one in kinds if isinstance(one, type) and issubclass(one, Exception))


def _forget_sessions() -> None:
    """In a forked child another thread may have held a session's locks: it opens its own."""
    global _lock, _sessions
    _lock = threading.Lock()
    _sessions = WeakValueDictionary()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_sessions)
