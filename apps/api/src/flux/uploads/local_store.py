"""What the object store does, on a laptop: PUT to a signed address. Mounted in development only."""

from collections.abc import Callable
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Header, Query, Request, Response

from flux.core import clock
from flux.core.db import Database
from flux.core.errors import document_problems
from flux.core.logging import get_logger
from flux.core.storage import LOCAL_STORE_PATH, LocalStore, name_part, tenant_of
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
    parts: Annotated[str, Query(max_length=64)] = "",
    number: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """Store the body under the key, if the address was signed for just this size and type.

    Or as a part of it, until the object is whole: `parts` and `number` say which, and are signed too.
    """
    store: LocalStore = request.app.state.store
    signed = store.is_signed(
        key,
        size_bytes=size,
        content_type=name_part(parts, number) if parts else content_type,
        expires=expires,
        signature=signature,
    )
    if not signed or expires < clock.now().timestamp():
        raise BadSignatureError
    if parts:
        return await _put_part(request, store, parts, number, size)
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


async def _put_part(
    request: Request, store: LocalStore, parts_id: str, number: int, size: int
) -> Response:
    try:
        with store.write_part(parts_id, number) as part:
            await _receive(request, part.write, size)
    except FileNotFoundError as error:
        raise AlreadyReceivedError from error
    except OSError as error:
        log.exception("store_unavailable")
        raise StoreAwayError from error
    return Response(status_code=200, headers={"ETag": f'"{part.etag}"'})


async def _store_body(request: Request, store: LocalStore, key: str, size: int) -> None:
    if store.size_of(key) is not None:
        raise FileExistsError(key)
    with store.writer(key) as file:
        await _receive(request, file.write, size)


async def _receive(request: Request, write: Callable[[bytes], object], size: int) -> None:
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received > size:
            raise WrongSizeError
        await to_thread.run_sync(write, chunk)
    if received != size:
        raise WrongSizeError


async def _note_received(request: Request, key: str) -> None:
    database: Database = request.app.state.database
    restaurant_id, upload_id = tenant_of(key)
    async with database.transaction(restaurant_id=restaurant_id) as session:
        await note_received(session, restaurant_id, upload_id, clock.now())
