"""/api/data: sending sales files, and seeing what became of them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Request, Response, UploadFile
from fastapi.exceptions import RequestValidationError
from fastapi.responses import StreamingResponse
from pydantic import ValidationError

from flux.core import clock
from flux.core.errors import document_problems
from flux.core.paging import Cursor, Limit
from flux.core.schemas import Page
from flux.restaurants.service import SeesSales, SendsFiles
from flux.uploads import columns, parts, rejected, service
from flux.uploads.errors import FileTooLargeError
from flux.uploads.schemas import (
    ColumnsOut,
    MappingIn,
    PartsIn,
    RejectedRowOut,
    UploadIn,
    UploadOut,
    UploadTicket,
)

router = APIRouter(prefix="/api/data", tags=["data"])

_REJECTED_HEADERS = {"Content-Disposition": 'attachment; filename="rejected-rows.csv"'}
MAX_MULTIPART_BYTES = 25 * 1024**2


@router.post(
    "/uploads", status_code=201, responses=document_problems(401, 403, 404, 409, 413, 415, 429)
)
async def announce_upload(form: UploadIn, tenant: SendsFiles, request: Request) -> UploadTicket:
    """Announce a file, and get the address to PUT it to. It is processed as soon as it is there."""
    state = request.app.state
    return await service.announce_upload(tenant, form, state.store, state.settings, clock.now())


@router.post(
    "/uploads/{upload_id}/complete", responses=document_problems(401, 403, 404, 409, 413, 503)
)
async def complete_upload(
    upload_id: UUID, form: PartsIn, tenant: SendsFiles, request: Request
) -> UploadOut:
    """Say that all parts of a large file were sent. It is processed as soon as they are put together."""
    store, part_bytes = request.app.state.store, request.app.state.settings.part_bytes
    return await parts.complete_upload(tenant, upload_id, form, store, part_bytes, clock.now())


@router.post(
    "/upload", status_code=202, responses=document_problems(401, 403, 404, 409, 413, 415, 429)
)
async def receive_upload(
    tenant: SendsFiles,
    request: Request,
    file: Annotated[UploadFile, File(description="At most 25 MiB.")],
) -> UploadOut:
    """Send a small file in one request, as a script would. Poll the upload for its result."""
    content = await file.read(MAX_MULTIPART_BYTES + 1)
    if len(content) > MAX_MULTIPART_BYTES:
        raise FileTooLargeError("25 MiB; announce larger ones at /api/data/uploads")
    try:
        form = UploadIn(
            filename=file.filename or "",
            size_bytes=len(content),
            content_type=file.content_type or "text/csv",
        )
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from error
    state = request.app.state
    return await service.receive_upload(
        tenant, form, content, state.store, state.settings, clock.now()
    )


@router.post("/sample", status_code=202, responses=document_problems(401, 403, 404, 409, 429))
async def add_sample(tenant: SendsFiles, request: Request) -> UploadOut:
    """Have a year of made-up sales read, to look around with; undo the upload to be rid of them.

    Refused beside sales of one's own, as are those while the sample is there.
    """
    state = request.app.state
    return await service.add_sample(tenant, state.store, state.settings, clock.now())


@router.get("/uploads", responses=document_problems(401, 404))
async def list_uploads(
    tenant: SeesSales, limit: Limit = 20, cursor: Cursor = None
) -> Page[UploadOut]:
    """The restaurant's uploads, newest first."""
    return await service.list_uploads(tenant, limit=limit, cursor=cursor)


@router.get("/uploads/{upload_id}", responses=document_problems(401, 404))
async def get_upload(upload_id: UUID, tenant: SeesSales) -> UploadOut:
    """One upload: where it stands, and its report once it was read."""
    return service.show_upload(await service.get_upload(tenant, upload_id))


@router.get(
    "/uploads/{upload_id}/rejected-rows.csv",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}}, **document_problems(401, 403, 404, 409)},
)
async def download_rejected_rows(
    upload_id: UUID, tenant: SendsFiles, request: Request
) -> StreamingResponse:
    """The refused rows in the file's own columns, to mend and upload again, with what to do about each.

    Rows of the same orders that were not refused are in it too, since an order is always replaced whole.
    """
    restaurant = await columns.know_restaurant(tenant)
    store = request.app.state.store
    rows = await rejected.write_rejected_rows(tenant, upload_id, restaurant, store)
    return StreamingResponse(rows, media_type="text/csv; charset=utf-8", headers=_REJECTED_HEADERS)


@router.post("/uploads/{upload_id}/cancel", responses=document_problems(401, 403, 404, 409))
async def cancel_upload(upload_id: UUID, tenant: SendsFiles) -> UploadOut:
    """Stop an upload that is not over. Nothing of it is counted; a file that came is kept."""
    return await service.cancel_upload(tenant, upload_id, clock.now())


@router.post("/uploads/{upload_id}/retry", responses=document_problems(401, 403, 404, 409))
async def retry_upload(upload_id: UUID, tenant: SendsFiles) -> UploadOut:
    """Read a kept file once more, whatever came of it. One that was counted counts as before until then."""
    return await service.retry_upload(tenant, upload_id)


@router.get("/uploads/{upload_id}/columns", responses=document_problems(401, 403, 404, 409))
async def show_columns(upload_id: UUID, tenant: SendsFiles, request: Request) -> ColumnsOut:
    """The columns of a file that Flux could not read by itself, to say which is which."""
    return await columns.show_columns(tenant, upload_id, request.app.state.store)


@router.put("/uploads/{upload_id}/mapping", responses=document_problems(401, 403, 404, 409))
async def choose_columns(
    upload_id: UUID, form: MappingIn, tenant: SendsFiles, request: Request
) -> UploadOut:
    """Say which column is which, or which location is this restaurant; the file is then read by that.

    It is remembered for every file of the restaurant with the same header. For a file that is counted,
    undo its upload first.
    """
    store = request.app.state.store
    return await columns.choose_columns(tenant, upload_id, form, store, clock.now())


@router.delete(
    "/uploads/{upload_id}", status_code=202, responses=document_problems(401, 403, 404, 409)
)
async def undo_upload(upload_id: UUID, tenant: SendsFiles) -> UploadOut:
    """Undo an upload that was counted. What other uploads also contain stays, or comes back.

    It counts until that is done; poll the upload until it is `undone`. The file is kept.
    """
    return await service.undo_upload(tenant, upload_id)


@router.get(
    "/template.csv",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}}, **document_problems(401, 404)},
)
async def get_template(_: SeesSales) -> Response:
    """A CSV with the columns that Flux always understands, for those who keep their sales by hand."""
    return Response(
        service.TEMPLATE,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="flux-template.csv"'},
    )


@router.get("/uploads/{upload_id}/rejected-rows", responses=document_problems(401, 404))
async def list_rejected_rows(
    upload_id: UUID, tenant: SeesSales, limit: Limit = 50, cursor: Cursor = None
) -> Page[RejectedRowOut]:
    """The first thousand rows of the file that were refused, each with the reasons and what to do.

    All of them are in `rejected-rows.csv`.
    """
    return await rejected.list_rejected_rows(tenant, upload_id, limit=limit, cursor=cursor)
