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


# No date, time or amount is longer; what is, is not searched, since patterns may take long over it.
MAX_VALUE_CHARS = 60
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_MONTH_NAMES = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in _MONTHS)
DATE_PARTS = re.compile(
    r"(?:(?P<year_first>\d{4})(?P<s1>[-/.])(?P<month>\d{1,2})(?P=s1)(?P<day>\d{1,2})"
    r"|(?P<first>\d{1,2})(?P<s2>[-/.])(?P<second>\d{1,2})(?P=s2)(?P<year>\d{4}|\d{2})"
    rf"|(?P<named_day>\d{{1,2}})(?P<s3>[- ])(?P<named_month>(?i:{_MONTH_NAMES}))(?P=s3)(?P<named_year>\d{{4}}|\d{{2}}))",
    re.ASCII,
)
_PLAIN_DAY = re.compile(r"[\d./-]+", re.ASCII)
_TIME = re.compile(
    r"(?P<hour>\d{1,2})(?P<mark>[:.])(?P<minute>\d{2})(?:(?P=mark)(?P<second>\d{2})(?:\.\d{1,9})?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|[+-]\d{2}:?\d{2}|[A-Z]{3,5})?",
    re.ASCII,
)
# Sign, currency and parentheses as spreadsheets and tills write them: -$9.00, ($33.62), "1,149.00 ", € 4.
AMOUNT = re.compile(
    r"(?P<open>\()? ?(?P<minus>-)? ?(?P<sign_before>[A-Z]{3}|[A-Z]{0,2}\$|[€£₹¥])? ?(?P<minus_inside>-)?"
    r" ?(?P<digits>\d(?:[.,' ]?\d)*) ?(?P<sign_after>[A-Z]{3}|[€£₹¥$])? ?(?P<close>\))?",
    re.ASCII,
)
# Groups of three behind one kind of separator; none begins with a zero, so `0,500` is no five hundred.
_WHOLES = {
    comma: re.compile(
        "|".join([r"\d+"] + [rf"[1-9]\d{{0,2}}(?:{by}\d{{3}})+" for by in (rf"\{comma}", " ", "'")])
    )
    for comma in ".,"
}
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E\+\d+")
_QUANTITY = re.compile(r"-?\d+(?:[.,]\d+)?", re.ASCII)
_SIGN_CURRENCIES = {
    "€": {"EUR"},
    "£": {"GBP", "EGP", "GIP", "FKP", "SHP", "LBP", "SYP", "SDG", "SSP"},
    "₹": {"INR"},
    "¥": {"JPY", "CNY"},
    "R$": {"BRL"},
    "NT$": {"TWD"},
    "RD$": {"DOP"},
    "TT$": {"TTD"},
}
# ISO 4217: the dollars and the pesos.
_DOLLARS = re.compile(
    "ARS|AUD|BBD|BMD|BND|BSD|BZD|CAD|CLP|COP|CUP|CVE|DOP|FJD|GYD|HKD|JMD|KYD|LRD|MXN|NAD|NIO|NZD|SBD|SGD|SRD|TOP|TTD"
    "|TVD|TWD|USD|UYU|WST|XCD"
)


_UTC = ("Z", "UTC", "GMT")


def fits_currency(sign: str, currency: str) -> bool:
    """Whether a sign, or a code, beside an amount can mean the currency."""
    sign = sign.strip().upper()
    if sign in _SIGN_CURRENCIES:
        return currency in _SIGN_CURRENCIES[sign]
    if sign.endswith("$"):
        return bool(_DOLLARS.fullmatch(currency)) and currency.startswith(sign[:-1])
    return sign == currency


def plain(text: str) -> str:
    """The cell in the signs that the patterns know; empty if it is too long for any of them."""
    if len(text) > 2 * MAX_VALUE_CHARS:
        text = text.strip()
    if len(text) > MAX_VALUE_CHARS:
        return ""
    if text.isascii():
        return text.strip()
    return text.translate(_PLAIN_SIGNS).strip()


# No-break, thin and figure blanks, the typographic minus and apostrophe.
_PLAIN_SIGNS = str.maketrans("\u00a0\u202f\u2009\u2007\u2212\u2019", "    -'")


def split_moment(text: str) -> tuple[str, str]:
    """A date and, behind a blank, a comma or a T, the time; an empty time if there is none."""
    day, _, clock = text.partition(" ")
    # The same, without a search, for most.
    if (
        clock
        and clock.isascii()
        and len(clock) < 40
        and clock.strip() == clock
        and is_plain_day(day)
    ):
        return day, clock
    text = plain(text) or text.strip()[:MAX_VALUE_CHARS]
    found = re.match(
        r"(\d{1,2}[- ][A-Za-z]{3,9}[- ]\d{2,4}|[\d./-]+)(?:,?\s+|T)(.+)", text, re.ASCII
    )
    return (found[1], found[2].strip()) if found else (text, "")


@lru_cache(maxsize=65536)
def is_plain_day(day: str) -> bool:
    return len(day) < 20 and _PLAIN_DAY.fullmatch(day) is not None


@lru_cache(maxsize=4096)
def read_date(text: str, order: DateOrder) -> date | None:
    """A calendar date in the given order; two-digit years are of this century.

    With an English month's name or its first three letters, as in 23-Aug-2026, the order is its own.
    """
    parts = DATE_PARTS.fullmatch(text.strip())
    if parts is None:
        return None
    if parts["named_day"]:
        return _read_named_date(parts)
    if bool(parts["year_first"]) != (order is DateOrder.YEAR_FIRST):
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
        month, day = (first, second) if order is DateOrder.MONTH_FIRST else (second, first)
        year += 2000 if len(parts["year"]) == 2 else 0
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _read_named_date(parts: re.Match[str]) -> date | None:
    beginning, year = parts["named_month"][:3].lower(), parts["named_year"]
    month = next(at for at, name in enumerate(_MONTHS, 1) if name.startswith(beginning))
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, int(parts["named_day"]))
    except ValueError:
        return None


def read_time(text: str) -> tuple[time, tzinfo | str | None] | None:
    """A time of day to the second, and its offset from UTC, or its zone's abbreviation, if it has one.

    24:00 is not a time.
    """
    parts = _TIME.fullmatch(plain(text))
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
    if parts["zone"] is None:
        return time(hour, minute, second), None
    if parts["zone"].isalpha() and parts["zone"] not in _UTC:
        return time(hour, minute, second), parts["zone"]
    offset = _read_offset(parts["zone"])
    return None if offset is None else (time(hour, minute, second), offset)


def read_moment(date_text: str, time_text: str, order: DateOrder, zone: tzinfo) -> datetime | None:
    """The instant, in the zone unless the time carries an offset.

    An abbreviation, such as EST, must be one that the zone uses at that time: the same letters mean
    other hours elsewhere. An hour that the clocks repeat is taken the first time; one that they skip, as if they had not
    been put forward yet (PEP 495, fold=0), which is the same instant an hour later by the new time.
    """
    day, clock = read_date(date_text, order), read_time(time_text)
    if day is None or clock is None:
        return None
    if not isinstance(clock[1], str):
        return datetime.combine(day, clock[0], tzinfo=clock[1] or zone)
    for fold in (0, 1):
        moment = datetime.combine(day, clock[0].replace(fold=fold), tzinfo=zone)
        if moment.tzname() == clock[1]:
            return moment
    return None


def read_quantity(text: str, sign: DecimalSign) -> Decimal | None:
    """A plain number: in a quantity `1,000` is too often a one with three decimals to be a thousand."""
    comma = "," if sign is DecimalSign.POINT else "."
    if comma in text or not _QUANTITY.fullmatch(plain(text)):
        return None
    return read_decimal(text, sign)


def read_decimal(text: str, sign: DecimalSign) -> Decimal | None:
    """A number with an optional sign, currency sign and separators of thousands.

    Separators must stand where they belong: `1,23,4` and, with a decimal point, `4,50` are `None`.
    """
    return _read_decimal(plain(text), sign)


@lru_cache(maxsize=65536)
def _read_decimal(text: str, sign: DecimalSign) -> Decimal | None:
    found = AMOUNT.fullmatch(text)
    if found is None or bool(found["open"]) != bool(found["close"]):
        return None
    is_negative = [found["open"], found["minus"], found["minus_inside"]]
    # Two signs of being negative may be one said twice, or one undoing the other.
    if sum(map(bool, is_negative)) > 1 or (found["sign_before"] and found["sign_after"]):
        return None
    point, comma = (".", ",") if sign is DecimalSign.POINT else (",", ".")
    whole, _, fraction = found["digits"].partition(point)
    if not _WHOLES[comma].fullmatch(whole) or not (fraction or "0").isdecimal():
        return None
    value = Decimal(f"{re.sub('[^0-9]', '', whole)}.{fraction or 0}")
    return -value if any(is_negative) else value


def is_damaged(order_id: str) -> bool:
    """Whether a spreadsheet has rounded a long number, once and for all: 1.30000001573430E+18."""
    return _SCIENTIFIC.fullmatch(order_id[:MAX_VALUE_CHARS]) is not None


class Writing(StrEnum):
    """What an amount shows of the decimal sign of its file.

    Open is one that either sign makes a number of, and not the same: `1,234`.
    """

    POINT = "point"
    COMMA = "comma"
    EITHER = "either"
    OPEN_COMMA = "open comma"
    OPEN_POINT = "open point"
    NONE = "none"


def see_writing(text: str) -> tuple[Writing, str]:
    """How an amount is written, and its currency sign or an empty text."""
    return _see_writing(plain(text))


@lru_cache(maxsize=65536)
def _see_writing(text: str) -> tuple[Writing, str]:
    found = AMOUNT.fullmatch(text)
    point, comma = _read_decimal(text, DecimalSign.POINT), _read_decimal(text, DecimalSign.COMMA)
    if found is None or point is comma is None:
        return Writing.NONE, ""
    sign = found["sign_before"] or found["sign_after"] or ""
    if comma is None:
        return Writing.POINT, sign
    if point is None:
        return Writing.COMMA, sign
    if point == comma:
        return Writing.EITHER, sign
    return Writing.OPEN_COMMA if "," in found["digits"] else Writing.OPEN_POINT, sign


def _read_offset(text: str) -> tzinfo | None:
    if text in _UTC:
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 14 or minutes > 59:
        return None
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)
