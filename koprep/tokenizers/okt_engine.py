"""Okt for many texts at once: one call into the JVM, with nothing of Python in it."""

from __future__ import annotations

from functools import cache
from typing import Any


class OktEngine:
    """Open Korean Text, as KoNLPy brings it.

    KoNLPy calls Java once a text and once more for every morpheme of the answer, and between
    calls a thread has to wait for the others. Here Java walks over the texts itself, so that
    threads run side by side.
    """

    def __init__(self) -> None:
        from konlpy.tag import Okt

        self._okt = Okt().jki
        self._function = cache(self._make_function)

    def pos(self, texts: list[str], *, norm: bool, stem: bool) -> list[list[tuple[str, str]]]:
        """Return (form, tag) of the morphemes of each text; no text holds a line break."""
        import jpype

        array = jpype.JArray(jpype.java.lang.String)(texts)
        found = jpype.java.util.Arrays.stream(array).map(self._function(norm, stem)).toArray()
        return [[_pair(morpheme) for morpheme in str(row).split("\n") if morpheme] for row in found]

    def _make_function(self, norm: bool, stem: bool) -> Any:
        """Return a Java function from a text to its morphemes, one a line."""
        import jpype

        java = jpype.java
        handles, method_type = java.lang.invoke.MethodHandles, java.lang.invoke.MethodType
        text, flag, morphemes = (
            java.lang.String.class_,
            java.lang.Boolean.class_,
            java.util.List.class_,
        )
        lookup = handles.publicLookup()
        tokenize = lookup.findVirtual(
            self._okt.getClass(), "tokenize", method_type.methodType(morphemes, text, [flag, flag])
        )
        options = [java.lang.Boolean(norm), java.lang.Boolean(stem)]
        tokenize = handles.insertArguments(tokenize.bindTo(self._okt), 1, options)
        join = lookup.findStatic(
            text,
            "join",
            method_type.methodType(
                text, java.lang.CharSequence.class_, [java.lang.Iterable.class_]
            ),
        )
        join = join.bindTo("\n").asType(method_type.methodType(text, morphemes))
        return java.lang.invoke.MethodHandleProxies.asInterfaceInstance(
            java.util.function.Function.class_, handles.filterReturnValue(tokenize, join)
        )


def _pair(morpheme: str) -> tuple[str, str]:
    form, _, tag = morpheme.rpartition("/")
    return form, tag
