"""The restaurant a request works in, and what the user may do there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from flux.auth.dependencies import AccessDep
from flux.core.db import SessionDep, enter_context
from flux.core.errors import FluxError
from flux.restaurants.models import Membership, Restaurant, Role
from flux.restaurants.permissions import MATRIX, Permission


class NoRestaurantError(FluxError):
    def __init__(self) -> None:
        super().__init__(
            "restaurant_not_found",
            404,
            "There is no such restaurant, or you do not work in it.",
        )


class RoleTooLowError(FluxError):
    def __init__(self) -> None:
        super().__init__(
            "role_too_low",
            403,
            "Your role does not allow this. Ask the owner of the restaurant to do it.",
        )


@dataclass(frozen=True)
class Tenant:
    """The restaurant a request works in, its member, and the session that sees only its rows."""

    session: AsyncSession
    restaurant: Restaurant
    user_id: UUID
    role: Role

    def require(self, permission: Permission) -> None:
        """Raise `RoleTooLowError` unless the member's role allows it."""
        if self.role not in MATRIX[permission]:
            raise RoleTooLowError


async def get_tenant(
    access: AccessDep,
    session: SessionDep,
    x_restaurant_id: Annotated[
        UUID | None,
        Header(description="Which of the user's restaurants; the first one joined if absent."),
    ] = None,
) -> Tenant:
    """Enter the restaurant the request names. `NoRestaurantError` if the user is no member of it."""
    await enter_context(session, user_id=access.user_id)
    wanted = (
        select(Membership)
        .where(Membership.user_id == access.user_id)
        .order_by(Membership.created_at, Membership.restaurant_id)
    )
    if x_restaurant_id is not None:
        wanted = wanted.where(Membership.restaurant_id == x_restaurant_id)
    membership = await session.scalar(wanted.limit(1))
    if membership is None:
        raise NoRestaurantError
    await enter_context(session, restaurant_id=membership.restaurant_id)
    restaurant = await session.get_one(Restaurant, membership.restaurant_id)
    return Tenant(session, restaurant, access.user_id, Role(membership.role))


def allow(permission: Permission) -> Callable[..., Awaitable[Tenant]]:
    """A dependency: the tenant, for a member whose role has the permission."""

    async def enter(tenant: Annotated[Tenant, Depends(get_tenant)]) -> Tenant:
        tenant.require(permission)
        return tenant

    return enter


SeesSales = Annotated[Tenant, Depends(allow(Permission.SEE_SALES))]
SendsFiles = Annotated[Tenant, Depends(allow(Permission.SEND_FILES))]
SeesTeam = Annotated[Tenant, Depends(allow(Permission.SEE_TEAM))]
RunsTeam = Annotated[Tenant, Depends(allow(Permission.RUN_TEAM))]
RunsRestaurant = Annotated[Tenant, Depends(allow(Permission.RUN_RESTAURANT))]
