"""What happens to every request before a route sees it: an id, limits, and a last safety net."""

import re
import time
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flux.core.errors import FieldProblem, problem_response
from flux.core.ids import new_id
from flux.core.logging import get_logger, set_request_id

log = get_logger(__name__)

CLIENT_CLOSED_REQUEST = 499  # as nginx has it; nobody is there to read it
_REQUEST_ID = re.compile(r"[A-Za-z0-9_.-]{8,64}")
_SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}


class RequestMiddleware:
    """Outermost: gives the request an id, logs it once by its route, and answers 500 for the rest.

    An id sent as `X-Request-ID` is kept if it is 8 to 64 letters, digits or `_.-`.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        sent_id = Headers(scope=scope).get("x-request-id", "")
        request_id = sent_id if _REQUEST_ID.fullmatch(sent_id) else str(new_id())
        set_request_id(request_id)
        started, status = time.perf_counter(), 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                for name, value in _SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/api/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except ClientDisconnect:
            status = CLIENT_CLOSED_REQUEST
        except Exception:
            log.exception("request_failed", route=_route(scope))
            if status:
                raise
            answer = problem_response(
                "internal_error",
                500,
                "Something went wrong on our side. Nothing was changed; try again, and tell us the request id if it stays.",
            )
            await answer(scope, receive, send_with_headers)
        finally:
            duration_ms = round((time.perf_counter() - started) * 1000, 1)
            level = log.warning if status >= HTTPStatus.INTERNAL_SERVER_ERROR else log.info
            level(
                "request",
                method=scope["method"],
                route=_route(scope),
                status=status,
                duration_ms=duration_ms,
            )


@dataclass(frozen=True)
class BodyRule:
    """What a body must be: its media type (None: any) and its size (None: the route bounds it)."""

    media_type: str | None
    most_bytes: int | None


JSON_RULE = BodyRule("application/json", 64 * 1024)


class InputMiddleware:
    """Refuses what no route could use: NUL bytes in the address, bodies of the wrong type or size.

    Bodies are JSON but for the paths in `rules`; a path that ends in `/` stands for all below it.
    """

    def __init__(self, app: ASGIApp, *, rules: dict[str, BodyRule]) -> None:
        self.app = app
        self.rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self.app(scope, receive, send)
            return
        refusal, rule = _refuse_address(scope), self._rule(scope["path"])
        if scope["method"] in {"POST", "PUT", "PATCH", "DELETE"}:
            refusal = refusal or _refuse_body(Headers(scope=scope), rule)
            if rule.most_bytes is not None:
                receive = limit_body(receive, rule.most_bytes)
        await (refusal or self.app)(scope, receive, send)

    def _rule(self, path: str) -> BodyRule:
        for prefix, rule in self.rules.items():
            if path == prefix or (prefix.endswith("/") and path.startswith(prefix)):
                return rule
        return JSON_RULE


def _refuse_address(scope: Scope) -> ASGIApp | None:
    query = unquote_to_bytes(scope["query_string"].replace(b"+", b" "))
    if "\0" not in scope["path"] and b"\0" not in query:
        return None
    nul = FieldProblem(pointer="", code="nul_byte", detail="Text must not contain NUL characters.")
    return problem_response(
        "invalid_input", 422, "The address holds a NUL character.", errors=[nul]
    )


def _refuse_body(headers: Headers, rule: BodyRule) -> ASGIApp | None:
    declared = headers.get("content-length", "0")
    if declared == "0" and "transfer-encoding" not in headers:
        return None
    media_type = headers.get("content-type", "").split(";")[0].strip().lower()
    if rule.media_type is not None and media_type != rule.media_type:
        return problem_response(
            "unsupported_media_type", 415, f"Send the body as {rule.media_type}."
        )
    if rule.most_bytes is not None and (
        not declared.isdecimal() or int(declared) > rule.most_bytes
    ):
        return problem_response("too_large", 413, f"Send at most {rule.most_bytes:,} bytes here.")
    return None


def limit_body(receive: Receive, most_bytes: int) -> Receive:
    """Wrap `receive` so that reading more than `most_bytes` of body ends in a 413."""
    seen = 0

    async def limited() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most_bytes:
            raise HTTPException(413)
        return message

    return limited


def _route(scope: Scope) -> str:
    route = scope.get("route")
    return getattr(route, "path", None) or "(none)"
