"""Registering, logging in, staying logged in, logging out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from flux.auth.errors import EmailTakenError, SignedOutError, WrongCredentialsError
from flux.auth.models import RefreshToken, User
from flux.auth.passwords import hash_password, verify_password
from flux.auth.schemas import LoginIn, RegisterIn
from flux.auth.tokens import (
    REFRESH_LIFETIME,
    Access,
    hash_refresh_token,
    make_refresh_token,
)
from flux.core.db import Database, enter_context
from flux.core.ids import new_id
from flux.restaurants.models import Membership, Restaurant, Role

# Two tabs that wake up together both present the same token; the second is not a thief.
REUSE_GRACE = timedelta(seconds=10)


@dataclass(frozen=True)
class Session:
    """A live session: what its access token says, and the refresh token for the client to keep."""

    access: Access
    refresh_token: str


async def register(session: AsyncSession, form: RegisterIn) -> User:
    """Make the account, its restaurant, and the ownership. `EmailTakenError` if the address is in use."""
    user = User(id=new_id(), email=form.email, password_hash=await hash_password(form.password))
    restaurant = Restaurant(
        id=new_id(),
        name=form.restaurant_name,
        timezone=form.timezone,
        currency=form.currency,
        country=form.country,
    )
    await enter_context(session, restaurant_id=restaurant.id, user_id=user.id)
    session.add_all([user, restaurant])
    try:
        await session.flush()
    except IntegrityError as error:
        raise EmailTakenError from error
    session.add(Membership(restaurant_id=restaurant.id, user_id=user.id, role=Role.OWNER))
    await session.flush()
    return user


async def log_in(
    session: AsyncSession, database: Database, form: LoginIn, now: datetime
) -> Session:
    """A new session, or `WrongCredentialsError`, after the same work whether the user exists or not.

    The user is looked up in a transaction that ends before the password is verified, so that a
    connection is not kept waiting for argon2.
    """
    async with database.transaction() as look_up:
        found = await look_up.execute(
            text("SELECT * FROM find_login(:email)"), {"email": form.email}
        )
        row = found.one_or_none()
    is_right = await verify_password(form.password, row.password_hash if row else None)
    if not is_right or row is None:
        raise WrongCredentialsError
    await enter_context(session, user_id=row.user_id)
    return await _issue(session, Access(row.user_id, new_id()), now)


async def refresh(database: Database, token: str, now: datetime) -> Session:
    """Exchange a refresh token for the next one, or `SignedOutError`.

    A token presented again within `REUSE_GRACE` gets a sibling; later, it was stolen or copied, and
    the whole session ends. Works in a transaction of its own, because that must outlive the 401.
    """
    async with database.transaction() as session:
        renewed = await _rotate(session, token, now)
    if renewed is None:
        raise SignedOutError
    return renewed


async def _rotate(session: AsyncSession, token: str, now: datetime) -> Session | None:
    stored = await _find_token(session, token, lock=True)
    if stored is None or stored.revoked_at is not None or stored.expires_at <= now:
        return None
    if stored.used_at is not None and now - stored.used_at > REUSE_GRACE:
        await end_session(session, stored.session_id, now)
        return None
    stored.used_at = stored.used_at or now
    return await _issue(session, Access(stored.user_id, stored.session_id), now)


async def log_out(session: AsyncSession, token: str, now: datetime) -> None:
    """End the session that the refresh token belongs to; a token nobody knows is no error."""
    stored = await _find_token(session, token)
    if stored is not None:
        await end_session(session, stored.session_id, now)


async def _find_token(
    session: AsyncSession, token: str, *, lock: bool = False
) -> RefreshToken | None:
    """The stored token, with its user entered; `None` for one that was never issued."""
    found = (
        await session.execute(
            text("SELECT * FROM find_refresh_token(:hash)"),
            {"hash": hash_refresh_token(token)},
        )
    ).one_or_none()
    if found is None:
        return None
    await enter_context(session, user_id=found.user_id)
    return await session.get(RefreshToken, found.token_id, with_for_update=lock or None)


async def end_session(session: AsyncSession, session_id: UUID, now: datetime) -> None:
    """Revoke every refresh token of the session."""
    await session.execute(
        update(RefreshToken)
        .where(RefreshToken.session_id == session_id, RefreshToken.revoked_at.is_(None))
        .values(revoked_at=now)
    )


async def _issue(session: AsyncSession, access: Access, now: datetime) -> Session:
    token, token_hash = make_refresh_token()
    session.add(
        RefreshToken(
            user_id=access.user_id,
            session_id=access.session_id,
            token_hash=token_hash,
            created_at=now,
            expires_at=now + REFRESH_LIFETIME,
        )
    )
    await session.flush()
    return Session(access, token)
