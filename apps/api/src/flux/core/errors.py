"""Every error an API caller can see: RFC 9457 problem documents with a stable code.

A room raises `FluxError` (its own subclasses live in the room). What the framework raises (unknown
route, wrong method, invalid input) is turned into the same shape here. Nothing a caller sent is ever
repeated in an answer: it may be a password.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from flux.core.logging import current_request_id, get_logger

log = get_logger(__name__)

RETRY_SECONDS = 5


class FluxError(Exception):
    """An answer other than success. `code` is stable for programs, `detail` is written for people."""

    def __init__(
        self,
        code: str,
        status: int,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        errors: "list[FieldProblem] | None" = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})
        self.errors = errors


class FieldProblem(BaseModel):
    """One thing wrong with the input; `pointer` is an RFC 6901 JSON pointer to it."""

    pointer: str
    code: str
    detail: str


class Problem(BaseModel):
    """An `application/problem+json` document (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    request_id: str
    errors: list[FieldProblem] | None = Field(default=None, description="Only with status 422.")


class ProblemResponse(JSONResponse):
    media_type = "application/problem+json"


def problem_response(
    code: str,
    status: int,
    detail: str,
    *,
    errors: list[FieldProblem] | None = None,
    headers: Mapping[str, str] | None = None,
) -> ProblemResponse:
    problem = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        code=code,
        detail=detail,
        request_id=current_request_id(),
        errors=errors,
    )
    return ProblemResponse(
        problem.model_dump(exclude_none=True),
        status,
        {"Cache-Control": "no-store", **(headers or {})},
    )


def document_problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route that may answer with these problems, for OpenAPI."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            },
        }
        for status in statuses
    }


INVALID_INPUT = "Some of what was sent is not valid; see errors."
_UNREADABLE = FieldProblem(
    pointer="", code="unreadable", detail="The body is not of the form its Content-Type says."
)
_FRAMEWORK_DETAILS = {
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take that method."),
    413: ("too_large", "The request is larger than this address takes."),
    415: ("unsupported_media_type", "Send the body as application/json."),
}

# Pydantic's words say what its types are; these say what to do. Others keep Pydantic's message.
_FIELD_DETAILS = {
    "missing": "This field is required.",
    "extra_forbidden": "There is no such field here; leave it out.",
    "json_invalid": "The body is not valid JSON.",
    "string_too_short": "Use at least {min_length} characters.",
    "string_too_long": "Use at most {max_length} characters.",
    "uuid_parsing": "This is not a valid id.",
    "string_unicode": "The text holds characters that are not valid Unicode.",
}


def _pointer(location: Sequence[int | str]) -> str:
    where = location[1:] if location and location[0] == "body" else location
    # Pydantic's mark for a key that is wrong itself; the pointer leads to its value.
    parts = [str(part) for part in where if part != "[key]"]
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


def _field_problem(error: Mapping[str, Any]) -> FieldProblem:
    code = str(error["type"])
    detail = _FIELD_DETAILS.get(code)
    if detail is None:
        # Messages of Flux's own validators are safe; Pydantic's may hold the limits but not the input.
        detail = str(error["msg"]).removeprefix("Value error, ")
    return FieldProblem(
        pointer=_pointer(error["loc"]),
        code=code,
        detail=detail.format_map(_Limits(error.get("ctx") or {})),
    )


class _Limits(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


async def _on_flux_error(_: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, FluxError)  # noqa: S101 (registered for just this below)
    return problem_response(
        error.code, error.status, error.detail, errors=error.errors, headers=error.headers
    )


async def _on_http_error(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    if error.status_code == HTTPStatus.BAD_REQUEST:
        # FastAPI's answer to bytes that are not what the Content-Type says, such as JSON in Latin-1.
        return problem_response("invalid_input", 422, INVALID_INPUT, errors=[_UNREADABLE])
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_methods_at(request))
    code, detail = _FRAMEWORK_DETAILS.get(
        error.status_code, ("http_error", HTTPStatus(error.status_code).phrase)
    )
    return problem_response(code, error.status_code, detail, headers=headers)


def _methods_at(request: Request) -> list[str]:
    """What the address takes; Starlette names only the methods of the first route that it finds."""
    return [
        method
        for method in ("DELETE", "GET", "PATCH", "POST", "PUT")
        for route in request.app.routes
        if route.matches({**request.scope, "method": method})[0] is Match.FULL
    ]


async def _on_invalid_input(_: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    return problem_response(
        "invalid_input",
        422,
        INVALID_INPUT,
        errors=[_field_problem(each) for each in error.errors()],
    )


async def _on_database_away(_: Request, error: Exception) -> ProblemResponse:
    cause = error.orig if isinstance(error, DBAPIError) else error
    if not _is_unavailable(cause):
        raise error
    log.error("database_unavailable", error=type(error).__name__)
    return problem_response(
        "database_unavailable",
        503,
        "Flux cannot reach its database just now. Nothing was lost; try again in a moment.",
        headers={"Retry-After": str(RETRY_SECONDS)},
    )


def _is_unavailable(error: BaseException | None) -> bool:
    """Whether the server is away (no answer, or SQLSTATE class 08, 53, 57) rather than unhappy."""
    state = getattr(error, "sqlstate", None)
    return state is None or state[:2] in {"08", "53", "57"}


def add_error_handlers(app: FastAPI) -> None:
    app.add_exception_handler(FluxError, _on_flux_error)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_input)
    for unavailable in (
        OperationalError,
        InterfaceError,
        PoolTimeoutError,
        psycopg.OperationalError,
    ):
        app.add_exception_handler(unavailable, _on_database_away)
