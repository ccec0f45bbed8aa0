"""What a saved model is: its kind, and the settings file that says how it opens."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from koprep.bundle import Bundle, Kind
from koprep.datasets import TaskSpec
from koprep.manifest import first_problem
from koprep.saved import VOCABULARY_FILE
from koprep.text_encoder import LONGEST_ROW
from koprep.vocabulary import Vocabulary

CLASSIFIER_FILE = "classifier.json"
CHARACTERS_FILE = "characters.bin"

Saved = TypeVar("Saved", bound=BaseModel)

USES: dict[Kind, str] = {
    "preprocessor": "open it with Preprocessor.load",
    "classifier": "use it with koprep.zoo.load or koprep predict",
    "generator": "use it with TextGenerator.load or koprep generate",
    "tagger": "use it with SequenceTagger.load or koprep tag",
}


def check_kind(bundle: Bundle, kind: Kind) -> None:
    """Refuse a bundle that holds something else.

    Raises:
        ValueError: the message says what the bundle is good for.
    """
    found = bundle.manifest.kind
    if found != kind:
        raise ValueError(f"{bundle.folder} holds a {found} and no {kind}; {USES[found]}")


class NetworkSettings(BaseModel):
    """What the settings file of every estimator with a network holds."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)

    model: str
    model_options: dict[str, Any]
    training: dict[str, Any]
    maxlen: Annotated[int, Field(ge=1, le=LONGEST_ROW)]


class CharacterSettings(BaseModel):
    """What `classifier.json` holds of a model of characters, whose weights are a file."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)

    unit: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    bias: Annotated[float, Field(allow_inf_nan=False)]
    share: Annotated[float, Field(gt=0, lt=1)]


class ClassifierSettings(NetworkSettings):
    """What `classifier.json` holds."""

    classes: Annotated[list[bool] | list[int] | list[str], Field(min_length=2)]
    vocabulary_size: int
    characters: CharacterSettings | None = None

    def check_vocabulary(self, vocabulary: Vocabulary, bundle: Bundle) -> None:
        """Refuse a vocabulary that the network was not trained with.

        Raises:
            ValueError: it has more or fewer ids.
        """
        if len(vocabulary) != self.vocabulary_size:
            raise ValueError(
                f"{bundle.folder / VOCABULARY_FILE} has {len(vocabulary):,} ids, the network was "
                f"trained with {self.vocabulary_size:,}: it is another model's; copy the bundle "
                "again, whole"
            )

    def spec(self, label_names: tuple[str, ...]) -> TaskSpec:
        """Return what the network was trained for."""
        return TaskSpec(
            task="classification",
            vocabulary_size=self.vocabulary_size,
            maxlen=self.maxlen,
            num_labels=len(self.classes),
            label_names=label_names,
        )


def read_settings(bundle: Bundle, name: str, kind: type[Saved]) -> Saved:
    """Read and check the settings file of a bundle.

    Raises:
        ValueError: the bundle has no such file, or it holds something else; the message names
            the place.
    """
    try:
        return kind.model_validate(bundle.read_json(name))
    except ValidationError as error:
        raise ValueError(f"{bundle.folder / name}: {first_problem(error)}; train again") from error
