"""Who is asking: the signed-in user, from a cookie (browser) or a bearer token (scripts)."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie, HTTPBearer

from flux.auth.caller import Caller
from flux.auth.errors import ForeignOriginError, SignedOutError
from flux.auth.tokens import Access, read_access_token
from flux.core import clock
from flux.core.client import client_address
from flux.settings import Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def access_cookie_name(settings: Settings) -> str:
    return "flux_access" if settings.is_development else "__Host-flux_access"


def refresh_cookie_name(settings: Settings) -> str:
    return "flux_refresh" if settings.is_development else "__Secure-flux_refresh"


async def require_same_origin(request: Request) -> None:
    """Refuse an unsafe request that a browser says, or may hide, comes from another site.

    A browser always sends `Origin` with such requests. In development the page may be opened under
    any name of this machine, so there the `Host` header stands for our own origin.
    """
    settings: Settings = request.app.state.settings
    if request.method in SAFE_METHODS:
        return
    origin = request.headers.get("origin", "")
    if settings.public_url and origin == settings.web_url:
        return
    if settings.is_development:
        # Next's development server passes requests on with the name it was called by in the second.
        hosts = (request.headers.get(name) for name in ("host", "x-forwarded-host"))
        if origin in {f"{request.url.scheme}://{host}" for host in hosts if host}:
            return
    raise ForeignOriginError


async def refuse_foreign_origin(request: Request) -> None:
    """Refuse what a browser says comes from another site; scripts, which say nothing, may pass.

    For requests that carry their own proof, such as a password: no other site is to log anybody in.
    """
    if "origin" in request.headers:
        await require_same_origin(request)


OWN_SITE = [Depends(refuse_foreign_origin)]


async def find_access(request: Request) -> Access | None:
    """The identity in the caller's token, if it holds and its session is not known to have ended."""
    access = await read_access(request)
    if access is None or await request.app.state.ended.holds(access.session_id):
        return None
    return access


async def read_access(request: Request) -> Access | None:
    """What the caller's token says, if it holds; 403 if a cookie came from another site."""
    settings: Settings = request.app.state.settings
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and bearer:
        token = bearer.strip()
    else:
        token = request.cookies.get(access_cookie_name(settings), "")
        if token:
            await require_same_origin(request)
    if not token:
        return None
    try:
        return read_access_token(token, settings.jwt_keys, clock.now())
    except SignedOutError:
        return None


# For the OpenAPI document alone: `read_access` does the reading.
_Cookie = Annotated[
    object, Depends(APIKeyCookie(scheme_name="cookie", name="flux_access", auto_error=False))
]


class _AccessToken(HTTPBearer):
    """A dependency that is the caller's identity, or `SignedOutError`; documented as a bearer token."""

    def __init__(self, find: Callable[[Request], Awaitable[Access | None]]) -> None:
        super().__init__(scheme_name="bearer", bearerFormat="JWT")
        self._find = find

    async def __call__(self, request: Request, _cookie: _Cookie) -> Access:  # type: ignore[override]
        access = await self._find(request)
        if access is None:
            raise SignedOutError
        return access


async def get_caller(request: Request) -> Caller:
    state = request.app.state
    return Caller(
        database=state.database,
        ended=state.ended,
        limiter=state.limiter,
        must_confirm_email=state.settings.must_confirm_email,
        address=client_address(request),
        user_agent=request.headers.get("user-agent", ""),
        now=clock.now(),
    )


AccessDep = Annotated[Access, Depends(_AccessToken(find_access))]
# Of a session that may have ended: whoever asks for this sees to that.
ClaimsDep = Annotated[Access, Depends(_AccessToken(read_access))]
CallerDep = Annotated[Caller, Depends(get_caller)]
