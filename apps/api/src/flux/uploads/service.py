"""Announcing, receiving, listing and showing uploads."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import PurePath
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from anyio import to_thread
from sqlalchemy import ColumnElement, and_, case, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from flux.core.ids import new_id
from flux.core.logging import get_logger
from flux.core.paging import fetch_page, make_cursor, read_cursor
from flux.core.schemas import Page
from flux.core.storage import Store, object_key
from flux.ingestion.report import Report
from flux.ingestion.unsent import NEVER_CAME
from flux.restaurants.service import Tenant
from flux.settings import Settings
from flux.uploads.errors import (
    FileEmptyError,
    FileTooLargeError,
    FileTypeError,
    StoreAwayError,
    UploadNotFoundError,
    UploadStateError,
)
from flux.uploads.limits import check_limits
from flux.uploads.models import DataUpload, Request, UploadStatus
from flux.uploads.sample import FILENAME, find_sample, keep_apart, write_sample
from flux.uploads.schemas import (
    MAX_FILE_BYTES,
    UploadIn,
    UploadOut,
    UploadTicket,
)
from flux.uploads.ticket import presign_parts, presign_whole

log = get_logger(__name__)
Answer = TypeVar("Answer")

# The columns that Flux reads without any question, and one sale as an example.
TEMPLATE = (
    "Order ID,Date,Time,Item name,Category,Quantity,Net sales\r\n"
    "1001,2026-05-31,18:30,House burger,Food,1,14.50\r\n"
)
PUT_LIFETIME = timedelta(hours=1)
# Over, and nothing of it is counted.
STOPPED = (
    UploadStatus.FAILED,
    UploadStatus.NEEDS_MAPPING,
    UploadStatus.CANCELLED,
    UploadStatus.UNDONE,
)
READ_EXTENSIONS = frozenset({".csv", ".tsv", ".txt", ".gz", ".zip", ".xlsx"})


async def announce_upload(
    tenant: Tenant, form: UploadIn, store: Store, settings: Settings, now: datetime
) -> UploadTicket:
    """Make the upload's row and the URL its file may be PUT to, for one hour; or those of its parts.

    Raises `UploadLimitError`, `StoreAwayError`, and the errors of what Flux does not read.
    """
    upload = await _add_upload(tenant, form, settings, now)
    presign = presign_parts if form.size_bytes > settings.max_whole_bytes else presign_whole
    # The first one may have to fetch credentials.
    ticket = await ask_store(partial(presign, upload, store, settings.part_bytes))
    await tenant.session.flush()
    return ticket


async def receive_upload(
    tenant: Tenant,
    form: UploadIn,
    content: bytes,
    store: Store,
    settings: Settings,
    now: datetime,
) -> UploadOut:
    """Take a small file whole, as announced and sent in one. Raises what `announce_upload` does."""
    upload = await _add_upload(tenant, form, settings, now)
    return await _keep_whole(tenant, upload, content, store, now)


async def add_sample(tenant: Tenant, store: Store, settings: Settings, now: datetime) -> UploadOut:
    """Have the sample read, as a file that was sent; the one that is there, if it is.

    Raises `SampleMixError`, `UploadLimitError`, `StoreAwayError`.
    """
    await keep_apart(tenant, is_sample=True)
    known = await find_sample(tenant)
    if known is not None:
        return show_upload(await get_upload(tenant, known))
    yesterday = now.astimezone(ZoneInfo(tenant.restaurant.timezone)).date() - timedelta(days=1)
    content = await to_thread.run_sync(write_sample, yesterday)
    form = UploadIn(filename=FILENAME, size_bytes=len(content), content_type="text/csv")
    upload = await _add_upload(tenant, form, settings, now, is_sample=True)
    return await _keep_whole(tenant, upload, content, store, now)


async def _keep_whole(
    tenant: Tenant, upload: DataUpload, content: bytes, store: Store, now: datetime
) -> UploadOut:
    await ask_store(partial(_store_whole, store, upload.object_key, content))
    upload.received_at = now
    await tenant.session.flush()
    return show_upload(upload)


async def ask_store(question: Callable[[], Answer]) -> Answer:
    """What the store answers, asked in a thread; `StoreAwayError` if it does not, whatever the reason."""
    try:
        return await to_thread.run_sync(question)
    except Exception as error:
        log.exception("store_unavailable")
        raise StoreAwayError from error


async def note_received(
    session: AsyncSession, restaurant_id: UUID, upload_id: UUID, now: datetime
) -> None:
    """Say that the upload's file is whole in the store, so that a worker may take it."""
    await session.execute(
        update(DataUpload).where(
            DataUpload.restaurant_id == restaurant_id,
            DataUpload.id == upload_id,
            DataUpload.received_at.is_(None),
            or_(
                DataUpload.status.in_([UploadStatus.AWAITING_FILE, UploadStatus.CANCELLED]),
                DataUpload.report["problem"]["code"].astext == NEVER_CAME.code,
            ),
        )
        # One that was given up because no file came is taken up after all.
        .values(
            received_at=now,
            report=None,
            finished_at=None,
            status=case(
                (DataUpload.status == UploadStatus.FAILED, UploadStatus.AWAITING_FILE),
                else_=DataUpload.status,
            ),
        )
    )


async def get_upload(tenant: Tenant, upload_id: UUID) -> DataUpload:
    """The upload, or `UploadNotFoundError`, also if it is another restaurant's."""
    upload = await tenant.session.get(DataUpload, (tenant.restaurant.id, upload_id))
    if upload is None:
        raise UploadNotFoundError
    return upload


async def cancel_upload(tenant: Tenant, upload_id: UUID, now: datetime) -> UploadOut:
    """Stop an upload that is not over. Whatever a worker has read of it is rolled back.

    Raises `UploadNotFoundError`, `UploadStateError`.
    """
    waiting = (UploadStatus.AWAITING_FILE, UploadStatus.PROCESSING)
    cancelled = await _change_state(
        tenant,
        upload_id,
        DataUpload.status.in_(waiting),
        # Without its lease the worker cannot commit.
        status=UploadStatus.CANCELLED,
        lease_token=None,
        lease_until=None,
        finished_at=now,
    )
    if cancelled is None:
        raise UploadStateError("This upload is over; there is nothing left to cancel.")
    return cancelled


async def retry_upload(tenant: Tenant, upload_id: UUID, *, completed_too: bool = True) -> UploadOut:
    """Have the kept file read once more: after it came to nothing, or after Flux learned to read it better.

    A completed upload stays so, and counts as before, until the new result takes its place.
    Raises `UploadNotFoundError`, `UploadStateError`, `SampleMixError`.
    """
    await keep_apart(tenant, is_sample=(await get_upload(tenant, upload_id)).is_sample)
    again = await _change_state(
        tenant,
        upload_id,
        and_(DataUpload.status.in_(STOPPED), DataUpload.received_at.is_not(None)),
        status=UploadStatus.AWAITING_FILE,
        progress=0,
        rows_read=0,
        attempts=0,
        report=None,
        finished_at=None,
    )
    if again is None and completed_too:
        idle = DataUpload.requested.is_(None)
        again = await _ask_for(tenant, upload_id, Request.READ_AGAIN, idle)
    if again is None:
        raise UploadStateError(
            "Only a file that came, and is not being read or undone just now, can be read again."
        )
    return again


async def undo_upload(tenant: Tenant, upload_id: UUID) -> UploadOut:
    """Have a completed upload undone: its orders go, but for what other uploads also contain.

    It counts until a worker has done both at once. Asked again before that, nothing changes.
    Raises `UploadNotFoundError`, `UploadStateError`.
    """
    # One that is just being read again loses its lease, so that the worker cannot commit.
    asked = await _ask_for(
        tenant, upload_id, Request.UNDO, DataUpload.requested.is_distinct_from(Request.UNDO)
    )
    if asked is not None:
        return asked
    upload = await get_upload(tenant, upload_id)
    if upload.requested != Request.UNDO:
        raise UploadStateError(
            "Only an upload that was read and counted can be undone. One that is not over can be cancelled."
        )
    return show_upload(upload)


async def _ask_for(
    tenant: Tenant, upload_id: UUID, request: Request, condition: ColumnElement[bool]
) -> UploadOut | None:
    return await _change_state(
        tenant,
        upload_id,
        and_(DataUpload.status == UploadStatus.COMPLETED, condition),
        requested=request,
        progress=0,
        rows_read=0,
        attempts=0,
        lease_token=None,
        lease_until=None,
    )


async def _change_state(
    tenant: Tenant, upload_id: UUID, condition: ColumnElement[bool], **values: object
) -> UploadOut | None:
    """The upload after the change, or `None` if the condition does not hold, by one atomic statement."""
    changed = await tenant.session.execute(
        update(DataUpload)
        .where(
            DataUpload.restaurant_id == tenant.restaurant.id, DataUpload.id == upload_id, condition
        )
        .values(values)
        .returning(DataUpload)
        .execution_options(populate_existing=True)
    )
    upload = changed.scalar_one_or_none()
    if upload is None:
        await get_upload(tenant, upload_id)
        return None
    return show_upload(upload)


async def list_uploads(tenant: Tenant, *, limit: int, cursor: str | None) -> Page[UploadOut]:
    """The restaurant's uploads, newest first."""
    wanted = select(DataUpload).where(DataUpload.restaurant_id == tenant.restaurant.id)
    if cursor is not None:
        after = read_cursor(cursor, datetime.fromisoformat, UUID)
        wanted = wanted.where(tuple_(DataUpload.created_at, DataUpload.id) < tuple_(*after))
    wanted = wanted.order_by(DataUpload.created_at.desc(), DataUpload.id.desc())
    found, more = await fetch_page(tenant.session, wanted, limit)
    next_cursor = make_cursor(found[-1].created_at.isoformat(), str(found[-1].id)) if more else None
    return Page(items=[show_upload(each) for each in found], next_cursor=next_cursor)


def show_upload(upload: DataUpload) -> UploadOut:
    return UploadOut(
        id=upload.id,
        filename=upload.filename,
        size_bytes=upload.size_bytes,
        status=upload.status,
        is_sample=upload.is_sample,
        requested=upload.requested,
        progress=upload.progress,
        rows_read=upload.rows_read,
        created_at=upload.created_at,
        report=Report.model_validate(upload.report) if upload.report else None,
    )


async def _add_upload(
    tenant: Tenant, form: UploadIn, settings: Settings, now: datetime, *, is_sample: bool = False
) -> DataUpload:
    if form.size_bytes == 0:
        raise FileEmptyError
    if form.size_bytes > MAX_FILE_BYTES:
        raise FileTooLargeError("2 GiB")
    if PurePath(form.filename).suffix.lower() not in READ_EXTENSIONS:
        raise FileTypeError
    await check_limits(tenant, form.size_bytes, settings, now)
    await keep_apart(tenant, is_sample=is_sample)
    upload_id = new_id()
    upload = DataUpload(
        restaurant_id=tenant.restaurant.id,
        id=upload_id,
        created_by=tenant.user_id,
        is_sample=is_sample,
        filename=form.filename,
        content_type=form.content_type,
        size_bytes=form.size_bytes,
        object_key=object_key(tenant.restaurant.id, upload_id, form.filename),
        expires_at=now + PUT_LIFETIME,
    )
    tenant.session.add(upload)
    await tenant.session.flush()
    await tenant.session.refresh(upload)
    return upload


def _store_whole(store: Store, key: str, content: bytes) -> None:
    # The key is new, so what is there already came from here: of a try whose answer was lost.
    with suppress(FileExistsError), store.writer(key) as file:
        file.write(content)
