"""The API's routes: what is asked, checked, answered."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from functools import partial
from typing import Any, TypeVar

from fastapi import APIRouter
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from koprep.bundle import Kind

from ..decoding import DecodingConfig
from ..stacked_cells import StackedCells
from .guard import TEXTS
from .models import ServedModel
from .problems import Problem, ProblemDocument
from .schemas import (
    AnalyzeAnswer,
    AnalyzeRequest,
    GenerateRequest,
    Health,
    ModelsAnswer,
    PredictAnswer,
    PredictRequest,
    TagAnswer,
    TagRequest,
    Texts,
    TraceAnswer,
    TraceRequest,
)
from .service import Service
from .stream import EventStream, GenerationStream
from .tracing import trace

TRACE_WEIGHT = 4
"""Of following one network, in texts: it reads the text once for each of its tokens."""

TOKENS_A_TEXT = 4
"""Tokens written that weigh as much as a text."""

WATCHED_TEXTS = 64
"""From so many texts on it pays to notice that the client left."""

Result = TypeVar("Result")


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return how a route's errors are described."""
    told = {
        400: "the body is no JSON",
        401: "no key, or a wrong one",
        413: "the body is too large",
        422: "the body is not as described, or over a limit",
        500: "the models could not be opened: the log tells why",
        503: "too much to do, or not ready yet: try again after `Retry-After` seconds",
    }
    return {
        status: {
            "description": told[status],
            "content": {
                "application/problem+json": {
                    "schema": {"$ref": f"#/components/schemas/{ProblemDocument.__name__}"}
                }
            },
        }
        for status in statuses
    }


POST_PROBLEMS = _problems(400, 401, 413, 422, 503)

STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Server-sent events: `token` with `token` and `text`, the whole text so "
        "far, whose last letters a later token may change; at last `done` with `text`, or `error` "
        "with a problem.",
        "content": {
            "text/event-stream": {
                "schema": {  # of each event
                    "type": "object",
                    "properties": {
                        "event": {"enum": ["token", "done", "error"]},
                        "data": {"type": "string", "contentMediaType": "application/json"},
                    },
                    "required": ["event", "data"],
                },
                "example": 'event: token\ndata: {"token":"은/JX","text":"오늘은"}\n\n'
                'event: done\ndata: {"text":"오늘은"}\n\n',
            }
        },
    }
}


def api_routes(service: Service) -> APIRouter:
    """Return the routes of `/v1`."""
    router = APIRouter(prefix="/v1", default_response_class=Response)
    admission, batcher, models = service.admission, service.batcher, service.models

    @router.get("/models", response_model=ModelsAnswer, responses=_problems(401, 503))
    async def list_models() -> Response:
        """List the models that are served."""
        return _json({"models": [one.entry() for one in models.all()]})

    @router.post("/predict", response_model=PredictAnswer, responses=POST_PROBLEMS)
    async def predict(body: PredictRequest, request: Request) -> Response:
        """Tell the likeliest label of each text, and the probability of every label."""
        model, found = await answer_texts(body, "classifier", request)
        return _json(
            {
                "model": model.source.name,
                "label_names": model.label_names,
                "predictions": found,
            }
        )

    @router.post("/tag", response_model=TagAnswer, responses=POST_PROBLEMS)
    async def tag(body: TagRequest, request: Request) -> Response:
        """Find the spans of each text, such as the names of persons and places."""
        model, found = await answer_texts(body, "tagger", request)
        return _json({"model": model.source.name, "results": found})

    @router.post("/analyze", response_model=AnalyzeAnswer, responses=POST_PROBLEMS)
    async def analyze(body: AnalyzeRequest, request: Request) -> Response:
        """Show a text at every stage of a model's preprocessing."""
        model = models.get(body.model, None)
        weight = check(request, [body.text], "/text")
        with admission(weight):
            return _json(await batcher.call(partial(_analysis, model, body.text)))

    @router.post("/trace", response_model=TraceAnswer, responses=POST_PROBLEMS)
    async def trace_text(body: TraceRequest, request: Request) -> Response:
        """Follow recurrent networks through a text, token by token."""
        chosen = traceable(body.models)
        weight = check(request, [body.text], "/text") * TRACE_WEIGHT * len(chosen)
        with admission(weight):
            results = [
                {
                    "model": model.source.name,
                    **await batcher.call(partial(trace, cells, model.estimator, body.text)),
                }
                for model, cells in chosen
            ]
        return _json({"label_names": chosen[0][0].label_names, "results": results})

    @router.post("/generate", response_class=EventStream, responses={**POST_PROBLEMS, **STREAM})
    async def generate(body: GenerateRequest, request: Request) -> Response:
        """Write on from a prompt; each token comes as it is chosen."""
        model = models.get(body.model, "generator")
        weight = check(request, [body.prompt], "/prompt")
        most = service.config.limits.new_tokens
        if body.max_tokens > most:
            raise Problem(
                422,
                "too-many-tokens",
                f"max_tokens is {body.max_tokens}; at most {most} are written",
                f"max_tokens가 {body.max_tokens}입니다. {most}개까지 씁니다.",
                where="/max_tokens",
            )
        if not body.temperature and (body.top_k is not None or body.top_p is not None):
            raise Problem(
                422,
                "nothing-to-draw",
                "top_k and top_p draw at random: give a temperature above 0, such as 1",
                "top_k와 top_p는 무작위로 뽑을 때 씁니다. temperature를 0보다 크게 주세요. (예: 1)",
                where="/temperature",
            )
        settings = body.model_dump(exclude={"prompt", "model"})
        return GenerationStream(
            partial(model.estimator.stream_with, body.prompt, DecodingConfig(**settings)),
            body.prompt,
            weight=weight + body.max_tokens // TOKENS_A_TEXT,
            batcher=batcher,
            admission=admission,
        )

    def check(request: Request, texts: list[str], where: str) -> int:
        """Note how many texts there are, and return what they weigh; see `check_texts`."""
        request.scope[TEXTS] = len(texts)
        return admission.check_texts(texts, where)

    async def answer_texts(
        body: Texts, kind: Kind, request: Request
    ) -> tuple[ServedModel, list[Any]]:
        """Answer texts beside those of other requests."""
        model = models.get(body.model, kind)
        texts = body.all_texts
        weight = check(request, texts, "/text" if body.text is not None else "/texts")
        with admission(weight):
            work = batcher.answer(model.answer, texts)
            if len(texts) >= WATCHED_TEXTS:
                return model, await _unless_gone(request, work)
            return model, await work

    def traceable(names: list[str] | None) -> list[tuple[ServedModel, StackedCells]]:
        """Return the models to follow.

        Raises:
            Problem: there is none, one cannot be followed, or they tell different labels.
        """
        if names is None:
            found = [one for one in models.all() if one.cells is not None]
            found = [one for one in found if one.label_names == found[0].label_names]
            where = None
        else:
            where = "/models"
            found = [
                models.get(name, "classifier", where=f"{where}/{names.index(name)}")
                for name in dict.fromkeys(names)
            ]
        closed = [one.source.name for one in found if one.cells is None]
        if closed or not found:
            what = f"{closed[0]} is" if closed else "none of the models served is"
            raise Problem(
                422,
                "not-traceable",
                f"{what} an embedding that masks padding, one SimpleRNN, LSTM or GRU that reads "
                "forwards, and a Dense layer; only such networks can be followed",
                "패딩을 가리는 임베딩, 한 방향 순환층(SimpleRNN·LSTM·GRU) 하나, Dense 층으로 된 "
                "모델만 따라가며 볼 수 있습니다.",
                where=where,
            )
        if len({one.label_names for one in found}) > 1:
            raise Problem(
                422,
                "different-labels",
                "the models tell different labels, which cannot stand side by side",
                "라벨이 서로 다른 모델은 나란히 볼 수 없습니다.",
                where=where,
            )
        return [(one, one.cells) for one in found if one.cells is not None]

    return router


def service_routes(service: Service) -> APIRouter:
    """Return the routes for those who run the server."""
    router = APIRouter(default_response_class=Response)

    @router.get("/healthz", response_model=Health, responses=_problems(500))
    async def healthz() -> Response:
        """Tell that the process lives; 500 if it could not open its models."""
        if service.models.failure is not None:
            raise Problem.internal()
        return _json({"status": "ok"})

    @router.get("/readyz", response_model=Health, responses=_problems(500, 503))
    async def readyz() -> Response:
        """Tell that the models are open; 500 if they could not be opened."""
        service.models.all()
        return _json({"status": "ok"})

    @router.get(
        "/metrics",
        responses={
            **_problems(401),
            200: {
                "description": "Counts in Prometheus' text format.",
                "content": {"text/plain": {"schema": {"type": "string"}}},
            },
        },
    )
    async def metrics() -> Response:
        """Tell what the server counts."""
        return Response(
            service.metrics.text(), headers={"Content-Type": service.metrics.media_type}
        )

    return router


def _json(content: Any) -> Response:
    return Response(to_json(content), media_type="application/json")


def _analysis(model: ServedModel, text: str) -> dict[str, Any]:
    encoder = model.encoder
    explained = encoder.explain(text)
    return {
        "model": model.source.name,
        "raw": text,
        "cleaned": explained.cleaned,
        "dropped": [{"start": start, "end": end} for start, end in explained.changed],
        "tokens": [
            {
                **one.token._asdict(),
                "raw_start": one.raw_start,
                "raw_end": one.raw_end,
                "rendered": one.rendered,
                "token_ids": one.token_ids,
                "fate": one.fate,
            }
            for one in explained.tokens
        ],
        "token_ids": explained.padded.tolist(),
        "maxlen": encoder.maxlen,
        "padding": encoder.padding,
    }


async def _unless_gone(request: Request, work: Awaitable[Result]) -> Result:
    """Return what the work gives; leave it undone when the client leaves.

    Raises:
        Problem: the client left; nobody reads it, but it is counted.
    """

    async def gone() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    working, leaving = asyncio.ensure_future(work), asyncio.ensure_future(gone())
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise Problem(499, "client-left", "the client left", "요청한 쪽이 떠났습니다.")
        return working.result()
    finally:
        working.cancel()
        leaving.cancel()
