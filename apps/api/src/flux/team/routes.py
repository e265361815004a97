"""/api/team: the people of a restaurant."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy import select

from flux.auth.dependencies import OWN_SITE, CallerDep
from flux.auth.routes import open_session
from flux.auth.schemas import TokenOut
from flux.core.errors import document_problems
from flux.core.paging import Cursor, Limit, fetch_page, make_cursor, read_cursor
from flux.core.schemas import Page
from flux.restaurants.service import RunsTeam, SeesSales, SeesTeam
from flux.team import service
from flux.team.models import Invitation
from flux.team.schemas import (
    AcceptIn,
    InvitationOut,
    InvitationTokenIn,
    InvitedOut,
    InviteIn,
    MemberOut,
    RoleIn,
)

router = APIRouter(prefix="/api/team", tags=["team"])


@router.get("/members", responses=document_problems(401, 403, 404))
async def list_members(
    tenant: SeesTeam, limit: Limit = 50, cursor: Cursor = None
) -> Page[MemberOut]:
    """Who works in the restaurant, and as what."""
    after = read_cursor(cursor, UUID)[0] if cursor is not None else None
    found = await service.list_members(tenant, limit=limit + 1, after=after)
    next_cursor = make_cursor(str(found[limit - 1].user_id)) if len(found) > limit else None
    return Page(items=found[:limit], next_cursor=next_cursor)


@router.patch("/members/{user_id}", responses=document_problems(401, 403, 404, 409, 413, 415))
async def change_role(user_id: UUID, form: RoleIn, tenant: RunsTeam) -> MemberOut:
    """Give a member another role. The last owner stays one."""
    return await service.change_role(tenant, user_id, form.role)


@router.delete(
    "/members/{user_id}", status_code=204, responses=document_problems(401, 403, 404, 409)
)
async def remove_member(user_id: UUID, tenant: SeesSales) -> None:
    """Take a member out of the restaurant: owners anybody, others themselves. Not the last owner."""
    await service.remove_member(tenant, user_id)


@router.get("/invitations", responses=document_problems(401, 403, 404))
async def list_invitations(
    tenant: SeesTeam, limit: Limit = 50, cursor: Cursor = None
) -> Page[InvitationOut]:
    """Invitations that nobody has accepted yet, also those whose time has run out."""
    wanted = select(Invitation).where(Invitation.restaurant_id == tenant.restaurant.id)
    if cursor is not None:
        wanted = wanted.where(Invitation.id > read_cursor(cursor, UUID)[0])
    found, more = await fetch_page(tenant.session, wanted.order_by(Invitation.id), limit)
    return Page(
        items=[service.show_invitation(each) for each in found],
        next_cursor=make_cursor(str(found[-1].id)) if more else None,
    )


@router.post(
    "/invitations",
    status_code=201,
    responses=document_problems(401, 403, 404, 409, 413, 415, 429),
)
async def invite(form: InviteIn, tenant: RunsTeam, caller: CallerDep) -> InvitationOut:
    """Invite somebody by e-mail. The link lasts a week; a second invitation replaces the first."""
    return await service.invite(tenant, caller, form)


@router.delete(
    "/invitations/{invitation_id:uuid}",
    status_code=204,
    responses=document_problems(401, 403, 404),
)
async def withdraw_invitation(invitation_id: UUID, tenant: RunsTeam) -> None:
    """Withdraw an invitation: its link no longer works."""
    await service.withdraw_invitation(tenant, invitation_id)


@router.post(
    "/invitations/show",
    dependencies=OWN_SITE,
    responses=document_problems(403, 410, 413, 415, 429),
)
async def show_invited(form: InvitationTokenIn, caller: CallerDep) -> InvitedOut:
    """What the mailed link invites to. For whoever holds the link; no session needed."""
    return await service.show_invited(caller, form.token)


@router.post(
    "/invitations/accept",
    dependencies=OWN_SITE,
    responses=document_problems(401, 403, 410, 413, 415, 429),
)
async def accept_invitation(
    form: AcceptIn, caller: CallerDep, request: Request, response: Response
) -> TokenOut:
    """Join the restaurant, with the password of the account or of a new one, and start a session."""
    started = await service.accept_invitation(caller, form)
    return await open_session(caller, request, response, started)
