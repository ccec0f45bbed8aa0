"""Giving texts back in the kind of container they came in."""

from __future__ import annotations

from typing import Any

import numpy as np


def like(original: Any, texts: list[str]) -> Any:
    """Return `texts` as the kind of container `original` is.

    A NumPy array, an Arrow array, a pandas-like Series (same name, index and dtype, categories
    apart) or a polars Series comes back as such; for anything else the list itself is returned.

    >>> like(np.array(["가 ", "나"]), ["가", "나"])
    array(['가', '나'], dtype='<U1')
    >>> like(("가 ",), ["가"])
    ['가']
    """
    if isinstance(original, list | tuple):
        return texts
    if isinstance(original, np.ndarray):
        keeps_dtype = original.dtype.kind in "OT"  # objects, StringDType; <U12 may be too narrow
        return np.array(texts, dtype=original.dtype if keeps_dtype else np.str_)

    from narwhals import dependencies  # knows every kind of series and imports none

    make = type(original)
    if dependencies.is_pandas_like_series(original):
        dtype = None if original.dtype == "category" else original.dtype
        return make(texts, index=original.index, name=original.name, dtype=dtype)
    if dependencies.is_polars_series(original):
        return make(original.name, texts, dtype=str)
    pyarrow = dependencies.get_pyarrow()  # None where nobody imported it
    if pyarrow is not None and isinstance(original, pyarrow.ChunkedArray):
        return pyarrow.chunked_array([texts], type=pyarrow.string())
    if pyarrow is not None and isinstance(original, pyarrow.Array):
        return pyarrow.array(texts, type=pyarrow.string())
    return texts
