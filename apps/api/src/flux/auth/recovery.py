"""Proving an address, and getting back in: confirming, forgetting, resetting, changing."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from flux.auth.caller import Caller
from flux.auth.errors import (
    LinkSpentError,
    SignedOutError,
    WrongCredentialsError,
    WrongPasswordError,
)
from flux.auth.models import LinkPurpose, MailLink, User
from flux.auth.passwords import hash_password, refuse_weak
from flux.auth.schemas import PasswordIn, ResetIn, VerifyIn
from flux.auth.service import check_password, hold_account, lock_email
from flux.auth.sessions import Started, end_sessions, start_session, vouch_for_place
from flux.auth.tokens import Access, hash_secret
from flux.core.rate_limit import LINK_BY_ADDRESS, LOGIN_BY_BOTH, MAIL_BY_ACCOUNT, MAIL_BY_ADDRESS
from flux.mail.letters import Letter
from flux.mail.service import queue_mail


async def ask_for_mail(caller: Caller, letter: Letter, email: str) -> None:
    """Have a link sent to the address if it has an account to which that applies.

    Whether it has is found out when the letter is written, not here, so that neither the answer nor
    its time can tell. Past the account's limit nothing more is sent: the newest link still holds.
    """
    await caller.limiter.spend(MAIL_BY_ADDRESS, address=caller.address)
    if await caller.limiter.take(MAIL_BY_ACCOUNT, letter=letter, account=email):
        async with caller.database.transaction() as session:
            await queue_mail(session, letter, email, caller.now)


async def verify_email(caller: Caller, form: VerifyIn) -> Started:
    """Confirm an address by the mailed link and the password chosen for it, and log in.

    The password, because a link alone would let somebody who registered another's address have it
    confirmed by an unsuspecting press. Raises `LinkSpentError`, `WrongCredentialsError`.
    """
    link = await _find_link(caller, LinkPurpose.VERIFY_EMAIL, form.token)
    await check_password(caller, link.email, form.password, link, is_vouched_for=True)
    async with caller.database.transaction() as session:
        await lock_email(session, link.email)
        await hold_account(session, link)
        await _use_link(session, caller, LinkPurpose.VERIFY_EMAIL, form.token)
        await session.execute(
            update(User).where(User.id == link.user_id).values(email_verified_at=caller.now)
        )
        return await start_session(session, caller, link.user_id)


async def reset_password(caller: Caller, form: ResetIn) -> None:
    """Set a new password by the mailed link, and end every session. The address counts as confirmed.

    Failed tries of before no longer count here: whoever reads the mailbox is not kept out by them.
    Raises `LinkSpentError`, `WeakPasswordError`.
    """
    link = await _find_link(caller, LinkPurpose.RESET_PASSWORD, form.token)
    account = await caller.database.look_up("find_account", link.user_id)
    refuse_weak(form.password, "/password", link.email, *_restaurant_names(account))
    password_hash = await hash_password(form.password)
    async with caller.database.transaction(user_id=link.user_id) as session:
        await lock_email(session, link.email)
        await _use_link(session, caller, LinkPurpose.RESET_PASSWORD, form.token)
        await session.execute(
            update(User)
            .where(User.id == link.user_id)
            .values(email_verified_at=caller.now, password_hash=password_hash)
        )
        ended = await _after_change(session, caller, link.user_id, link.email)
        vouch_for_place(session, caller, link.user_id)
    await caller.ended.note(ended)
    await caller.limiter.forgive(LOGIN_BY_BOTH, account=link.email, address=caller.address)


async def change_password(caller: Caller, access: Access, form: PasswordIn) -> Started:
    """Set a new password for somebody who knows the present one; every session ends, a new one starts.

    Raises `WrongPasswordError`, `WeakPasswordError`, `TooManyTriesError`.
    """
    account = await caller.database.look_up("find_account", access.user_id)
    if not account:
        raise SignedOutError
    email = account[0].email
    (known,) = await caller.database.look_up("find_login", email)
    refuse_weak(form.new_password, "/new_password", email, *_restaurant_names(account))
    try:
        await check_password(caller, email, form.current_password, known, is_vouched_for=True)
    except WrongCredentialsError as error:
        raise WrongPasswordError from error
    password_hash = await hash_password(form.new_password)
    async with caller.database.transaction() as session:
        try:
            await hold_account(session, known)
        except WrongCredentialsError as error:
            # Reset meanwhile, which ended this session, too.
            raise SignedOutError from error
        await session.execute(
            update(User).where(User.id == access.user_id).values(password_hash=password_hash)
        )
        ended = await _after_change(session, caller, access.user_id, email)
        started = await start_session(session, caller, access.user_id)
    await caller.ended.note(ended)
    return started


async def _find_link(caller: Caller, purpose: LinkPurpose, token: str) -> Any:
    """The link's user with address and hash; `LinkSpentError` unless it is live and for this purpose."""
    await caller.limiter.check(LINK_BY_ADDRESS, address=caller.address)
    token_hash = hash_secret(purpose.secret_kind, token)
    found = token_hash and await caller.database.look_up("find_mail_link", token_hash)
    link = found[0] if found else None
    if link is None or link.purpose != purpose or link.expires_at <= caller.now:
        await caller.limiter.count(LINK_BY_ADDRESS, address=caller.address)
        raise LinkSpentError
    return link


async def _use_link(
    session: AsyncSession, caller: Caller, purpose: LinkPurpose, token: str
) -> None:
    """Take the link out of the world; `LinkSpentError` for all but the first of many at once."""
    taken = await session.execute(
        delete(MailLink)
        .where(MailLink.token_hash == hash_secret(purpose.secret_kind, token))
        .where(MailLink.expires_at > caller.now)
        .returning(MailLink.user_id)
    )
    if taken.one_or_none() is None:
        raise LinkSpentError


async def _after_change(
    session: AsyncSession, caller: Caller, user_id: UUID, email: str
) -> list[UUID]:
    """End what the old password opened, and tell the user; the ended sessions, for `EndedSessions.note`."""
    await session.execute(delete(MailLink).where(MailLink.user_id == user_id))
    await queue_mail(
        session,
        Letter.PASSWORD_CHANGED,
        email,
        caller.now,
        device=caller.device,
        place=caller.address,
        at=caller.now.isoformat(),
    )
    return await end_sessions(session, user_id, caller.now)


def _restaurant_names(account: Sequence[Any]) -> list[str]:
    return [row.name for row in account if row.name is not None]
