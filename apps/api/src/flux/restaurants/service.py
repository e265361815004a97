"""Which restaurants a user may see, and the one a request works in."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from flux.auth.dependencies import AccessDep
from flux.core.db import SessionDep, enter_context
from flux.core.errors import FluxError
from flux.restaurants.models import Membership, Restaurant, Role


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
            "Your role only lets you look. Ask the owner of the restaurant to do this.",
        )


@dataclass(frozen=True)
class Tenant:
    """The restaurant a request works in, its member, and the session that sees only its rows."""

    session: AsyncSession
    restaurant: Restaurant
    user_id: UUID
    role: Role

    def require_manager(self) -> None:
        """Raise `RoleTooLowError` for those who may only look."""
        if self.role is Role.VIEWER:
            raise RoleTooLowError


async def list_restaurants(session: AsyncSession, user_id: UUID) -> list[tuple[Restaurant, Role]]:
    """The user's restaurants and roles, in the order they joined.

    A restaurant's row is visible only inside its own context, so each is entered in turn, and the
    session is left in the last one.
    """
    memberships = (await session.scalars(_memberships_of(user_id))).all()
    found = []
    for membership in memberships:
        await enter_context(session, restaurant_id=membership.restaurant_id)
        restaurant = await session.get_one(Restaurant, membership.restaurant_id)
        found.append((restaurant, Role(membership.role)))
    return found


def _memberships_of(user_id: UUID) -> Select[Membership]:
    return (
        select(Membership)
        .where(Membership.user_id == user_id)
        .order_by(Membership.created_at, Membership.restaurant_id)
    )


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
    wanted = _memberships_of(access.user_id)
    if x_restaurant_id is not None:
        wanted = wanted.where(Membership.restaurant_id == x_restaurant_id)
    membership = await session.scalar(wanted.limit(1))
    if membership is None:
        raise NoRestaurantError
    await enter_context(session, restaurant_id=membership.restaurant_id)
    restaurant = await session.get_one(Restaurant, membership.restaurant_id)
    return Tenant(session, restaurant, access.user_id, Role(membership.role))


TenantDep = Annotated[Tenant, Depends(get_tenant)]
