"""The Lambda behind `s3:ObjectCreated`: what the worker does on a laptop, for the file of an event.

Events come twice, late and out of order. They say only where to look: what is to be done stands in
the upload's row, and whoever gets its lease does it.
"""

from typing import Annotated, Any, Literal
from urllib.parse import unquote_plus
from uuid import UUID

import psycopg
from pydantic import AfterValidator, AliasPath, BaseModel, Field

from flux.core import clock
from flux.core.logging import get_logger
from flux.core.storage import tenant_of
from flux.core.tenancy import enter
from flux.lambdas.workplace import UnfinishedError, Workplace, open_workplace, try_upload

log = get_logger(__name__)


class Arrival(BaseModel):
    """What counts in a record of an event; keys are written there as in an HTML form.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
    """

    source: Literal["aws:s3"] = Field(validation_alias="eventSource")
    event: str = Field(validation_alias="eventName", pattern="^ObjectCreated:")
    bucket: str = Field(validation_alias=AliasPath("s3", "bucket", "name"))
    key: Annotated[str, AfterValidator(unquote_plus)] = Field(
        validation_alias=AliasPath("s3", "object", "key")
    )
    size_bytes: int = Field(validation_alias=AliasPath("s3", "object", "size"))


def handler(event: object, _context: object) -> None:
    """Process every file that the event tells of.

    What is not the arrival of an announced file is logged and changes nothing: told again it would be
    the same. For any other failure `UnfinishedError` is raised, once every file had its turn, and
    Lambda brings the event again.
    """
    place = open_workplace()
    records = event.get("Records") if isinstance(event, dict) else None
    if not isinstance(records, list):
        # S3 sends such a one, s3:TestEvent, when the notification is set up.
        log.info("event_ignored", reason="no_records")
        return
    failed = [record for record in records if not _take_up(place, record)]
    if failed:
        raise UnfinishedError(f"{len(failed)} of {len(records)} files")


def _take_up(place: Workplace, record: Any) -> bool:
    """Whether there is nothing left to do for this record."""
    try:
        arrival = Arrival.model_validate(record)
        restaurant_id, upload_id = tenant_of(arrival.key)
    except ValueError:
        log.warning("record_ignored", reason="no_arrival_of_an_upload")
        return True
    try:
        reason = _note_received(place, arrival, restaurant_id, upload_id)
    except psycopg.Error:
        log.exception("arrival_not_noted", upload_id=str(upload_id))
        return False
    if reason:
        log.warning("record_ignored", reason=reason, upload_id=str(upload_id))
        return True
    return try_upload(place, restaurant_id, upload_id)


def _note_received(
    place: Workplace, arrival: Arrival, restaurant_id: UUID, upload_id: UUID
) -> str | None:
    """Say that the upload's file is whole in the store, or why the arrival is none of that upload."""
    if arrival.bucket != place.bucket:
        return "other_bucket"
    with psycopg.connect(place.dsn) as connection:
        enter(connection, restaurant_id=restaurant_id)
        announced = connection.execute(
            "SELECT object_key, size_bytes FROM data_uploads WHERE restaurant_id = %s AND id = %s",
            (restaurant_id, upload_id),
        ).fetchone()
        if announced is None:
            return "unknown_upload"
        if announced[0] != arrival.key:
            return "other_key"
        if announced[1] != arrival.size_bytes:
            return "other_size"
        connection.execute(
            # One that was cancelled while its file was on its way can be tried again; one that was given
            # up because none came is taken up after all.
            "UPDATE data_uploads SET received_at = %s, report = NULL, finished_at = NULL,"
            " status = CASE status WHEN 'failed' THEN 'awaiting_file' ELSE status END"
            " WHERE restaurant_id = %s AND id = %s AND received_at IS NULL"
            " AND (status IN ('awaiting_file', 'cancelled') OR report->'problem'->>'code' = 'file_never_came')",
            (clock.now(), restaurant_id, upload_id),
        )
    return None
