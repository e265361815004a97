"""/api/auth: accounts and sessions."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from flux.auth import recovery, service, sessions
from flux.auth.caller import Caller
from flux.auth.dependencies import (
    OWN_SITE,
    AccessDep,
    CallerDep,
    ClaimsDep,
    access_cookie_name,
    find_access,
    refresh_cookie_name,
    require_same_origin,
)
from flux.auth.errors import ForeignOriginError, SignedOutError
from flux.auth.schemas import (
    EmailIn,
    LoginIn,
    MeOut,
    PasswordIn,
    RegisterIn,
    RegisterOut,
    ResetIn,
    SessionOut,
    TokenOut,
    VerifyIn,
)
from flux.auth.sessions import Started
from flux.auth.tokens import ACCESS_LIFETIME, Access, make_access_token
from flux.core import clock
from flux.core.db import SessionDep
from flux.core.errors import document_problems
from flux.core.paging import Cursor, Limit, make_cursor, read_cursor
from flux.core.schemas import Page
from flux.mail.letters import Letter
from flux.settings import Settings

router = APIRouter(prefix="/api/auth", tags=["auth"])


@router.post(
    "/register",
    status_code=201,
    dependencies=OWN_SITE,
    responses=document_problems(403, 413, 415, 429),
)
async def register(form: RegisterIn, caller: CallerDep) -> RegisterOut:
    """Make an account and its restaurant, and mail a link to confirm the address.

    The answer is the same where the address has an account already; its owner gets a letter instead.
    """
    await service.register(caller, form)
    return RegisterOut(email=form.email)


@router.post("/login", dependencies=OWN_SITE, responses=document_problems(401, 403, 413, 415, 429))
async def login(form: LoginIn, caller: CallerDep, request: Request, response: Response) -> TokenOut:
    """Start a session: cookies for a browser, the access token in the body for a script."""
    return await open_session(caller, request, response, await service.log_in(caller, form))


@router.post(
    "/refresh",
    dependencies=[Depends(require_same_origin)],
    responses=document_problems(401, 403, 429),
)
async def refresh(caller: CallerDep, request: Request, response: Response) -> TokenOut:
    """Exchange the refresh cookie for new cookies. Each refresh token works once."""
    token = _refresh_cookie(request)
    if not token:
        raise SignedOutError
    return _give_tokens(request, response, await sessions.refresh(caller, token))


@router.post("/logout", status_code=204, responses=document_problems(403))
async def logout(
    caller: CallerDep,
    access: Annotated[Access | None, Depends(find_access)],
    request: Request,
    response: Response,
) -> None:
    """End this session: the cookies', or the bearer token's. Works signed out, too."""
    token = _refresh_cookie(request)
    if token:
        await require_same_origin(request)
    await sessions.log_out(caller, token, access)
    _clear_cookies(request, response)


@router.post("/logout-all", status_code=204, responses=document_problems(401, 403))
async def logout_all(
    caller: CallerDep, access: AccessDep, request: Request, response: Response
) -> None:
    """End every session of the user, this one included."""
    await sessions.end_and_note(caller, access.user_id)
    _clear_cookies(request, response)


@router.get("/me", responses=document_problems(401))
async def me(access: ClaimsDep, request: Request) -> MeOut:
    """Who is signed in, and where they work. The database itself says whether the session lives."""
    return await service.describe_user(request.app.state.database, access, clock.now())


@router.get("/sessions", responses=document_problems(401))
async def list_sessions(
    access: AccessDep, session: SessionDep, limit: Limit = 20, cursor: Cursor = None
) -> Page[SessionOut]:
    """Where the user is logged in, the newest login first."""
    before = read_cursor(cursor, UUID)[0] if cursor is not None else None
    found, has_more = await sessions.list_sessions(
        session, access.user_id, clock.now(), limit=limit, before=before
    )
    return Page(
        items=[
            SessionOut(
                id=each.id,
                device=each.device,
                place=each.address,
                created_at=each.created_at,
                last_used_at=each.last_used_at,
                is_current=each.id == access.session_id,
            )
            for each in found
        ],
        next_cursor=make_cursor(str(found[-1].id)) if has_more else None,
    )


@router.delete(
    "/sessions/{session_id}", status_code=204, responses=document_problems(401, 403, 404)
)
async def end_session(session_id: UUID, caller: CallerDep, access: AccessDep) -> None:
    """Log one device out, at once."""
    await sessions.end_session(caller, access.user_id, session_id)


@router.post("/password", responses=document_problems(401, 403, 413, 415, 429))
async def change_password(
    form: PasswordIn, caller: CallerDep, access: AccessDep, request: Request, response: Response
) -> TokenOut:
    """Set a new password. Every session ends, and this client gets a new one."""
    started = await recovery.change_password(caller, access, form)
    return await open_session(caller, request, response, started)


@router.post(
    "/password/forgot",
    status_code=204,
    dependencies=OWN_SITE,
    responses=document_problems(403, 413, 415, 429),
)
async def forgot_password(form: EmailIn, caller: CallerDep) -> None:
    """Have a link to set a new password mailed, if the address has an account. It lasts 30 minutes."""
    await recovery.ask_for_mail(caller, Letter.RESET_PASSWORD, form.email)


@router.post(
    "/password/reset",
    status_code=204,
    dependencies=OWN_SITE,
    responses=document_problems(403, 410, 413, 415, 429),
)
async def reset_password(form: ResetIn, caller: CallerDep) -> None:
    """Set a new password by the mailed link. Every session ends; log in afterwards."""
    await recovery.reset_password(caller, form)


@router.post(
    "/email/verify",
    dependencies=OWN_SITE,
    responses=document_problems(401, 403, 410, 413, 415, 429),
)
async def verify_email(
    form: VerifyIn, caller: CallerDep, request: Request, response: Response
) -> TokenOut:
    """Confirm the address by the mailed link and the chosen password, and start a session."""
    started = await recovery.verify_email(caller, form)
    return await open_session(caller, request, response, started)


@router.post(
    "/email/resend",
    status_code=204,
    dependencies=OWN_SITE,
    responses=document_problems(403, 413, 415, 429),
)
async def resend_email(form: EmailIn, caller: CallerDep) -> None:
    """Have the link that confirms the address mailed again, if it has an account that needs it."""
    await recovery.ask_for_mail(caller, Letter.CONFIRM_EMAIL, form.email)


async def open_session(
    caller: Caller, request: Request, response: Response, started: Started
) -> TokenOut:
    """The answer to whoever proved who they are; the session this client had before ends."""
    try:
        before = await find_access(request)
    except ForeignOriginError:
        # A script that keeps cookies and sends no Origin.
        before = None
    await sessions.log_out(caller, _refresh_cookie(request), before)
    return _give_tokens(request, response, started)


def _give_tokens(request: Request, response: Response, started: Started) -> TokenOut:
    settings: Settings = request.app.state.settings
    token = make_access_token(started.access, settings.jwt_keys, clock.now())
    _set_cookie(response, settings, access_cookie_name(settings), token, "/", ACCESS_LIFETIME)
    _set_cookie(
        response,
        settings,
        refresh_cookie_name(settings),
        started.refresh_token,
        "/api/auth",
        started.lasts,
    )
    return TokenOut(access_token=token, expires_in=int(ACCESS_LIFETIME.total_seconds()))


def _set_cookie(
    response: Response,
    settings: Settings,
    name: str,
    value: str,
    path: str,
    lasts: timedelta,
) -> None:
    response.set_cookie(
        name,
        value,
        max_age=int(lasts.total_seconds()),
        path=path,
        httponly=True,
        secure=not settings.is_development,
        samesite="lax",
    )


def _clear_cookies(request: Request, response: Response) -> None:
    settings: Settings = request.app.state.settings
    for name, path in (
        (access_cookie_name(settings), "/"),
        (refresh_cookie_name(settings), "/api/auth"),
    ):
        response.delete_cookie(
            name, path=path, secure=not settings.is_development, httponly=True, samesite="lax"
        )


def _refresh_cookie(request: Request) -> str | None:
    return request.cookies.get(refresh_cookie_name(request.app.state.settings))
