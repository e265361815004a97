"""Registering, logging in, and the one place where a password is tried."""

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from flux.auth.caller import Caller
from flux.auth.errors import SignedOutError, WrongCredentialsError
from flux.auth.models import LinkPurpose, LoginSession, MailLink, User
from flux.auth.passwords import (
    hash_password,
    password_turns,
    refuse_weak,
    verify_password,
)
from flux.auth.schemas import LoginIn, MeOut, RegisterIn, RestaurantOut
from flux.auth.sessions import Started, has_been_here, start_session
from flux.auth.tokens import Access
from flux.core.db import Database, enter_context, look_up
from flux.core.ids import new_id
from flux.core.rate_limit import (
    LOGIN_BY_ACCOUNT,
    LOGIN_BY_ADDRESS,
    LOGIN_BY_BOTH,
    MAIL_BY_ACCOUNT,
    REGISTER_BY_ADDRESS,
    TooManyTriesError,
)
from flux.mail.letters import Letter
from flux.mail.service import queue_mail
from flux.restaurants.models import Membership, Restaurant, Role


async def register(caller: Caller, form: RegisterIn) -> None:
    """Make the account, its restaurant, and the ownership, and mail a link to confirm the address.

    Where the address has an account that is in use, its owner gets a letter instead; the caller sees
    no difference. Raises `WeakPasswordError`, `TooManyTriesError`.
    """
    refuse_weak(form.password, "/password", form.email, form.restaurant_name)
    await caller.limiter.spend(REGISTER_BY_ADDRESS, address=caller.address)
    may_mail = await caller.limiter.take(MAIL_BY_ACCOUNT, letter="register", account=form.email)
    password_hash = await hash_password(form.password)
    async with caller.database.transaction() as session:
        await lock_email(session, form.email)
        known = await look_up(session, "find_login", form.email)
        letter = Letter.CONFIRM_EMAIL
        if not known:
            await _add_account(session, form, password_hash)
        elif not (may_mail and await _replace_unused(session, known[0], form, password_hash)):
            letter = Letter.ALREADY_REGISTERED
        if may_mail:
            await queue_mail(session, letter, form.email, caller.now)


async def lock_email(session: AsyncSession, email: str) -> None:
    """Have all that make or confirm an account for this address take turns, to the end of the transaction."""
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:email, 0))"), {"email": email}
    )


async def _add_account(session: AsyncSession, form: RegisterIn, password_hash: str) -> None:
    user = User(id=new_id(), email=form.email, password_hash=password_hash)
    restaurant = Restaurant(id=new_id(), **_restaurant_of(form))
    await enter_context(session, restaurant_id=restaurant.id, user_id=user.id)
    session.add_all([user, restaurant])
    await session.flush()
    session.add(Membership(restaurant_id=restaurant.id, user_id=user.id, role=Role.OWNER))
    await session.flush()


async def _replace_unused(
    session: AsyncSession, known: Row[Any], form: RegisterIn, password_hash: str
) -> bool:
    """Let a registration take the place of one that nobody confirmed or ever logged in with.

    Otherwise whoever registers a stranger's address first would choose its password and currency.
    """
    if known.is_verified:
        return False
    await enter_context(session, user_id=known.user_id)
    was_used = await session.scalar(
        select(func.count()).select_from(LoginSession).where(LoginSession.user_id == known.user_id)
    )
    account = await look_up(session, "find_account", known.user_id)
    restaurants = [row.restaurant_id for row in account]
    if was_used or len(restaurants) != 1 or restaurants[0] is None:
        return False
    await enter_context(session, restaurant_id=restaurants[0])
    if await session.scalar(text("SELECT EXISTS (SELECT 1 FROM data_uploads)")):
        return False
    await session.execute(
        update(User).where(User.id == known.user_id).values(password_hash=password_hash)
    )
    await session.execute(
        update(Restaurant).where(Restaurant.id == restaurants[0]).values(**_restaurant_of(form))
    )
    # A link to set a new password proves the address without any password, so it stays.
    await session.execute(
        delete(MailLink).where(
            MailLink.user_id == known.user_id, MailLink.purpose == LinkPurpose.VERIFY_EMAIL
        )
    )
    return True


def _restaurant_of(form: RegisterIn) -> dict[str, str]:
    return {
        "name": form.restaurant_name,
        "timezone": form.timezone,
        "currency": form.currency,
        "country": form.country,
    }


async def log_in(caller: Caller, form: LoginIn) -> Started:
    """A new session, or `WrongCredentialsError`, after the same work whether the user exists or not."""
    found = await caller.database.look_up("find_login", form.email)
    known = found[0] if found else None
    is_usable = known is not None and (known.is_verified or not caller.must_confirm_email)
    new_hash = await check_password(caller, form.email, form.password, known, is_usable=is_usable)
    assert known is not None  # noqa: S101 (check_password would have raised)
    async with caller.database.transaction() as session:
        await hold_account(session, known)
        started = await start_session(session, caller, known.user_id)
        if new_hash is not None:
            await session.execute(
                update(User).where(User.id == known.user_id).values(password_hash=new_hash)
            )
    return started


async def hold_account(session: AsyncSession, known: Any) -> None:
    """Enter and lock the account until the end of the transaction.

    `WrongCredentialsError` if its password is no longer the one that was checked: it was changed, or
    reset, while argon2 ran.
    """
    await enter_context(session, user_id=known.user_id)
    stored = await session.scalar(
        select(User.password_hash).where(User.id == known.user_id).with_for_update()
    )
    if stored != known.password_hash:
        raise WrongCredentialsError


async def check_password(
    caller: Caller,
    email: str,
    password: str,
    known: Any,
    *,
    is_usable: bool = True,
    is_vouched_for: bool = False,
) -> str | None:
    """Try a password, counting what fails; a new hash where the stored one is outdated.

    `known` has `user_id` and `password_hash`, or is `None` for an unknown address; with
    `is_vouched_for`, by a mailed link or a session, strangers' failures do not count. Raises
    `WrongCredentialsError`, or `TooManyTriesError` without trying. The limits are asked and the failure
    is counted within one turn of hashing: of many tries at once only as many as hash together can
    run before the limit sees them, and many right ones at once do not use it up.
    """
    both = {"account": email, "address": caller.address}
    async with password_turns:
        await caller.limiter.check(LOGIN_BY_BOTH, **both)
        await caller.limiter.check(LOGIN_BY_ADDRESS, address=caller.address)
        if not is_vouched_for:
            await _check_account(caller, email, known.user_id if known else None)
        verified, new_hash = await verify_password(password, known.password_hash if known else None)
        if not (verified and is_usable):
            await asyncio.gather(
                caller.limiter.count(LOGIN_BY_BOTH, **both),
                caller.limiter.count(LOGIN_BY_ADDRESS, address=caller.address),
                caller.limiter.count(LOGIN_BY_ACCOUNT, account=email),
            )
            raise WrongCredentialsError
    return new_hash


async def _check_account(caller: Caller, email: str, user_id: UUID | None) -> None:
    """Strangers' failures must not keep the owner out: whoever logged in here before may try.

    For an unknown address the same is asked of nobody, so that time tells nothing.
    """
    try:
        await caller.limiter.check(LOGIN_BY_ACCOUNT, account=email)
    except TooManyTriesError:
        if not await has_been_here(caller, user_id or new_id()):
            raise


async def describe_user(database: Database, access: Access, now: datetime) -> MeOut:
    """Who the user is and where they work; `SignedOutError` if they or the session are gone."""
    rows = await database.look_up("find_session", access.session_id)
    if not rows or rows[0].user_id != access.user_id or rows[0].expires_at <= now:
        raise SignedOutError
    return MeOut(
        id=access.user_id,
        email=rows[0].email,
        email_verified=rows[0].is_verified,
        restaurants=[
            RestaurantOut(
                id=row.restaurant_id,
                name=row.name,
                role=row.role,
                timezone=row.timezone,
                currency=row.currency,
                country=row.country,
            )
            for row in rows
            if row.restaurant_id is not None
        ],
    )
