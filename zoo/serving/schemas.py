"""What requests and answers look like, with examples: the API's description is made of these."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

REVIEW = "배송도 빠르고 정말 좋아요ㅋㅋㅋㅋ"


def _request(*examples: dict[str, Any], **extra: Any) -> ConfigDict:
    return ConfigDict(
        extra="forbid", strict=True, json_schema_extra={"examples": [*examples], **extra}
    )


def _answer(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]})


def _whole(text: str) -> str:
    """Refuse half of a surrogate pair, which JSON can spell and UTF-8 cannot."""
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise PydanticCustomError("string_unicode", "no Unicode text") from error
    return text


Name = Annotated[str, AfterValidator(_whole)]
Text = Annotated[str, AfterValidator(_whole), Field(description="raw text, as a person wrote it")]
ModelName = Annotated[
    Name | None, Field(description="a name of `GET /v1/models`; without one, the kind's default")
]
Start = Annotated[int, Field(description="in characters, from 0")]
End = Annotated[int, Field(description="in characters, not included")]


class Texts(BaseModel):
    """One text or several."""

    text: Text | None = None
    texts: Annotated[list[Text] | None, Field(min_length=1)] = None
    model: ModelName = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.text is None) == (self.texts is None):
            raise PydanticCustomError(
                "one_of_text_and_texts", "give either text, one text, or texts, a list of texts"
            )
        return self

    @property
    def all_texts(self) -> list[str]:
        """What was given, as a list."""
        return [self.text] if self.text is not None else list(self.texts or ())


class PredictRequest(Texts):
    """Texts whose labels are asked for."""

    model_config: ClassVar[ConfigDict] = _request(
        {"texts": [REVIEW, "지루해서 혼났다"]}, {"text": REVIEW, "model": "review-sentiment"}
    )


class TagRequest(Texts):
    """Texts whose spans are asked for."""

    model_config: ClassVar[ConfigDict] = _request({"texts": ["내일 서울에서 만나요"]})


class AnalyzeRequest(BaseModel):
    """A text to show at every stage of preprocessing."""

    model_config: ClassVar[ConfigDict] = _request({"text": REVIEW})

    text: Text
    model: ModelName = None


class TraceRequest(BaseModel):
    """A text to follow through recurrent networks."""

    model_config: ClassVar[ConfigDict] = _request({"text": REVIEW})

    text: Text
    models: Annotated[
        list[Name] | None,
        Field(
            min_length=1,
            max_length=8,
            description="names of traceable models; without them, all that have the labels of the "
            "first",
        ),
    ] = None


class GenerateRequest(BaseModel):
    """How a text begins, and how the next tokens are chosen."""

    model_config: ClassVar[ConfigDict] = _request({"prompt": "오늘", "temperature": 0.8, "seed": 7})

    prompt: Annotated[Name, Field(description="how the text begins; empty for a new sentence")]
    model: ModelName = None
    max_tokens: Annotated[int, Field(ge=1, description="tokens written, at most")] = 30
    temperature: Annotated[
        float,
        Field(
            ge=0,
            le=100,
            allow_inf_nan=False,
            description="0 takes the likeliest token; 1 draws by the model's probabilities",
        ),
    ] = 0.0
    top_k: Annotated[
        int | None,
        Field(
            ge=1, description="draw from this many likeliest tokens; needs a temperature above 0"
        ),
    ] = None
    top_p: Annotated[
        float | None,
        Field(
            gt=0,
            le=1,
            allow_inf_nan=False,
            description="draw from the likeliest tokens of this share; needs a temperature above 0",
        ),
    ] = None
    seed: Annotated[int, Field(ge=0, lt=1 << 63, description="the same seed, the same text")] = 0


class ModelEntry(BaseModel):
    """A model that is served."""

    name: str
    kind: Literal["classifier", "tagger", "generator"]
    summary: str
    label_names: list[str]
    license: str = Field(description="of the weights; empty for a folder of one's own")
    default: bool = Field(description="answers requests of its kind that name no model")
    traceable: bool = Field(description="`/v1/trace` can follow it")
    cell: Literal["simple_rnn", "lstm", "gru"] | None = Field(description="of a traceable model")
    network_bytes: int = Field(description="size of the network's file")


class ModelsAnswer(BaseModel):
    """The models that are served."""

    model_config: ClassVar[ConfigDict] = _answer(
        {
            "models": [
                {
                    "name": "review-sentiment",
                    "kind": "classifier",
                    "summary": "tells whether a review is negative or positive",
                    "label_names": ["부정", "긍정"],
                    "license": "CC0 1.0",
                    "default": True,
                    "traceable": False,
                    "cell": None,
                    "network_bytes": 4_729_277,
                }
            ]
        }
    )

    models: list[ModelEntry]


class Place(BaseModel):
    """A stretch of a text."""

    start: Start
    end: End


class AnalyzedToken(BaseModel):
    """A token, where it came from and what became of it."""

    form: str
    tag: str
    start: Start
    end: End
    raw_start: Start
    raw_end: End
    rendered: str | None = Field(description="what the vocabulary is asked for")
    token_ids: list[int]
    fate: Literal["known", "unknown", "stopword", "cut off"]


class AnalyzeAnswer(BaseModel):
    """A text at every stage: `start` and `end` in the cleaned text, `raw_…` in the raw one."""

    model_config: ClassVar[ConfigDict] = _answer(
        {
            "model": "review-sentiment",
            "raw": "좋아요!!!!",
            "cleaned": "좋아요!!",
            "dropped": [{"start": 5, "end": 7}],
            "tokens": [
                {
                    "form": "좋",
                    "tag": "VA",
                    "start": 0,
                    "end": 1,
                    "raw_start": 0,
                    "raw_end": 1,
                    "rendered": "좋/VA",
                    "token_ids": [14],
                    "fate": "known",
                }
            ],
            "token_ids": [0, 0, 0, 14],
            "maxlen": 4,
            "padding": "pre",
        }
    )

    model: str
    raw: str
    cleaned: str
    dropped: list[Place] = Field(description="of the raw text, what cleaning removed or rewrote")
    tokens: list[AnalyzedToken]
    token_ids: list[int] = Field(description="the row a network reads, padded with 0")
    maxlen: int
    padding: Literal["pre", "post"]


class Prediction(BaseModel):
    """The likeliest label, and the probability of each."""

    label: str
    probabilities: list[float] = Field(description="in the order of `label_names`")


class PredictAnswer(BaseModel):
    """A prediction a text, in the order of the texts."""

    model_config: ClassVar[ConfigDict] = _answer(
        {
            "model": "review-sentiment",
            "label_names": ["부정", "긍정"],
            "predictions": [{"label": "긍정", "probabilities": [0.004, 0.996]}],
        }
    )

    model: str
    label_names: list[str]
    predictions: list[Prediction]


class Span(BaseModel):
    """A stretch of the raw text with its label."""

    label: str
    start: Start
    end: End
    text: str


class TaggedText(BaseModel):
    """The spans of one text."""

    text: str
    spans: list[Span]


class TagAnswer(BaseModel):
    """The spans of each text, in the order of the texts."""

    model_config: ClassVar[ConfigDict] = _answer(
        {
            "model": "entity-tagger",
            "results": [
                {
                    "text": "내일 서울에서 만나요",
                    "spans": [{"label": "LC", "start": 3, "end": 5, "text": "서울"}],
                }
            ],
        }
    )

    model: str
    results: list[TaggedText]


class TracedToken(BaseModel):
    """A token that the network reads."""

    form: str
    tag: str
    raw_start: Start
    raw_end: End
    known: bool


Rows = Annotated[list[list[float]], Field(description="a row a token, a number a unit")]


class Trace(BaseModel):
    """What a network computes while it reads."""

    model: str
    cell: Literal["simple_rnn", "lstm", "gru"]
    tokens: list[TracedToken]
    units: int
    hidden: Rows
    gates: dict[
        Literal["input", "forget", "candidate", "output", "update", "reset"], list[list[float]]
    ]
    probabilities: list[float] = Field(
        description="of the second label, had the text ended after that token"
    )
    importance: list[float] = Field(
        description="how much the log odds of the second label at the end, ln(p / (1 - p)), fall "
        "when the token is hidden behind the out-of-vocabulary one"
    )


class TraceAnswer(BaseModel):
    """A trace a model, in the order asked for."""

    model_config: ClassVar[ConfigDict] = _answer(
        {
            "label_names": ["부정", "긍정"],
            "results": [
                {
                    "model": "trace-gru",
                    "cell": "gru",
                    "tokens": [
                        {"form": "좋", "tag": "VA", "raw_start": 0, "raw_end": 1, "known": True}
                    ],
                    "units": 2,
                    "hidden": [[0.31, -0.82]],
                    "gates": {
                        "update": [[0.4, 0.6]],
                        "reset": [[0.5, 0.2]],
                        "candidate": [[0.5, -0.9]],
                    },
                    "probabilities": [0.91],
                    "importance": [2.31],
                }
            ],
        }
    )

    label_names: list[str]
    results: list[Trace]


class Health(BaseModel):
    """That the process lives, or is ready."""

    status: Literal["ok"]
