"""The Lambda that comes by every few minutes for what no event, or a crash, has left behind."""

from flux.core.logging import get_logger
from flux.ingestion.process import find_due_uploads
from flux.ingestion.unsent import sweep_unsent_uploads
from flux.lambdas.context import Context
from flux.lambdas.workplace import UnfinishedError, open_workplace, try_upload

log = get_logger(__name__)

# Each is a question to S3, and most are files that nobody will ever send.
MOST_UNSENT = 200


def handler(_event: object, context: Context) -> None:
    """Take up files that came without word of it, and process what is due, the oldest first.

    No file is begun in the second half of the time that Lambda gives; the next sweep goes on. One
    that fails does not keep the others waiting; `UnfinishedError` at the end tells of it.
    """
    enough = context.get_remaining_time_in_millis() / 2
    place = open_workplace()
    sweep_unsent_uploads(place.dsn, place.store, MOST_UNSENT)
    due = find_due_uploads(place.dsn)
    failed = 0
    for number, upload in enumerate(due):
        if context.get_remaining_time_in_millis() < enough:
            log.warning("sweep_out_of_time", left=len(due) - number)
            break
        failed += not try_upload(place, *upload)
    if failed:
        raise UnfinishedError(f"{failed} of {len(due)} uploads")
