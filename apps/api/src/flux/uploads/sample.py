"""Sales to look around with before the first export: one upload, which never stands beside real ones.

It goes the way of every file, so that what is seen is what Flux does. Undoing it takes it away.
"""

import csv
import io
from datetime import date, timedelta
from importlib.resources import files
from uuid import UUID

from sqlalchemy import select

from flux.restaurants.models import Restaurant
from flux.restaurants.service import Tenant
from flux.uploads.errors import SampleMixError
from flux.uploads.models import DataUpload, UploadStatus

FILENAME = "sample.csv"
_LAST_DAY = date(2015, 12, 31)
# On its way, or counted.
_ALIVE = (UploadStatus.AWAITING_FILE, UploadStatus.PROCESSING, UploadStatus.COMPLETED)


def write_sample(last_day: date) -> bytes:
    """A year of a pizzeria's sales (of 2015), moved by whole weeks so that they end at `last_day` or just before."""
    content = (files("flux") / "sample" / "pizzaplace.csv").read_text()
    weeks = (last_day - _LAST_DAY).days // 7
    reader = csv.DictReader(io.StringIO(content))
    output = io.StringIO(newline="")
    writer = csv.DictWriter(output, reader.fieldnames or [], lineterminator="\n")
    writer.writeheader()
    for row in reader:
        moved = date.fromisoformat(row["date"]) + timedelta(weeks=weeks)
        writer.writerow(row | {"date": moved.isoformat(), "id": row["id"].replace("2015-", "P-")})
    return output.getvalue().encode()


async def find_sample(tenant: Tenant) -> UUID | None:
    """The restaurant's upload of the sample, if it is counted, or is going to be."""
    return await tenant.session.scalar(
        select(DataUpload.id)
        .where(
            DataUpload.restaurant_id == tenant.restaurant.id,
            DataUpload.is_sample,
            DataUpload.status.in_(_ALIVE),
        )
        .limit(1)
    )


async def keep_apart(tenant: Tenant, *, is_sample: bool) -> None:
    """`SampleMixError` if there are, or are going to be, sales of the other kind.

    Holds the restaurant's row until the request is over, so that of two requests at once one sees the other.
    """
    mine = DataUpload.restaurant_id == tenant.restaurant.id
    await tenant.session.execute(
        select(Restaurant.id)
        .where(Restaurant.id == tenant.restaurant.id)
        .with_for_update(key_share=True)
    )
    other = await tenant.session.scalar(
        select(DataUpload.id)
        .where(mine, DataUpload.is_sample.is_not(is_sample), DataUpload.status.in_(_ALIVE))
        .limit(1)
    )
    if other is not None:
        raise SampleMixError(is_sample=is_sample)
