"""What every request and answer body has in common."""

from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, model_validator


class ApiModel(BaseModel):
    """The JSON body of an answer: it holds the documented fields and no others."""

    model_config = ConfigDict(
        extra="forbid",
        from_attributes=True,
        json_schema_serialization_defaults_required=True,
    )


class InputModel(ApiModel):
    """The JSON body of a request: unknown fields and NUL characters are refused, so nothing is dropped in silence."""

    @model_validator(mode="before")
    @classmethod
    def _refuse_nul(cls, data: Any) -> Any:
        if _holds_nul(data):
            raise ValueError("Text must not contain NUL characters.")
        return data


def _holds_nul(value: Any) -> bool:
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str) and "\0" in each:
            return True
        if isinstance(each, dict):
            waiting += [*each.keys(), *each.values()]
        elif isinstance(each, list):
            waiting += each
    return False


T = TypeVar("T")


class Page(ApiModel, Generic[T]):
    """Part of a list. `next_cursor` gives the next part, and is null on the last."""

    items: list[T]
    next_cursor: str | None
