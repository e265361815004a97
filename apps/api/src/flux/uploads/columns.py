"""Showing the columns of a file that Flux could not read by itself, and taking its owner's word on them."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import BinaryIO
from uuid import UUID
from zoneinfo import ZoneInfo

from anyio import to_thread
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from flux.core.errors import FieldProblem
from flux.core.storage import Store
from flux.ingestion.choice import Choice, read_choice
from flux.ingestion.report import FileRefusedError
from flux.ingestion.restaurant import Restaurant
from flux.ingestion.samples import Header, read_header
from flux.restaurants.service import Tenant
from flux.uploads.errors import MappingMisfitError, UploadStateError
from flux.uploads.models import ColumnMapping
from flux.uploads.schemas import (
    FIELDS,
    ColumnField,
    ColumnOut,
    ColumnsOut,
    LocationsOut,
    MappingIn,
    UploadOut,
    name_of,
)
from flux.uploads.service import STOPPED, ask_store, get_upload, retry_upload

_AMOUNTS = {ColumnField.LINE_AMOUNT, ColumnField.UNIT_PRICE}
_DATES = {ColumnField.DATE_AND_TIME, ColumnField.DATE}


async def show_columns(tenant: Tenant, upload_id: UUID, store: Store) -> ColumnsOut:
    """The columns of a kept file that is not counted, with samples, read from the file itself.

    Raises `UploadNotFoundError`, `UploadStateError`.
    """
    header = await _read_header(tenant, upload_id, store)
    return ColumnsOut(
        header_row=header.row_number,
        till=header.till,
        columns=[
            ColumnOut(
                number=number,
                name=each.name,
                samples=list(each.samples),
                proposal=name_of(each.proposal),
            )
            for number, each in enumerate(header.columns, start=1)
        ],
        locations=[
            LocationsOut(column=at + 1, names=list(names)) for at, names in header.places.items()
        ],
    )


async def choose_columns(
    tenant: Tenant, upload_id: UUID, form: MappingIn, store: Store, now: datetime
) -> UploadOut:
    """Remember the choice for the file's header, and have the file read with it.

    Raises `UploadNotFoundError`, `UploadStateError`, `MappingMisfitError`.
    """
    header = await _read_header(tenant, upload_id, store)
    problems = list(_find_misfits(form, header))
    if problems:
        raise MappingMisfitError(problems)
    chosen = Choice(
        {FIELDS[name]: number - 1 for name, number in form.columns.items()},
        _find_location(form.location, header.places),
        now.date(),
    )
    said = {"mapping": chosen.to_json(), "created_by": tenant.user_id, "created_at": now}
    statement = insert(ColumnMapping).values(
        restaurant_id=tenant.restaurant.id, fingerprint=header.fingerprint, **said
    )
    await tenant.session.execute(
        statement.on_conflict_do_update(index_elements=["restaurant_id", "fingerprint"], set_=said)
    )
    # Whoever was quicker has it read, or counted, by the choice of before: that is refused here.
    return await retry_upload(tenant, upload_id, completed_too=False)


async def know_restaurant(tenant: Tenant) -> Restaurant:
    """What ingestion needs to know of the tenant, to read a file as its worker did."""
    timezone = ZoneInfo(tenant.restaurant.timezone)
    found = await tenant.session.execute(
        select(ColumnMapping.fingerprint, ColumnMapping.mapping, ColumnMapping.created_at).where(
            ColumnMapping.restaurant_id == tenant.restaurant.id
        )
    )
    return Restaurant(
        timezone,
        tenant.restaurant.country,
        tenant.restaurant.currency,
        tenant.restaurant.day_starts_at,
        {name: read_choice(mapping, at, timezone) for name, mapping, at in found},
    )


async def _read_header(tenant: Tenant, upload_id: UUID, store: Store) -> Header:
    upload = await get_upload(tenant, upload_id)
    if upload.status not in STOPPED or upload.received_at is None:
        raise UploadStateError(
            "Columns are chosen for a file that came and is not counted. Undo the upload first, if it is."
        )
    restaurant = await know_restaurant(tenant)
    stored = await ask_store(partial(store.open, upload.object_key))
    try:
        return await to_thread.run_sync(_close_after_header, stored, restaurant)
    except FileRefusedError as refusal:
        raise UploadStateError(refusal.problem.detail) from refusal


def _close_after_header(stored: BinaryIO, restaurant: Restaurant) -> Header:
    with stored:
        return read_header(stored, restaurant)


def _find_misfits(form: MappingIn, header: Header) -> Iterator[FieldProblem]:
    if header.till is None:
        yield from _find_missing(form.columns)
    elif form.columns:
        yield _problem("/columns", "columns_known", f"The columns of {header.till} are known.")
    taken: dict[int, ColumnField] = {}
    for name, number in form.columns.items():
        if number > len(header.columns):
            message = f"The file has {len(header.columns)} columns."
            yield _problem(f"/columns/{name}", "no_such_column", message)
        elif number in taken:
            message = f"This column was chosen for “{taken[number]}” already."
            yield _problem(f"/columns/{name}", "column_twice", message)
        taken.setdefault(number, name)
    if form.location is not None and _find_location(form.location, header.places) is None:
        message = "No column of locations in this file has this name beside others."
        yield _problem("/location", "no_such_location", message)
    elif form.location is None and header.till is not None:
        yield _problem("/location", "missing", "Choose the location that is this restaurant.")


def _find_missing(columns: Mapping[ColumnField, int]) -> Iterator[FieldProblem]:
    if ColumnField.ITEM not in columns:
        yield _problem("/columns/item", "missing", "Choose the column of the item's name.")
    if len(_DATES & columns.keys()) != 1:
        message = "Choose the column of the date: either date_and_time or date, not both."
        yield _problem("/columns/date_and_time", "choose_one", message)
    elif ColumnField.TIME in columns and ColumnField.DATE not in columns:
        message = "A column of the time goes with one of the date alone."
        yield _problem("/columns/time", "time_twice", message)
    if len(_AMOUNTS & columns.keys()) != 1:
        message = "Choose the column of the amount: either line_amount or unit_price, not both."
        yield _problem("/columns/line_amount", "choose_one", message)


def _find_location(
    wanted: str | None, places: Mapping[int, tuple[str, ...]]
) -> tuple[int, str] | None:
    for at, names in places.items():
        for name in names:
            if wanted is not None and name.casefold() == " ".join(wanted.split()).casefold():
                return at, name
    return None


def _problem(pointer: str, code: str, detail: str) -> FieldProblem:
    return FieldProblem(pointer=pointer, code=code, detail=detail)
