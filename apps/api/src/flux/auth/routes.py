"""/api/auth: accounts and sessions."""

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import select

from flux.auth import service
from flux.auth.dependencies import (
    AccessDep,
    access_cookie_name,
    refresh_cookie_name,
    require_same_origin,
)
from flux.auth.errors import SignedOutError
from flux.auth.models import User
from flux.auth.schemas import (
    LoginIn,
    MeOut,
    RegisterIn,
    RegisterOut,
    RestaurantOut,
    TokenOut,
)
from flux.auth.tokens import ACCESS_LIFETIME, REFRESH_LIFETIME, make_access_token
from flux.core import clock
from flux.core.db import SessionDep, enter_context
from flux.core.errors import document_problems
from flux.restaurants.service import list_restaurants
from flux.settings import Settings

router = APIRouter(prefix="/api/auth", tags=["auth"])


@router.post("/register", status_code=201, responses=document_problems(409, 413, 415))
async def register(form: RegisterIn, session: SessionDep) -> RegisterOut:
    """Make an account and its restaurant. Log in afterwards."""
    user = await service.register(session, form)
    return RegisterOut(email=user.email)


@router.post("/login", responses=document_problems(401, 413, 415))
async def login(
    form: LoginIn, request: Request, response: Response, session: SessionDep
) -> TokenOut:
    """Start a session: cookies for a browser, the access token in the body for a script."""
    started = await service.log_in(session, request.app.state.database, form, clock.now())
    return _answer(request.app.state.settings, response, started)


@router.post(
    "/refresh",
    dependencies=[Depends(require_same_origin)],
    responses=document_problems(401, 403),
)
async def refresh(request: Request, response: Response) -> TokenOut:
    """Exchange the refresh cookie for new cookies. Each refresh token works once."""
    token = request.cookies.get(refresh_cookie_name(request.app.state.settings))
    if not token:
        raise SignedOutError
    renewed = await service.refresh(request.app.state.database, token, clock.now())
    return _answer(request.app.state.settings, response, renewed)


@router.post(
    "/logout",
    status_code=204,
    dependencies=[Depends(require_same_origin)],
    responses=document_problems(403),
)
async def logout(request: Request, response: Response, session: SessionDep) -> None:
    """End the session of the refresh cookie, and clear the cookies. Works signed out, too."""
    settings: Settings = request.app.state.settings
    token = request.cookies.get(refresh_cookie_name(settings))
    if token:
        await service.log_out(session, token, clock.now())
    response.delete_cookie(
        access_cookie_name(settings), path="/", secure=not settings.is_development
    )
    response.delete_cookie(
        refresh_cookie_name(settings),
        path="/api/auth",
        secure=not settings.is_development,
    )


@router.get("/me", responses=document_problems(401))
async def me(access: AccessDep, session: SessionDep) -> MeOut:
    """Who is signed in, and where they work."""
    await enter_context(session, user_id=access.user_id)
    user = await session.scalar(select(User).where(User.id == access.user_id))
    if user is None:
        raise SignedOutError
    restaurants = [
        RestaurantOut(
            id=each.id,
            name=each.name,
            role=role,
            timezone=each.timezone,
            currency=each.currency,
            country=each.country,
        )
        for each, role in await list_restaurants(session, access.user_id)
    ]
    return MeOut(id=user.id, email=user.email, restaurants=restaurants)


def _answer(settings: Settings, response: Response, started: service.Session) -> TokenOut:
    token = make_access_token(started.access, settings.jwt_keys, clock.now())
    for name, value, path, lifetime in (
        (access_cookie_name(settings), token, "/", ACCESS_LIFETIME),
        (
            refresh_cookie_name(settings),
            started.refresh_token,
            "/api/auth",
            REFRESH_LIFETIME,
        ),
    ):
        response.set_cookie(
            name,
            value,
            max_age=int(lifetime.total_seconds()),
            path=path,
            httponly=True,
            secure=not settings.is_development,
            samesite="lax",
        )
    response.headers["Cache-Control"] = "no-store"
    return TokenOut(access_token=token, expires_in=int(ACCESS_LIFETIME.total_seconds()))
