"""Bodies of the endpoints of a restaurant's settings."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from flux.auth.schemas import RestaurantName
from flux.core.schemas import ApiModel, InputModel

# A local time of day, which has no zone: not what RFC 3339 calls a time.
DayStart = Annotated[
    str,
    Field(
        pattern=r"^((0[0-9]|1[01]):[0-5][0-9]|12:00)$",
        description="Local time from 00:00 to 12:00, such as 04:00.",
    ),
]


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
    day_starts_at: DayStart
    files_to_read_again: int


class RestaurantChange(InputModel):
    """What is to be changed; the rest stays.

    Time zone, currency and country are not among it: every amount and every time was read by them.
    """

    name: RestaurantName | None = None
    day_starts_at: DayStart | None = None
