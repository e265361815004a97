"""Bodies of the upload endpoints."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from flux.core.schemas import ApiModel, InputModel
from flux.ingestion.report import Report
from flux.uploads.models import Request, UploadStatus

MAX_FILE_BYTES = 2 * 1024**3
_CONTENT_TYPE = (
    r"^[A-Za-z0-9!#$&^_.+-]{1,64}/[A-Za-z0-9!#$&^_.+-]{1,64}(; ?charset=[A-Za-z0-9_-]{1,20})?$"
)


class UploadIn(InputModel):
    """A file that is about to be sent: what the presigned URL will be bound to."""

    filename: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255)]
    size_bytes: int = Field(ge=0, description="Exact size of the file; at most 2 GiB.")
    content_type: Annotated[str, StringConstraints(pattern=_CONTENT_TYPE)] = "text/csv"


class UploadTicket(ApiModel):
    """PUT the file to `put_url` with exactly `headers`, before `expires_at`."""

    id: UUID
    put_url: str
    headers: dict[str, str]
    expires_at: datetime


class UploadOut(ApiModel):
    """`progress` runs from 0 to 1 while the file is processed; `report` is there once it was read.

    A completed upload of which something is `requested` counts as before until that is done.
    """

    id: UUID
    filename: str
    size_bytes: int
    status: UploadStatus
    requested: Request | None
    progress: float
    created_at: datetime
    report: Report | None


class RejectedRowOut(ApiModel):
    """Why a row was refused; `row_number` is the spreadsheet's, `column` and `value` are the file's."""

    row_number: int
    column: str | None
    value: str | None
    code: str
    message: str
