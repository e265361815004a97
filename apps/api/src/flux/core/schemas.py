"""What every request and answer body has in common."""

from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, model_validator


class ApiModel(BaseModel):
    """A JSON body: unknown fields and NUL characters are refused, so nothing is dropped in silence."""

    model_config = ConfigDict(
        extra="forbid",
        from_attributes=True,
        json_schema_serialization_defaults_required=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _refuse_nul(cls, data: Any) -> Any:
        if _holds_nul(data):
            raise ValueError("Text must not contain NUL characters.")
        return data


def _holds_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(_holds_nul(each) for pair in value.items() for each in pair)
    return isinstance(value, list) and any(_holds_nul(each) for each in value)


T = TypeVar("T")


class Page(ApiModel, Generic[T]):
    """Part of a list. `next_cursor` gives the next part, and is null on the last."""

    items: list[T]
    next_cursor: str | None
