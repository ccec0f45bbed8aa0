"""The models a server has open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from koprep.bundle import Kind, read_bundle
from koprep.text_encoder import TextEncoder

from ..choices import unknown
from ..inspection import single_cell
from ..loading import load, open_classifier
from ..onnx_format import ONNX_FILE
from ..predicting import LabelPredictor
from ..pretrained_models import PRETRAINED
from ..saved_settings import USES
from ..stacked_cells import StackedCells
from .problems import Problem
from .tracing import cell_name

DEFAULTS = ("review-sentiment", "entity-tagger", "chat-generator")
"""Of the models that come with koprep, those that answer for their kind."""

KINDS_KO = {"classifier": "분류 모델", "tagger": "태깅 모델", "generator": "생성 모델"}


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a model comes from, and what is known of it before it is opened."""

    name: str
    kind: Kind
    folder: Path
    summary: str
    license: str
    default: bool
    """Whether it answers for its kind."""


@dataclass(frozen=True, kw_only=True, eq=False)
class ServedModel:
    """A model that is open."""

    source: Source
    estimator: Any
    """A `LabelPredictor`, a `LinearBaseline`, a `SequenceTagger` or a `TextGenerator`."""
    encoder: TextEncoder
    label_names: tuple[str, ...]
    cells: StackedCells | None
    """Of a network that can be followed token by token."""
    network_bytes: int
    answer: Callable[[list[str]], Sequence[Any]]
    """Texts to answers, ready for JSON; not of a generator."""

    def entry(self) -> dict[str, Any]:
        """Return what `GET /v1/models` tells of it."""
        source = self.source
        return {
            "name": source.name,
            "kind": source.kind,
            "summary": source.summary,
            "label_names": list(self.label_names),
            "license": source.license,
            "default": source.default,
            "traceable": self.cells is not None,
            "cell": None if self.cells is None else cell_name(self.cells),
            "network_bytes": self.network_bytes,
        }


def sources(folders: Sequence[Path]) -> list[Source]:
    """Return the models to serve: those that come with koprep, then the folders.

    The first folder of a kind answers for the kind.

    Raises:
        FileNotFoundError: a folder that there is not.
        ValueError: a folder that holds no model or was changed, or two models of one name.
    """
    found: list[Source] = []
    for path in folders:
        bundle = read_bundle(path)
        kind = bundle.manifest.kind
        if kind == "preprocessor":
            raise ValueError(f"{path} holds a preprocessor and no model; {USES[kind]}")
        name = path.resolve().name
        if name in PRETRAINED or name in {source.name for source in found}:
            raise ValueError(
                f"{path} would be served as {name!r}, which is another model's name: "
                "rename the folder"
            )
        first = kind not in {source.kind for source in found}
        about = f"a {kind} from the folder {name}"
        found.append(
            Source(name=name, kind=kind, folder=path, summary=about, license="", default=first)
        )
    replaced = {source.kind for source in found}
    ours = [
        Source(
            name=model.name,
            kind=model.kind,
            folder=model.folder,
            summary=model.summary,
            license=model.license,
            default=model.name in DEFAULTS and model.kind not in replaced,
        )
        for model in PRETRAINED.values()
    ]
    return [*ours, *found]


def open_model(source: Source) -> ServedModel:
    """Open a model.

    Raises:
        ValueError: the folder holds something else than it did.
        ModuleNotFoundError: the model needs an extra that is not installed.
    """
    bundle = read_bundle(source.folder)
    answer: Callable[[list[str]], Sequence[Any]]
    if source.kind == "classifier":
        estimator: Any = open_classifier(source.folder)
        label_names = tuple(estimator.label_names_)
        answer = _Predictions(estimator)
    else:
        estimator = load(source.folder, kind=source.kind)
        label_names = estimator.tag_names_ if source.kind == "tagger" else ()
        answer = _Spans(estimator)
    predicts = isinstance(estimator, LabelPredictor)
    encoder = estimator.encoder if predicts else estimator.preprocessor_.encoder()
    if source.kind == "generator":  # analyzer and network open now, not at the first request
        next(encoder.iter_tokens(["가"]))
        _ = estimator.network_.masks_padding
    else:
        answer(["가"])
    files = bundle.manifest.files
    sizes = {name: bundle.path(name).stat().st_size for name in files}
    return ServedModel(
        source=source,
        estimator=estimator,
        encoder=encoder,
        label_names=label_names,
        cells=single_cell(estimator.network) if predicts else None,
        network_bytes=sizes.get(ONNX_FILE, max(sizes.values())),
        answer=answer,
    )


@dataclass(frozen=True)
class _Predictions:
    """A classifier's answers."""

    classifier: Any

    def __call__(self, texts: list[str]) -> list[dict[str, Any]]:
        probabilities = self.classifier.predict_proba(texts)
        names = self.classifier.label_names_
        best = probabilities.argmax(axis=1).tolist()
        return [
            {"label": names[label], "probabilities": row}
            for label, row in zip(best, probabilities.tolist(), strict=True)
        ]


@dataclass(frozen=True)
class _Spans:
    """A tagger's answers."""

    tagger: Any

    def __call__(self, texts: list[str]) -> list[dict[str, Any]]:
        return [
            {
                "text": text,
                "spans": [{**one._asdict(), "text": text[one.start : one.end]} for one in spans],
            }
            for text, spans in zip(texts, self.tagger.predict(texts), strict=True)
        ]


class Models:
    """The models by name; empty until `open`."""

    def __init__(self, found: Sequence[Source]) -> None:
        self._sources = list(found)
        self._open: dict[str, ServedModel] = {}
        self.ready: bool = False
        """Whether all are open."""
        self.failure: BaseException | None = None
        """Why they could not be opened."""

    def open(self) -> None:
        """Open all, one after the other; see `open_model`."""
        self._open = {source.name: open_model(source) for source in self._sources}
        self.ready = True

    def all(self) -> list[ServedModel]:
        """Return all of them.

        Raises:
            Problem: they are not open yet, or could not be opened.
        """
        if self.failure is not None:
            raise Problem.internal()
        if not self.ready:
            raise Problem.not_ready()
        return list(self._open.values())

    def get(self, name: str | None, kind: Kind | None, where: str = "/model") -> ServedModel:
        """Return a model by its name, or the one that answers for its kind.

        Args:
            name: None for the kind's default.
            kind: what it must be; None takes any, and is a classifier by default.
            where: JSON pointer to the name.

        Raises:
            Problem: there is none of this name, or it is of another kind; or they are not open.
        """
        models = self.all()
        if name is None:
            wanted = kind or "classifier"
            return next(one for one in models if one.source.default and one.source.kind == wanted)
        names = [one.source.name for one in models if kind in (None, one.source.kind)]
        if name in names:
            return self._open[name]
        if name in self._open:
            detail = f"{name} is a {self._open[name].source.kind} and no {kind}"
            korean = f"{name} 모델은 {KINDS_KO[self._open[name].source.kind]}입니다."
        else:
            detail = unknown("model", name[:100], names)
            korean = f"그런 이름의 모델은 없습니다. 쓸 수 있는 모델: {', '.join(names)}"
        raise Problem(422, "unknown-model", detail, korean, where=where)
