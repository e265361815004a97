"""Large files come in parts, so that of one that breaks off on its way not all is lost."""

from datetime import datetime
from functools import partial
from uuid import UUID

from anyio import to_thread

from flux.core.logging import get_logger
from flux.core.storage import PartMisfitError, SentPart, Store
from flux.restaurants.service import Tenant
from flux.uploads.errors import (
    AlreadyReceivedError,
    PartsMisfitError,
    StoreAwayError,
    UploadStateError,
)
from flux.uploads.models import UploadStatus
from flux.uploads.schemas import PartIn, PartsIn, UploadOut
from flux.uploads.service import (
    ask_store,
    get_upload,
    note_received,
    show_upload,
)
from flux.uploads.ticket import split_sizes

log = get_logger(__name__)


async def complete_upload(
    tenant: Tenant, upload_id: UUID, form: PartsIn, store: Store, part_bytes: int, now: datetime
) -> UploadOut:
    """Make the file of its parts, so that a worker may take it.

    Raises `UploadNotFoundError`, `UploadStateError`, `AlreadyReceivedError`, `PartsMisfitError`, `StoreAwayError`.
    """
    upload = await get_upload(tenant, upload_id)
    if upload.parts_id is not None and upload.received_at is not None:
        raise AlreadyReceivedError
    if upload.parts_id is None or upload.status != UploadStatus.AWAITING_FILE:
        raise UploadStateError("This upload does not wait for parts of a file.")
    parts = _check_numbers(form.parts, split_sizes(upload.size_bytes, part_bytes))
    try:
        await to_thread.run_sync(store.complete_parts, upload.object_key, upload.parts_id, parts)
    except PartMisfitError as misfit:
        raise PartsMisfitError(
            f"/parts/{misfit.number - 1}",
            f"Part {misfit.number} has not arrived, or not as it was sent. Send it again, then complete the upload.",
        ) from misfit
    except (FileNotFoundError, FileExistsError) as error:
        # The answer to the first time may have been lost, and with it the news that the file is here.
        stored = await ask_store(partial(store.size_of, upload.object_key))
        if stored != upload.size_bytes:
            raise UploadStateError(
                "The parts of this file are no longer kept. Start the upload again."
            ) from error
    except Exception as error:
        log.exception("store_unavailable")
        raise StoreAwayError from error
    await note_received(tenant.session, upload.restaurant_id, upload.id, now)
    await tenant.session.refresh(upload)
    return show_upload(upload)


def _check_numbers(sent: list[PartIn], sizes: list[int]) -> list[SentPart]:
    """The parts with their sizes; `PartsMisfitError` unless they are all of them, in their order."""
    for place, (part, number) in enumerate(zip(sent, range(1, len(sizes) + 1), strict=False)):
        if part.number != number:
            raise PartsMisfitError(f"/parts/{place}/number", f"Here part {number} is wanted.")
    if len(sent) != len(sizes):
        raise PartsMisfitError(
            "/parts", f"The file has {len(sizes)} parts, and these are {len(sent)}."
        )
    return [
        SentPart(part.number, size, part.etag.strip('"'))
        for part, size in zip(sent, sizes, strict=True)
    ]
