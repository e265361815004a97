"""The object store's part on a laptop: PUT to a signed address. Mounted in development only."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Header, Query, Request, Response

from flux.core import clock
from flux.core.db import Database
from flux.core.errors import document_problems
from flux.core.logging import get_logger
from flux.core.storage import LOCAL_STORE_PATH, LocalStore, tenant_of
from flux.uploads.errors import (
    AlreadyReceivedError,
    BadSignatureError,
    StoreAwayError,
    WrongSizeError,
)
from flux.uploads.service import note_received

log = get_logger(__name__)
router = APIRouter(prefix=LOCAL_STORE_PATH, tags=["local store"])


@router.put("/{key:path}", responses=document_problems(400, 403, 409, 503))
async def put_object(
    key: str,
    request: Request,
    expires: Annotated[int, Query()],
    size: Annotated[int, Query()],
    signature: Annotated[str, Query(max_length=64)],
    content_type: Annotated[str, Header()] = "",
) -> Response:
    """Store the body under the key, if the address was signed for just this size and type."""
    store: LocalStore = request.app.state.store
    signed = store.is_signed(
        key,
        size_bytes=size,
        content_type=content_type,
        expires=expires,
        signature=signature,
    )
    if not signed or expires < clock.now().timestamp():
        raise BadSignatureError
    try:
        await _store_body(request, store, key, size)
    except FileExistsError as error:
        # The answer to the first may have been lost, and with it the news that the file is here.
        await _note_received(request, key)
        raise AlreadyReceivedError from error
    except OSError as error:
        log.exception("store_unavailable")
        raise StoreAwayError from error
    await _note_received(request, key)
    return Response(status_code=200)


async def _store_body(request: Request, store: LocalStore, key: str, size: int) -> None:
    if store.size_of(key) is not None:
        raise FileExistsError(key)
    received = 0
    with store.writer(key) as file:
        async for chunk in request.stream():
            received += len(chunk)
            if received > size:
                raise WrongSizeError
            await to_thread.run_sync(file.write, chunk)
        if received != size:
            raise WrongSizeError


async def _note_received(request: Request, key: str) -> None:
    database: Database = request.app.state.database
    restaurant_id, upload_id = tenant_of(key)
    async with database.transaction(restaurant_id=restaurant_id) as session:
        await note_received(session, restaurant_id, upload_id, clock.now())
