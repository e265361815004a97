"""A session from its login to its end: refresh tokens in the database, ended ones known to Redis too."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from flux.auth.caller import Caller
from flux.auth.errors import SessionNotFoundError, SignedOutError
from flux.auth.models import LoginSession, RefreshToken, User
from flux.auth.tokens import (
    Access,
    SecretKind,
    hash_secret,
    make_secret,
)
from flux.core.client import network_of
from flux.core.db import enter_context, look_up
from flux.core.ids import new_id
from flux.core.paging import fetch_page
from flux.core.rate_limit import REFRESH_BY_ADDRESS
from flux.mail.letters import Letter
from flux.mail.service import queue_mail

IDLE_LIFETIME = timedelta(days=30)
SESSION_LIFETIME = timedelta(days=90)
# How long a session is kept after its end: `has_been_here` asks.
REMEMBERED = timedelta(days=90)
# Two tabs that wake up together both present the same token; the second is not a thief.
REUSE_GRACE = timedelta(seconds=10)


@dataclass(frozen=True)
class Started:
    """A live session: what its access token says, and the refresh token for the client to keep."""

    access: Access
    refresh_token: str
    lasts: timedelta


async def start_session(session: AsyncSession, caller: Caller, user_id: UUID) -> Started:
    """A new session of the user, whom `session` has entered already.

    Its id is always new: none is taken over from a client.
    """
    login, long_ago = _describe_session(caller, user_id), caller.now - REMEMBERED
    forget = delete(LoginSession).where(
        LoginSession.user_id == user_id,
        or_(LoginSession.ended_at < long_ago, LoginSession.expires_at < long_ago),
    )
    # All in one statement: a login is to cost its argon2 and little else.
    begin = [forget.cte("forgotten"), insert(LoginSession).values(login).cte("begun")]
    return await _issue(session, LoginSession(**login), caller.now, parent_id=None, begin=begin)


def vouch_for_place(session: AsyncSession, caller: Caller, user_id: UUID) -> None:
    """Have `has_been_here` know this place, by a session that is over as it begins."""
    session.add(LoginSession(**_describe_session(caller, user_id), ended_at=caller.now))


def _describe_session(caller: Caller, user_id: UUID) -> dict[str, Any]:
    return {
        "id": new_id(),
        "user_id": user_id,
        "device": caller.device,
        "address": caller.address,
        "created_at": caller.now,
        "last_used_at": caller.now,
        "expires_at": caller.now + SESSION_LIFETIME,
    }


async def refresh(caller: Caller, token: str) -> Started:
    """Exchange a refresh token for the next one, or `SignedOutError`.

    A token presented again within `REUSE_GRACE` gets a sibling; later, it was copied, and the whole
    session ends. Works in a transaction of its own, because that must outlive the 401.
    """
    await caller.limiter.spend(REFRESH_BY_ADDRESS, address=caller.address)
    async with caller.database.transaction() as session:
        renewed = await _rotate(session, caller, token)
    if isinstance(renewed, Started):
        return renewed
    await caller.ended.note(renewed)
    raise SignedOutError


async def _rotate(session: AsyncSession, caller: Caller, token: str) -> Started | list[UUID]:
    """The session's next token, or the ids of the sessions that ended over it."""
    found = await _find_token(session, token)
    if found is None:
        return []
    user_id, session_id = found
    # All that renew one session take turns.
    login = await session.get(LoginSession, session_id, with_for_update=True)
    presented = await session.scalar(
        select(RefreshToken).where(
            RefreshToken.user_id == user_id,
            RefreshToken.token_hash == hash_secret(SecretKind.REFRESH, token),
        )
    )
    if login is None or presented is None or login.ended_at is not None:
        return []
    if min(presented.expires_at, login.expires_at) <= caller.now:
        return []
    if presented.used_at is not None and caller.now - presented.used_at > REUSE_GRACE:
        await _end_copied(session, caller, login)
        return [login.id]
    if presented.used_at is None:
        # Of tokens that racing tabs were given together only one was kept; the others retire with it.
        await session.execute(
            update(RefreshToken)
            .where(
                RefreshToken.session_id == login.id,
                or_(
                    RefreshToken.id == presented.id,
                    RefreshToken.parent_id == presented.parent_id,
                ),
                RefreshToken.used_at.is_(None),
            )
            .values(used_at=caller.now)
        )
    login.last_used_at = caller.now
    return await _issue(session, login, caller.now, parent_id=presented.id)


async def _end_copied(session: AsyncSession, caller: Caller, login: LoginSession) -> None:
    await end_sessions(session, login.user_id, caller.now, only=[login.id])
    email = await session.scalar(select(User.email).where(User.id == login.user_id))
    await queue_mail(
        session,
        Letter.SESSION_ENDED,
        str(email),
        caller.now,
        device=login.device,
        place=login.address,
        at=caller.now.isoformat(),
    )


async def log_out(caller: Caller, token: str | None, access: Access | None) -> None:
    """End the session of the refresh token and that of the access token; what nobody knows is no error."""
    named = {(access.user_id, access.session_id)} if access else set()
    if token:
        async with caller.database.transaction() as session:
            found = await _find_token(session, token)
        if found is not None:
            named.add(found)
    for user_id, session_id in named:
        await end_and_note(caller, user_id, only=[session_id])


async def _find_token(session: AsyncSession, token: str) -> tuple[UUID, UUID] | None:
    """The user, entered, and the session of a refresh token; `None` for one never issued."""
    token_hash = hash_secret(SecretKind.REFRESH, token)
    if token_hash is None:
        return None
    found = await look_up(session, "find_refresh_token", token_hash)
    if not found:
        return None
    await enter_context(session, user_id=found[0].user_id)
    return found[0].user_id, found[0].session_id


async def list_sessions(
    session: AsyncSession, user_id: UUID, now: datetime, *, limit: int, before: UUID | None
) -> tuple[list[LoginSession], bool]:
    """Live sessions of the user, the newest login first, at most `limit`; and whether there are more."""
    await enter_context(session, user_id=user_id)
    wanted = select(LoginSession).where(
        LoginSession.user_id == user_id,
        LoginSession.ended_at.is_(None),
        LoginSession.expires_at > now,
        LoginSession.last_used_at > now - IDLE_LIFETIME,
    )
    if before is not None:
        wanted = wanted.where(LoginSession.id < before)
    return await fetch_page(session, wanted.order_by(LoginSession.id.desc()), limit)


async def end_session(caller: Caller, user_id: UUID, session_id: UUID) -> None:
    """End one session of the user; `SessionNotFoundError` if it is none of theirs or ended before."""
    if not await end_and_note(caller, user_id, only=[session_id]):
        raise SessionNotFoundError


async def end_and_note(
    caller: Caller, user_id: UUID, *, only: Collection[UUID] | None = None
) -> list[UUID]:
    """End the user's live sessions, or `only` these, in a transaction of its own; their ids."""
    async with caller.database.transaction(user_id=user_id) as session:
        ended = await end_sessions(session, user_id, caller.now, only=only)
    await caller.ended.note(ended)
    return ended


async def end_sessions(
    session: AsyncSession,
    user_id: UUID,
    now: datetime,
    *,
    only: Collection[UUID] | None = None,
) -> list[UUID]:
    """End the user's live sessions, or `only` these; their ids, for `EndedSessions.note` after the commit."""
    wanted = (
        update(LoginSession)
        .where(LoginSession.user_id == user_id, LoginSession.ended_at.is_(None))
        .where(LoginSession.expires_at > now)
        .values(ended_at=now)
        .returning(LoginSession.id)
    )
    if only is not None:
        wanted = wanted.where(LoginSession.id.in_(only))
    return list((await session.scalars(wanted)).all())


async def has_been_here(caller: Caller, user_id: UUID) -> bool:
    """Whether the user logged in before from the network that is calling."""
    async with caller.database.transaction(user_id=user_id) as session:
        addresses = await session.scalars(
            select(LoginSession.address).where(LoginSession.user_id == user_id).distinct()
        )
        return network_of(caller.address) in {network_of(each) for each in addresses}


async def _issue(
    session: AsyncSession,
    login: LoginSession,
    now: datetime,
    *,
    parent_id: UUID | None,
    begin: Sequence[CTE] = (),
) -> Started:
    token, token_hash = make_secret(SecretKind.REFRESH)
    expires_at = min(now + IDLE_LIFETIME, login.expires_at)
    issue = insert(RefreshToken).values(
        id=new_id(),
        user_id=login.user_id,
        session_id=login.id,
        parent_id=parent_id,
        token_hash=token_hash,
        created_at=now,
        expires_at=expires_at,
    )
    await session.execute(issue.add_cte(*begin))
    return Started(Access(login.user_id, login.id), token, expires_at - now)
