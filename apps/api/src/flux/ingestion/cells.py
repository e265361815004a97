"""Single cells: how dates, times and amounts are written, and how to read each.

Every reader returns `None` for what it cannot read without guessing; it never repairs.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache


class DateOrder(StrEnum):
    YEAR_FIRST = "year first"
    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


class DecimalSign(StrEnum):
    POINT = "point"
    COMMA = "comma"


DATE_PARTS = re.compile(
    r"(?:(?P<year_first>\d{4})(?P<s1>[-/.])(?P<month>\d{1,2})(?P=s1)(?P<day>\d{1,2})"
    r"|(?P<first>\d{1,2})(?P<s2>[-/.])(?P<second>\d{1,2})(?P=s2)(?P<year>\d{4}|\d{2}))",
    re.ASCII,
)
_TIME = re.compile(
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d{1,9})?)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
    r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
# Sign, currency and parentheses as spreadsheets and tills write them: -$9.00, ($33.62), "1,149.00 ", € 4.
AMOUNT = re.compile(
    r"(?P<open>\()?\s*(?P<minus>[-\u2212])?\s*(?P<sign_before>[A-Z]{3}|[A-Z]{0,2}\$|[€£₹¥])?\s*(?P<minus_inside>[-\u2212])?"
    r"\s*(?P<digits>\d[\d.,]*)\s*(?P<sign_after>[A-Z]{3}|[€£₹¥$])?\s*(?P<close>\))?",
    re.ASCII,
)


def split_moment(text: str) -> tuple[str, str]:
    """A date and, behind a blank, a comma or a T, the time; an empty time if there is none."""
    text = text.strip()
    found = re.match(r"([\d./-]+)(?:,?\s+|T)(.+)", text)
    return (found[1], found[2].strip()) if found else (text, "")


@lru_cache(maxsize=4096)
def read_date(text: str, order: DateOrder) -> date | None:
    """A calendar date in the given order; two-digit years are of this century."""
    parts = DATE_PARTS.fullmatch(text.strip())
    if parts is None or bool(parts["year_first"]) != (order is DateOrder.YEAR_FIRST):
        return None
    if parts["year_first"]:
        year, month, day = (
            int(parts["year_first"]),
            int(parts["month"]),
            int(parts["day"]),
        )
    else:
        first, second, year = (
            int(parts["first"]),
            int(parts["second"]),
            int(parts["year"]),
        )
        month, day = (
            (first, second) if order is DateOrder.MONTH_FIRST else (second, first)
        )
        year += 2000 if year < 100 else 0
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_time(text: str) -> tuple[time, tzinfo | None] | None:
    """A time of day to the second, and its offset from UTC if it has one. 24:00 is not a time."""
    parts = _TIME.fullmatch(text.strip())
    if parts is None:
        return None
    hour, minute, second = (
        int(parts["hour"]),
        int(parts["minute"]),
        int(parts["second"] or 0),
    )
    if parts["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if parts["half"][0] in "Pp" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return time(hour, minute, second), _read_offset(parts["zone"])


def read_moment(
    date_text: str, time_text: str, order: DateOrder, zone: tzinfo
) -> datetime | None:
    """The instant, in the zone unless the time carries an offset.

    An hour that the clocks repeat is taken the first time; one that they skip, as if they had not
    been put forward yet (PEP 495, fold=0), which is the same instant an hour later by the new time.
    """
    day, clock = read_date(date_text, order), read_time(time_text)
    if day is None or clock is None:
        return None
    return datetime.combine(day, clock[0], tzinfo=clock[1] or zone)


@lru_cache(maxsize=65536)
def read_decimal(text: str, sign: DecimalSign) -> Decimal | None:
    """A number with an optional sign, currency sign and separators of thousands.

    Separators must stand where they belong: `1,23,4` and, with a decimal point, `4,50` are `None`.
    """
    found = AMOUNT.fullmatch(text.strip())
    if found is None or bool(found["open"]) != bool(found["close"]):
        return None
    if (found["minus"] and found["minus_inside"]) or (
        found["sign_before"] and found["sign_after"]
    ):
        return None
    point, comma = (".", ",") if sign is DecimalSign.POINT else (",", ".")
    whole, _, fraction = found["digits"].partition(point)
    if not re.fullmatch(rf"\d+|\d{{1,3}}(?:{re.escape(comma)}\d{{3}})+", whole) or not (
        fraction == "" or fraction.isdecimal()
    ):
        return None
    if found["digits"].endswith(point):
        return None
    value = Decimal(f"{whole.replace(comma, '')}.{fraction or 0}")
    negative = bool(found["open"]) != bool(found["minus"] or found["minus_inside"])
    return -value if negative else value


def _read_offset(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 14 or minutes > 59:
        return None
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)
