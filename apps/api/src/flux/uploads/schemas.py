"""Bodies of the upload endpoints."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from flux.core.schemas import ApiModel, InputModel
from flux.ingestion.choice import CHOOSABLE
from flux.ingestion.formats import Field as IngestionField
from flux.ingestion.report import Report
from flux.uploads.models import Request, UploadStatus

MAX_FILE_BYTES = 2 * 1024**3
# All of them fit into the body of one request.
MAX_PARTS = 256
_CONTENT_TYPE = (
    r"^[A-Za-z0-9!#$&^_.+-]{1,64}/[A-Za-z0-9!#$&^_.+-]{1,64}(; ?charset=[A-Za-z0-9_-]{1,20})?$"
)


class UploadIn(InputModel):
    """A file that is about to be sent: what the presigned URL will be bound to."""

    filename: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255)]
    size_bytes: int = Field(ge=0, description="Exact size of the file; at most 2 GiB.")
    content_type: Annotated[str, StringConstraints(pattern=_CONTENT_TYPE)] = "text/csv"


class PartOut(ApiModel):
    """The next `size_bytes` of the file go to `put_url`."""

    number: int
    put_url: str
    size_bytes: int


class UploadTicket(ApiModel):
    """PUT the file to `put_url` with exactly `headers`, before `expires_at`.

    For a file above 100 MiB there is no `put_url` but `parts`: PUT each to its own, in any order and without
    `headers`, and post the ETags of the answers to `/api/data/uploads/{id}/complete`.
    """

    id: UUID
    put_url: str | None
    headers: dict[str, str]
    parts: list[PartOut]
    expires_at: datetime


class PartIn(InputModel):
    """A part that was sent, with the ETag header of the answer."""

    number: int = Field(ge=1, le=MAX_PARTS, strict=True)
    etag: Annotated[str, StringConstraints(pattern=r'^"?[A-Za-z0-9-]{1,64}"?$')]


class PartsIn(InputModel):
    """All parts of a file, in their order."""

    parts: list[PartIn] = Field(min_length=1, max_length=MAX_PARTS)


class UploadOut(ApiModel):
    """`progress` runs from 0 to 1 while the file is processed, `rows_read` is how many of its rows that were; `report`
    is there once it was read.

    A completed upload of which something is `requested` counts as before until that is done. A sample holds made-up
    sales.
    """

    id: UUID
    filename: str
    size_bytes: int
    status: UploadStatus
    is_sample: bool
    requested: Request | None
    progress: float
    rows_read: int
    created_at: datetime
    report: Report | None


class RejectedRowOut(ApiModel):
    """Why a row was refused; `row_number` is the spreadsheet's, `column` and `value` are the file's."""

    row_number: int
    column: str | None
    value: str | None
    code: str
    message: str


class ColumnField(StrEnum):
    """What an owner can say that a column holds.

    `line_amount` is the amount of the whole line after discounts; `unit_price` is for one unit.
    """

    ORDER_NUMBER = "order_number"
    DATE_AND_TIME = "date_and_time"
    DATE = "date"
    TIME = "time"
    ITEM = "item"
    CATEGORY = "category"
    VARIANT = "variant"
    QUANTITY = "quantity"
    LINE_AMOUNT = "line_amount"
    UNIT_PRICE = "unit_price"


FIELDS = {ColumnField(each.value.replace(" ", "_")): each for each in CHOOSABLE}
_NAMES: dict[IngestionField | None, ColumnField] = {each: name for name, each in FIELDS.items()}


def name_of(field: IngestionField | None) -> ColumnField | None:
    return _NAMES.get(field)


class ColumnOut(ApiModel):
    """One column of a kept file; `proposal` is what Flux takes it for, if it has an idea."""

    number: int = Field(description="Counted from 1.")
    name: str
    samples: list[str] = Field(description="Up to three different values below it, cut short.")
    proposal: ColumnField | None


class LocationsOut(ApiModel):
    """A column that names more than one location."""

    column: int
    names: list[str]


class ColumnsOut(ApiModel):
    """What there is to choose from. `till` has chosen the columns already, if Flux knows the report."""

    header_row: int
    till: str | None
    columns: list[ColumnOut]
    locations: list[LocationsOut]


ColumnNumber = Annotated[int, Field(ge=1, le=10_000, strict=True)]


class MappingIn(InputModel):
    """Which column is which, by number; and which location's rows are this restaurant's.

    Wanted are the item, `date_and_time` or `date`, and `line_amount` or `unit_price`. For the report of a
    till that Flux knows only the location can be chosen.
    """

    columns: dict[ColumnField, ColumnNumber] = Field(default_factory=dict)
    location: (
        Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
        | None
    ) = None
