"""Showing and changing a restaurant's settings."""

from datetime import time

from sqlalchemy import and_, case, func, or_, select, update

from flux.restaurants.schemas import RestaurantChange, RestaurantSettings
from flux.restaurants.service import Tenant
from flux.uploads.models import DataUpload, Request, UploadStatus


async def show_settings(tenant: Tenant) -> RestaurantSettings:
    """The settings, and how many files wait to be read by new ones."""
    waiting = await tenant.session.scalar(
        select(func.count(DataUpload.id)).where(
            DataUpload.restaurant_id == tenant.restaurant.id,
            DataUpload.requested == Request.READ_AGAIN,
        )
    )
    restaurant = tenant.restaurant
    return RestaurantSettings(
        id=restaurant.id,
        name=restaurant.name,
        timezone=restaurant.timezone,
        currency=restaurant.currency,
        country=restaurant.country,
        day_starts_at=restaurant.day_starts_at.isoformat("minutes"),
        files_to_read_again=waiting or 0,
    )


async def change_settings(tenant: Tenant, form: RestaurantChange) -> RestaurantSettings:
    """Change what the form has.

    With another start of the day every kept file that counts is read again, since the business day is part of what
    an order is known by.
    """
    if form.name is not None:
        tenant.restaurant.name = form.name
    day_starts_at = form.day_starts_at and time.fromisoformat(form.day_starts_at)
    if day_starts_at and day_starts_at != tenant.restaurant.day_starts_at:
        tenant.restaurant.day_starts_at = day_starts_at
        # Holds the row, so that no file is announced meanwhile.
        await tenant.session.flush()
        await _read_all_again(tenant)
    await tenant.session.flush()
    return await show_settings(tenant)


async def _read_all_again(tenant: Tenant) -> None:
    """No worker may finish what it began by the start of before: it loses its lease, and begins anew."""
    mine = DataUpload.restaurant_id == tenant.restaurant.id
    # A worker takes no upload that is locked, so each claim comes before this, or sees the new start.
    await tenant.session.execute(select(DataUpload.id).where(mine).with_for_update())
    is_processing = DataUpload.status == UploadStatus.PROCESSING
    is_completed = DataUpload.status == UploadStatus.COMPLETED
    await tenant.session.execute(
        update(DataUpload)
        .where(mine, or_(is_processing, is_completed))
        .values(
            status=case((is_processing, UploadStatus.AWAITING_FILE.value), else_=DataUpload.status),
            requested=case(
                (
                    and_(is_completed, DataUpload.requested.is_(None)),
                    Request.READ_AGAIN.value,
                ),
                else_=DataUpload.requested,
            ),
            progress=0,
            rows_read=0,
            attempts=0,
            lease_token=None,
            lease_until=None,
        )
    )
