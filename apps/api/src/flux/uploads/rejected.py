"""Which rows of an upload were refused and why: a page at a time, and all of them as a CSV to mend."""

from collections.abc import Iterator
from functools import partial
from typing import Any, BinaryIO
from uuid import UUID

from sqlalchemy import func, select, tuple_

from flux.core.paging import fetch_page, make_cursor, read_cursor
from flux.core.schemas import Page
from flux.core.storage import Store
from flux.ingestion.rejected import write_rejected
from flux.ingestion.restaurant import Restaurant
from flux.restaurants.service import Tenant
from flux.uploads.errors import UploadStateError
from flux.uploads.models import RejectedRow, UploadStatus
from flux.uploads.schemas import RejectedRowOut
from flux.uploads.service import ask_store, get_upload

# Nobody mends more by hand; the CSV has them all.
MOST_LISTED = 1_000


async def list_rejected_rows(
    tenant: Tenant, upload_id: UUID, *, limit: int, cursor: str | None
) -> Page[RejectedRowOut]:
    """The reasons for which the first `MOST_LISTED` rows of the upload were refused, in the file's order."""
    upload = await get_upload(tenant, upload_id)
    wanted = select(RejectedRow).where(
        RejectedRow.restaurant_id == upload.restaurant_id,
        RejectedRow.upload_id == upload.id,
    )
    # Unknown, and so of no effect, where there are fewer rows.
    last = (
        wanted.with_only_columns(RejectedRow.row_number)
        .distinct()
        .order_by(RejectedRow.row_number)
        .offset(MOST_LISTED - 1)
        .limit(1)
        .scalar_subquery()
    )
    wanted = wanted.where(RejectedRow.row_number <= func.coalesce(last, RejectedRow.row_number))
    place = (RejectedRow.row_number, RejectedRow.problem_number)
    if cursor is not None:
        wanted = wanted.where(tuple_(*place) > tuple_(*read_cursor(cursor, _small_int, _small_int)))
    found, more = await fetch_page(tenant.session, wanted.order_by(*place), limit)
    next_cursor = make_cursor(found[-1].row_number, found[-1].problem_number) if more else None
    return Page(
        items=[
            RejectedRowOut(
                row_number=each.row_number,
                column=each.column_name,
                value=each.value,
                code=each.code,
                message=each.message,
            )
            for each in found
        ],
        next_cursor=next_cursor,
    )


async def write_rejected_rows(
    tenant: Tenant, upload_id: UUID, restaurant: Restaurant, store: Store
) -> Iterator[str]:
    """All refused rows of the upload as a CSV, read from its kept file; nothing below its header if none.

    Raises `UploadNotFoundError`, `UploadStateError`, `StoreAwayError`.
    """
    upload = await get_upload(tenant, upload_id)
    if upload.status != UploadStatus.COMPLETED:
        raise UploadStateError("Only a file that was read has rows that were refused one by one.")
    found = await tenant.session.execute(
        select(RejectedRow.row_number, RejectedRow.message)
        .where(
            RejectedRow.restaurant_id == upload.restaurant_id, RejectedRow.upload_id == upload.id
        )
        .order_by(RejectedRow.row_number, RejectedRow.problem_number)
    )
    problems: dict[int, str] = {}
    for row_number, message in found:
        problems[row_number] = " ".join(filter(None, [problems.get(row_number), message]))
    stored = await ask_store(partial(store.open, upload.object_key))
    return _read_rejected(stored, restaurant, problems)


def _read_rejected(
    stored: BinaryIO, restaurant: Restaurant, problems: dict[int, str]
) -> Iterator[str]:
    with stored:
        yield from write_rejected(stored, restaurant, problems)


def _small_int(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**31:
        raise ValueError(value)
    return int(value)
