"""Who is asking: the signed-in user, from a cookie (browser) or a bearer token (scripts)."""

from typing import Annotated

from fastapi import Depends, Request

from flux.auth.errors import ForeignOriginError, SignedOutError
from flux.auth.tokens import Access, read_access_token
from flux.core import clock
from flux.settings import Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def access_cookie_name(settings: Settings) -> str:
    return "flux_access" if settings.is_development else "__Host-flux_access"


def refresh_cookie_name(settings: Settings) -> str:
    return "flux_refresh" if settings.is_development else "__Secure-flux_refresh"


def require_same_origin(request: Request) -> None:
    """Refuse an unsafe request that a browser says, or may hide, comes from another site.

    A browser always sends `Origin` with such requests. In development the page may be opened under
    any name of this machine, so there the `Host` header stands for our own origin.
    """
    settings: Settings = request.app.state.settings
    if request.method in SAFE_METHODS:
        return
    origin = request.headers.get("origin", "")
    if settings.public_url and origin == settings.public_url.rstrip("/"):
        return
    if settings.is_development:
        # Next's development server passes requests on with the name it was called by in the second.
        hosts = (request.headers.get(name) for name in ("host", "x-forwarded-host"))
        if origin in {f"{request.url.scheme}://{host}" for host in hosts if host}:
            return
    raise ForeignOriginError


def get_access(request: Request) -> Access:
    """The identity of the caller; 401 if there is none, 403 if a cookie came from another site."""
    settings: Settings = request.app.state.settings
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and bearer:
        token = bearer.strip()
    else:
        token = request.cookies.get(access_cookie_name(settings), "")
        if token:
            require_same_origin(request)
    if not token:
        raise SignedOutError
    return read_access_token(token, settings.jwt_keys, clock.now())


AccessDep = Annotated[Access, Depends(get_access)]
