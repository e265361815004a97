"""What ingestion needs to know of the restaurant whose file it reads."""

from dataclasses import dataclass
from datetime import time
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision


@dataclass(frozen=True)
class Restaurant:
    """What the ingestion needs to know of the restaurant whose file it reads."""

    timezone: ZoneInfo
    country: str
    currency: str
    day_starts_at: time

    @property
    def minor_digits(self) -> int:
        """How many decimals the currency has (ISO 4217), as in 1 USD = 10^2 cents."""
        return get_currency_precision(self.currency)
