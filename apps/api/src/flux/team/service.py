"""The people of a restaurant: who works there, as what, and inviting more."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from flux.auth.caller import Caller
from flux.auth.errors import LinkSpentError, WrongCredentialsError
from flux.auth.models import User
from flux.auth.passwords import check_length, hash_password, refuse_weak
from flux.auth.service import check_password, hold_account, lock_email
from flux.auth.sessions import Started, start_session
from flux.auth.tokens import SecretKind, hash_secret
from flux.core.db import enter_context, look_up
from flux.core.ids import new_id
from flux.core.rate_limit import INVITE_BY_RESTAURANT, LINK_BY_ADDRESS, MAIL_BY_ACCOUNT
from flux.mail.letters import Letter
from flux.mail.service import queue_mail
from flux.restaurants.models import Membership, Restaurant, Role
from flux.restaurants.permissions import Permission
from flux.restaurants.service import NoRestaurantError, Tenant
from flux.team.errors import (
    AlreadyMemberError,
    InvitationNotFoundError,
    LastOwnerError,
    MemberNotFoundError,
)
from flux.team.models import Invitation
from flux.team.schemas import AcceptIn, InvitationOut, InvitedOut, InviteIn, MemberOut

INVITATION_LIFETIME = timedelta(days=7)


async def list_members(tenant: Tenant, *, limit: int, after: UUID | None) -> list[MemberOut]:
    """The people of the restaurant by the id of the user, which is the order of their accounts."""
    found = await tenant.session.execute(
        text(
            "SELECT * FROM find_members(:restaurant)"
            " WHERE CAST(:after AS uuid) IS NULL OR user_id > :after ORDER BY user_id LIMIT :limit"
        ),
        {"restaurant": tenant.restaurant.id, "after": after, "limit": limit},
    )
    return [MemberOut.model_validate(row) for row in found]


async def change_role(tenant: Tenant, user_id: UUID, role: Role) -> MemberOut:
    """Give a member another role. Raises `MemberNotFoundError`, `LastOwnerError`."""
    await _take_turn(tenant, Permission.RUN_TEAM)
    member = await _get_member(tenant, user_id)
    if member.role == Role.OWNER and role is not Role.OWNER:
        await _require_another_owner(tenant)
        await _withdraw_invitations_of(tenant, user_id)
    member.role = role
    await tenant.session.flush()
    return await _show_member(tenant, user_id)


async def remove_member(tenant: Tenant, user_id: UUID) -> None:
    """Take a member out of the restaurant; anybody may so leave. Raises as `change_role` does."""
    is_leaving = user_id == tenant.user_id
    await _take_turn(tenant, Permission.SEE_SALES if is_leaving else Permission.RUN_TEAM)
    member = await _get_member(tenant, user_id)
    if member.role == Role.OWNER:
        await _require_another_owner(tenant)
        await _withdraw_invitations_of(tenant, user_id)
    await tenant.session.delete(member)
    await tenant.session.flush()


async def _take_turn(tenant: Tenant, permission: Permission) -> None:
    """Have all changes to the team take turns, and ask again whether the user may make one.

    They may have been removed or demoted while they waited.
    """
    tenant.require(permission)
    await _lock_team(tenant.session, tenant.restaurant.id)
    acting = await tenant.session.get(
        Membership, (tenant.restaurant.id, tenant.user_id), populate_existing=True
    )
    if acting is None:
        raise NoRestaurantError
    replace(tenant, role=Role(acting.role)).require(permission)


async def _lock_team(session: AsyncSession, restaurant_id: UUID) -> None:
    """For the rest of the transaction. Whoever only refers to the restaurant need not wait."""
    await session.execute(
        select(Restaurant.id).where(Restaurant.id == restaurant_id).with_for_update(key_share=True)
    )


async def _get_member(tenant: Tenant, user_id: UUID) -> Membership:
    member = await tenant.session.get(
        Membership, (tenant.restaurant.id, user_id), populate_existing=True
    )
    if member is None:
        raise MemberNotFoundError
    return member


async def _show_member(tenant: Tenant, user_id: UUID) -> MemberOut:
    found = await tenant.session.execute(
        text("SELECT * FROM find_members(:restaurant) WHERE user_id = :user"),
        {"restaurant": tenant.restaurant.id, "user": user_id},
    )
    return MemberOut.model_validate(found.one(), from_attributes=True)


async def _require_another_owner(tenant: Tenant) -> None:
    owners = await tenant.session.scalar(
        select(func.count())
        .select_from(Membership)
        .where(Membership.restaurant_id == tenant.restaurant.id, Membership.role == Role.OWNER)
    )
    if owners == 1:
        raise LastOwnerError


async def _withdraw_invitations_of(tenant: Tenant, user_id: UUID) -> None:
    """Nobody who is no owner any more leaves a way in behind."""
    await tenant.session.execute(
        delete(Invitation).where(
            Invitation.restaurant_id == tenant.restaurant.id, Invitation.invited_by_id == user_id
        )
    )


async def invite(tenant: Tenant, caller: Caller, form: InviteIn) -> InvitationOut:
    """Invite an address by mail. A second invitation replaces the first, whose link then is spent.

    Raises `AlreadyMemberError`, `TooManyTriesError`.
    """
    await caller.limiter.spend(INVITE_BY_RESTAURANT, restaurant=str(tenant.restaurant.id))
    await caller.limiter.spend(MAIL_BY_ACCOUNT, letter=Letter.INVITATION, account=form.email)
    await _take_turn(tenant, Permission.RUN_TEAM)
    known = await tenant.session.scalar(
        text("SELECT count(*) FROM find_members(:restaurant) WHERE email = :email"),
        {"restaurant": tenant.restaurant.id, "email": form.email},
    )
    if known:
        raise AlreadyMemberError
    inviter = (await _show_member(tenant, tenant.user_id)).email
    values = {
        "role": form.role,
        "invited_by": inviter,
        "invited_by_id": tenant.user_id,
        "created_at": caller.now,
        "expires_at": caller.now + INVITATION_LIFETIME,
        "token_hash": None,
    }
    session = tenant.session
    invitation = await session.scalar(
        insert(Invitation)
        .values(restaurant_id=tenant.restaurant.id, id=new_id(), email=form.email, **values)
        .on_conflict_do_update(index_elements=["restaurant_id", "email"], set_=values)
        .returning(Invitation),
        execution_options={"populate_existing": True},
    )
    assert invitation is not None  # noqa: S101 (inserted or updated, so returned)
    shown = show_invitation(invitation)
    await queue_mail(
        session,
        Letter.INVITATION,
        form.email,
        caller.now,
        restaurant_id=str(tenant.restaurant.id),
        invitation_id=str(shown.id),
    )
    return shown


def show_invitation(invitation: Invitation) -> InvitationOut:
    return InvitationOut.model_validate(invitation, from_attributes=True)


async def withdraw_invitation(tenant: Tenant, invitation_id: UUID) -> None:
    """Make the link of an invitation worthless. Raises `InvitationNotFoundError`."""
    gone = await tenant.session.execute(
        delete(Invitation)
        .where(Invitation.restaurant_id == tenant.restaurant.id, Invitation.id == invitation_id)
        .returning(Invitation.id)
    )
    if gone.one_or_none() is None:
        raise InvitationNotFoundError


async def show_invited(caller: Caller, token: str) -> InvitedOut:
    """What the holder of a mailed link was invited to. Raises `LinkSpentError`."""
    async with caller.database.transaction() as session:
        invitation, restaurant = await _find_invitation(session, caller, token)
        known = await look_up(session, "find_login", invitation.email)
    return InvitedOut(
        restaurant_name=restaurant.name,
        email=invitation.email,
        role=Role(invitation.role),
        invited_by=invitation.invited_by,
        has_account=bool(known),
    )


async def accept_invitation(caller: Caller, form: AcceptIn) -> Started:
    """Join the restaurant by the mailed link: with the password of the account, or a new account's.

    The link proves the address. Raises `LinkSpentError`, `WrongCredentialsError`, `WeakPasswordError`.
    """
    async with caller.database.transaction() as session:
        invitation, restaurant = await _find_invitation(session, caller, form.token)
        found = await look_up(session, "find_login", invitation.email)
        known = found[0] if found else None
    email, password_hash = invitation.email, None
    if known is None:
        check_length(form.password, "/password")
        refuse_weak(form.password, "/password", email, restaurant.name)
        password_hash = await hash_password(form.password)
    else:
        await check_password(caller, email, form.password, known, is_vouched_for=True)
    async with caller.database.transaction() as session:
        await lock_email(session, email)
        await enter_context(session, restaurant_id=restaurant.id)
        await _lock_team(session, restaurant.id)
        invitation, restaurant = await _find_invitation(session, caller, form.token, lock=True)
        user_id = await _join(session, caller, invitation, known, password_hash)
        await session.delete(invitation)
        await session.flush()
        return await start_session(session, caller, user_id)


async def _join(
    session: AsyncSession,
    caller: Caller,
    invitation: Invitation,
    known: Row[Any] | None,
    password_hash: str | None,
) -> UUID:
    user_id = known.user_id if known else new_id()
    if known:
        await hold_account(session, known)
        await session.execute(
            update(User).where(User.id == user_id).values(email_verified_at=caller.now)
        )
    elif not await look_up(session, "find_login", invitation.email):
        await enter_context(session, user_id=user_id)
        session.add(
            User(
                id=user_id,
                email=invitation.email,
                password_hash=password_hash,
                email_verified_at=caller.now,
            )
        )
        await session.flush()
    else:
        # Somebody registered the address since; the password given is not that account's.
        raise WrongCredentialsError
    await session.execute(
        insert(Membership)
        .values(restaurant_id=invitation.restaurant_id, user_id=user_id, role=invitation.role)
        .on_conflict_do_nothing()
    )
    return user_id


async def _find_invitation(
    session: AsyncSession, caller: Caller, token: str, *, lock: bool = False
) -> tuple[Invitation, Restaurant]:
    """The live invitation and its restaurant, which is entered; `LinkSpentError` for any other token."""
    await caller.limiter.check(LINK_BY_ADDRESS, address=caller.address)
    token_hash = hash_secret(SecretKind.INVITATION, token)
    found = token_hash and await look_up(session, "find_invitation", token_hash)
    if found:
        row = found[0]
        await enter_context(session, restaurant_id=row.restaurant_id)
        invitation = await session.get(
            Invitation, (row.restaurant_id, row.invitation_id), with_for_update=lock or None
        )
        if invitation is not None and invitation.expires_at > caller.now:
            return invitation, await session.get_one(Restaurant, row.restaurant_id)
    await caller.limiter.count(LINK_BY_ADDRESS, address=caller.address)
    raise LinkSpentError
