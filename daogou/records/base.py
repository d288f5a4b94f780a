"""What every record shares: it is immutable, refuses unknown fields, and says which field broke which rule."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from daogou.errors import RecordError

MAX_ID = 128
MAX_TITLE = 1_000
MAX_TEXT = 100_000
MAX_VALUE = 2_000


class Record(BaseModel):
    """Base of every noun. `parse` is the door for data from outside: it raises only `RecordError`."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, ser_json_inf_nan="null")

    @classmethod
    def parse(cls, data: Any) -> Self:
        """Data (a mapping) -> record. Raises RecordError naming field, value and rule of the first thing wrong."""
        try:
            return cls.model_validate(data)
        except ValidationError as failure:
            raise record_error(failure) from None


def record_error(failure: ValidationError) -> RecordError:
    """The first thing pydantic found, in our words."""
    first = failure.errors(include_url=False)[0]
    field = ".".join(str(part) for part in first["loc"]) or "record"
    rule = str(first["msg"]).removeprefix("Value error, ")
    rule = rule[:1].lower() + rule[1:]
    if first["type"] == "missing":
        return RecordError(field, None, "is required")
    return RecordError(field, first["input"], f"breaks a rule: {rule}")


def _as_utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


UtcTime = Annotated[datetime, AfterValidator(_as_utc)]
Id = Annotated[str, Field(min_length=1, max_length=MAX_ID)]
Title = Annotated[str, Field(min_length=1, max_length=MAX_TITLE)]
Text = Annotated[str, Field(max_length=MAX_TEXT)]
Value = Annotated[str, Field(min_length=1, max_length=MAX_VALUE)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", description="BCP 47 tag")]
