"""A claim: what somebody says about the conduct of parties to a conflict or an agreement.

The JSON form of :class:`Claim` is the one form that extraction writes, gold files have and the
RDF mapping (``mappings/claim.context.jsonld``) reads. Fields that are empty are left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from accord.errors import ClaimError


class ClaimType(StrEnum):
    """The thirteen types; the first seven are norms, the rest is what norms are argued about."""

    AGREEMENT = "Agreement"
    OBLIGATION = "Obligation"
    COMMITMENT = "Commitment"
    DEMAND = "Demand"
    COMPLIANCE = "Compliance"
    VIOLATION = "Violation"
    ZONE = "Zone"
    INCIDENT = "Incident"
    THREAT = "Threat"
    DEPLOYMENT = "Deployment"
    CONTROL = "Control"
    ALIGNMENT = "Alignment"
    MEETING = "Meeting"


NORMS = frozenset(list(ClaimType)[:7])

OUTLET = "outlet"
"""The ``holder`` of a claim in the article's own voice."""


class Status(StrEnum):
    """How far a duty is said to be met (Compliance only)."""

    FULFILLED = "fulfilled"
    IN_PROGRESS = "in-progress"
    PARTLY = "partly"
    DELAYED = "delayed"
    NOT_FULFILLED = "not-fulfilled"
    UNCLEAR = "unclear"


class Polarity(StrEnum):
    """Whether the holder affirms the proposition or denies it."""

    AFFIRMED = "affirmed"
    DENIED = "denied"


class Modality(StrEnum):
    """How the holder puts the proposition."""

    ASSERTED = "asserted"
    EXPECTED = "expected"
    POSSIBLE = "possible"
    CONDITIONAL = "conditional"


class Quantity(BaseModel):
    """A number in the evidence, for instance 15 to 20 km of depth.

    ``unit`` is what is counted or the unit of measure, ``of`` what of. ``min`` equals ``max`` for
    an exact number; one of them may be missing ("at least 11").
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    min: float | int | None = None
    max: float | int | None = None
    unit: str
    of: str | None = None


_NonEmpty = Annotated[str, Field(min_length=1)]


class Claim(BaseModel):
    """One claim with its evidence.

    ``start`` and ``end`` are character offsets (Unicode code points, end exclusive) into the
    article's text as read from its file, and ``text`` is the article's text between them.
    ``actor`` and ``target`` hold canonical labels of the vocabulary, or the longest form of the
    name in the article. ``time`` and ``due`` are EDTF. ``confidence`` is the extractor's estimate,
    0 to 1, that type, holder and actor are what the text says; an annotation has none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    article: _NonEmpty
    start: Annotated[int, Field(ge=0)]
    end: int
    text: _NonEmpty
    type: ClaimType
    holder: _NonEmpty
    speaker: str | None = None
    actor: tuple[_NonEmpty, ...] = ()
    target: tuple[_NonEmpty, ...] = ()
    agreement: str | None = None
    place: str | None = None
    action: str | None = None
    status: Status | None = None
    polarity: Polarity = Polarity.AFFIRMED
    modality: Modality = Modality.ASSERTED
    time: str | None = None
    due: str | None = None
    quantity: Quantity | None = None
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Claim:
        if self.end - self.start != len(self.text):
            raise ValueError(
                f"text has {len(self.text)} characters, start and end span {self.end - self.start}"
            )
        if (self.status is not None) != (self.type is ClaimType.COMPLIANCE):
            raise ValueError("a Compliance has a status, and no other type has one")
        return self

    def document(self) -> dict[str, Any]:
        """Return the JSON form as a dictionary, empty fields left out."""
        return {
            key: value
            for key, value in self.model_dump(mode="json", exclude_none=True).items()
            if value != []
        }

    def line(self) -> str:
        """Return the JSON form on one line, without a line end (JSON Lines)."""
        return json.dumps(self.document(), ensure_ascii=False)


def read_claims(path: Path) -> Iterator[Claim]:
    """Yield the claims of a JSON Lines file.

    Further keys that annotation tools add (``id``) are not accepted silently: only ``id`` is
    dropped, since claims get their identity from their content.

    :raises ClaimError: naming the file and line of the first claim of another form
    """
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                values = json.loads(line)
                values.pop("id", None)
                yield Claim.model_validate(values)
            except (ValidationError, ValueError) as error:
                raise ClaimError(
                    f"{path}:{number}: {error}", "See docs/claims.md for the form of a claim."
                ) from error
