"""Time zones as exports name them: by IANA, or as Ruby on Rails does.

Source of the second: the table of ActiveSupport::TimeZone, for the countries in which Square works.
"""

from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

_RAILS = {
    "hawaii": "Pacific/Honolulu",
    "alaska": "America/Juneau",
    "pacific time (us & canada)": "America/Los_Angeles",
    "arizona": "America/Phoenix",
    "mountain time (us & canada)": "America/Denver",
    "central time (us & canada)": "America/Chicago",
    "saskatchewan": "America/Regina",
    "eastern time (us & canada)": "America/New_York",
    "indiana (east)": "America/Indiana/Indianapolis",
    "atlantic time (canada)": "America/Halifax",
    "puerto rico": "America/Puerto_Rico",
    "newfoundland": "America/St_Johns",
    "dublin": "Europe/Dublin",
    "edinburgh": "Europe/London",
    "london": "Europe/London",
    "utc": "Etc/UTC",
    "madrid": "Europe/Madrid",
    "paris": "Europe/Paris",
    "osaka": "Asia/Tokyo",
    "sapporo": "Asia/Tokyo",
    "tokyo": "Asia/Tokyo",
    "perth": "Australia/Perth",
    "adelaide": "Australia/Adelaide",
    "darwin": "Australia/Darwin",
    "brisbane": "Australia/Brisbane",
    "canberra": "Australia/Melbourne",
    "melbourne": "Australia/Melbourne",
    "hobart": "Australia/Hobart",
    "sydney": "Australia/Sydney",
}


@lru_cache(maxsize=256)
def read_zone(name: str) -> ZoneInfo | None:
    """The zone of that name, or `None` for a name that is in neither list."""
    known = _RAILS.get(" ".join(name.split()).casefold(), name.strip())
    return ZoneInfo(known) if known in available_timezones() else None
