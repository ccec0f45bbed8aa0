"""Does a change make a hot path slower? Instructions are counted, not seconds.

Callgrind counts what each path executes, for the working tree and for the commit in `base.json`,
one after the other with the same interpreter and libraries. So neither a busy or slow machine nor
another version of Python, NumPy or onnxruntime changes the answer: both sides meet the same.

What a count does not see: waiting, and memory that is slow to reach.

    python -m benchmarks.guard           # compare; exit status 1 where a path got slower
    python -m benchmarks.guard --renew   # the commit that is checked out becomes the base
"""
