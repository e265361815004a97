"""Bodies of the endpoints of a restaurant's settings."""

from datetime import time
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator

from flux.auth.schemas import RestaurantName
from flux.core.schemas import ApiModel, InputModel

LATEST_START = time(12)


def _check_day_start(value: time) -> time:
    if value.tzinfo or value.second or value.microsecond or value > LATEST_START:
        raise ValueError("Use a time from 00:00 to 12:00, such as 04:00.")
    return value


class RestaurantSettings(ApiModel):
    """A restaurant as its members see it.

    A sale before `day_starts_at` local time belongs to the business day before. `files_to_read_again` is how many
    files still have to be read by new settings; until then their sales count as before.
    """

    id: UUID
    name: str
    timezone: str
    currency: str
    country: str
    day_starts_at: time
    files_to_read_again: int


class RestaurantChange(InputModel):
    """What is to be changed; the rest stays.

    Time zone, currency and country are not among it: every amount and every time was read by them.
    """

    name: RestaurantName | None = None
    day_starts_at: Annotated[time, AfterValidator(_check_day_start)] | None = None
