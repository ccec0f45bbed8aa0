"""Errors as problem JSON (RFC 9457), told in English and in Korean."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar, Self

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"

RETRY_AFTER_S = 1
"""What a refused client is told to wait: a full queue is worked off in about this time."""


class ProblemDocument(BaseModel):
    """What every error answers with."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:koprep:problem:text-too-long",
                    "title": "Text too long",
                    "status": 422,
                    "detail": "the text has 12000 characters; at most 10000 are read",
                    "detail_ko": "글이 12000자입니다. 10000자까지 읽습니다.",
                    "where": "/texts/3",
                }
            ]
        }
    )

    type: str = Field(description="names the kind of problem")
    title: str
    status: int
    detail: str = Field(description="what is wrong and how to mend it, in English")
    detail_ko: str = Field(description="the same in Korean")
    where: str | None = Field(None, description="JSON pointer to the wrong part of the body")


class Problem(HTTPException):
    """An error that is answered with problem JSON.

    Args:
        status: of HTTP.
        kind: the problem's name; its words joined by hyphens.
        detail: what is wrong and how to mend it, in English.
        detail_ko: the same in Korean.
        where: JSON pointer to the wrong part of the body.
        headers: sent along.
    """

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        detail_ko: str,
        *,
        where: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, detail, dict(headers or {}))
        self.kind = kind
        self.detail_ko = detail_ko
        self.where = where

    def response(self) -> Response:
        """Return the answer."""
        document: dict[str, Any] = {
            "type": f"urn:koprep:problem:{self.kind}",
            "title": self.kind.replace("-", " ").capitalize(),
            "status": self.status_code,
            "detail": self.detail,
            "detail_ko": self.detail_ko,
        }
        if self.where is not None:
            document["where"] = self.where
        # the client may have sent halves of surrogate pairs, which UTF-8 cannot spell
        content = json.dumps(document, ensure_ascii=False).encode(errors="replace")
        return Response(content, self.status_code, headers=self.headers, media_type=MEDIA_TYPE)

    @classmethod
    def overloaded(cls) -> Self:
        """The queue is full."""
        return cls(
            503,
            "overloaded",
            "the server has as much to do as it takes on; try again later",
            "지금은 처리할 일이 가득 찼습니다. 잠시 뒤에 다시 보내 주세요.",
            headers={"Retry-After": str(RETRY_AFTER_S)},
        )

    @classmethod
    def not_ready(cls) -> Self:
        """The models are not open yet."""
        return cls(
            503,
            "not-ready",
            "the models are being opened; try again in a few seconds",
            "모델을 여는 중입니다. 몇 초 뒤에 다시 보내 주세요.",
            headers={"Retry-After": str(RETRY_AFTER_S)},
        )

    @classmethod
    def body_too_large(cls, limit: int) -> Self:
        """More bytes than are read."""
        return cls(
            413,
            "body-too-large",
            f"the body is larger than {limit} bytes; send fewer texts at a time",
            f"요청이 {limit}바이트를 넘습니다. 글을 나누어 보내 주세요.",
            headers={"Connection": "close"},
        )

    @classmethod
    def unauthorized(cls) -> Self:
        """No key, or a wrong one."""
        return cls(
            401,
            "unauthorized",
            "this server asks for a key in the header X-API-Key",
            "이 서버는 X-API-Key 헤더에 키가 있어야 답합니다.",
            headers={"WWW-Authenticate": 'ApiKey header="X-API-Key"'},
        )

    @classmethod
    def internal(cls) -> Self:
        """A fault of the server's own."""
        return cls(
            500,
            "internal-error",
            "something went wrong in the server; its log tells what",
            "서버 안에서 문제가 생겼습니다. 자세한 내용은 서버 기록에 있습니다.",
        )


_PLAIN = {
    400: ("bad-request", "the body cannot be read as JSON", "본문을 JSON으로 읽을 수 없습니다."),
    404: (
        "not-found",
        "there is nothing at this address; GET /openapi.json lists what there is",
        "그런 주소는 없습니다.",
    ),
    405: (
        "method-not-allowed",
        "this address does not take {method}",
        "이 주소는 그 메서드를 받지 않습니다.",
    ),
}
"""Errors that the framework raises: status -> kind, English and Korean sentence."""


async def answer_http_error(request: Request, error: Exception) -> Response:
    """Answer a `Problem`, or what the framework found wrong."""
    assert isinstance(error, HTTPException)
    if isinstance(error, Problem):
        return error.response()
    status = error.status_code
    phrase = HTTPStatus(status).phrase
    kind, english, korean = _PLAIN.get(
        status, (phrase.lower().replace(" ", "-"), phrase, "요청을 처리할 수 없습니다.")
    )
    english = english.format(method=request.method)
    return Problem(status, kind, english, korean, headers=error.headers).response()


async def answer_invalid_body(request: Request, error: Exception) -> Response:
    """Answer a body that is not as described: tell the first thing that is wrong."""
    assert isinstance(error, RequestValidationError)
    return invalid(error.errors()[0]).response()


async def answer_crash(request: Request, error: Exception) -> Response:
    """Answer a fault of the server's own, of which nobody outside learns more."""
    return Problem.internal().response()


_KOREAN = {
    "missing": "{name} 항목이 없습니다.",
    "string_type": "{name} 항목은 글(문자열)이어야 합니다.",
    "string_unicode": "{name} 항목에 짝이 없는 서로게이트가 있어 유니코드 글이 아닙니다.",
    "list_type": "{name} 항목은 목록이어야 합니다. 글 하나라면 [ ] 안에 넣어 주세요.",
    "too_short": "{name} 항목에 적어도 {min_length}개가 있어야 합니다.",
    "too_long": "{name} 항목은 {max_length}개까지입니다.",
    "int_type": "{name} 항목은 정수여야 합니다.",
    "float_type": "{name} 항목은 수여야 합니다.",
    "finite_number": "{name} 항목은 유한한 수여야 합니다.",
    "greater_than_equal": "{name} 항목은 {ge} 이상이어야 합니다.",
    "greater_than": "{name} 항목은 {gt}보다 커야 합니다.",
    "less_than_equal": "{name} 항목은 {le} 이하여야 합니다.",
    "extra_forbidden": "{name} 항목은 없는 항목입니다.",
    "json_invalid": "본문이 올바른 JSON이 아닙니다.",
    "model_attributes_type": "본문은 JSON 객체여야 하고, Content-Type은 application/json이어야 "
    "합니다.",
    "one_of_text_and_texts": "text와 texts 가운데 하나만 보내 주세요.",
}
"""What pydantic calls a fault -> the Korean sentence."""

_ENGLISH = {
    "model_attributes_type": "the body must be a JSON object, sent as application/json",
    "extra_forbidden": "there is no such field",
    "missing": "the field is missing",
    "string_unicode": "the text holds half of a surrogate pair, so it is no Unicode text",
}
"""Where pydantic's own words would not help a client."""


def invalid(fault: Mapping[str, Any]) -> Problem:
    """Return the problem of one of pydantic's error entries."""
    kind, place = str(fault["type"]), [part for part in fault["loc"] if part != "body"]
    if kind == "json_invalid":
        place = []
    name = str(place[-1]) if place else "본문"
    korean = _KOREAN.get(kind, "{name} 항목의 값이 맞지 않습니다.")
    english = _ENGLISH.get(kind) or str(fault["msg"])
    where = pointer(place) or None
    return Problem(
        422,
        "invalid-request",
        f"{where}: {english}" if where else english,
        korean.format(name=name, **fault.get("ctx", {})),
        where=where,
    )


def pointer(place: Sequence[str | int]) -> str:
    """Return the JSON pointer (RFC 6901) of a place in the body.

    >>> pointer(["texts", 3])
    '/texts/3'
    """
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in place)
    return "".join(f"/{part}" for part in parts)
