"""How much one restaurant may send: counted from its uploads themselves, so that nothing is counted twice."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select

from flux.restaurants.models import Restaurant
from flux.restaurants.service import Tenant
from flux.settings import Settings
from flux.uploads.errors import UploadLimitError
from flux.uploads.models import DataUpload, UploadStatus

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_SOON = timedelta(minutes=1)


async def check_limits(tenant: Tenant, size_bytes: int, settings: Settings, now: datetime) -> None:
    """`UploadLimitError` if one upload more, of this size, is too much.

    Holds the restaurant's row until the request is over, so that of several at once each is counted.
    """
    mine = DataUpload.restaurant_id == tenant.restaurant.id
    await tenant.session.execute(
        select(Restaurant.id)
        .where(Restaurant.id == tenant.restaurant.id)
        .with_for_update(key_share=True)
    )
    unfinished = await tenant.session.scalar(
        select(func.count(DataUpload.id)).where(mine, _is_unfinished(now))
    )
    if (unfinished or 0) >= settings.max_unfinished_uploads:
        raise UploadLimitError(
            f"{unfinished} uploads wait for their file or to be read. Wait until some are done, or cancel those that"
            " you no longer need.",
            _SOON,
        )
    newest_first = (DataUpload.created_at.desc(), DataUpload.id.desc())
    in_the_way = await tenant.session.scalar(
        select(DataUpload.created_at)
        .where(mine, DataUpload.created_at > now - _HOUR)
        .order_by(*newest_first)
        .offset(settings.max_uploads_an_hour - 1)
        .limit(1)
    )
    if in_the_way is not None:
        raise UploadLimitError(
            f"At most {settings.max_uploads_an_hour:,} files can be sent in an hour. Wait, or send one file of a longer"
            " period.",
            in_the_way + _HOUR - now,
        )
    sums = (
        select(
            DataUpload.created_at,
            func.sum(DataUpload.size_bytes).over(order_by=newest_first).label("bytes"),
        )
        .where(mine, DataUpload.created_at > now - _DAY)
        .subquery()
    )
    too_many = await tenant.session.scalar(
        select(func.max(sums.c.created_at)).where(
            sums.c.bytes + size_bytes > settings.max_upload_bytes_a_day
        )
    )
    if too_many is not None:
        raise UploadLimitError(
            f"At most {settings.max_upload_bytes_a_day / 1024**3:,.1f} GiB can be sent in 24 hours. Try again later.",
            too_many + _DAY - now,
        )


def _is_unfinished(now: datetime) -> ColumnElement[bool]:
    """Not over; an announcement whose address has expired without a file does not count."""
    return or_(
        DataUpload.status == UploadStatus.PROCESSING,
        and_(
            DataUpload.status == UploadStatus.AWAITING_FILE,
            or_(DataUpload.received_at.is_not(None), DataUpload.expires_at > now),
        ),
    )
