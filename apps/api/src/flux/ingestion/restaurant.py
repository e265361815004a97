"""What ingestion needs to know of the restaurant whose file it reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision

from flux.ingestion.choice import Choice


@dataclass(frozen=True)
class Restaurant:
    """What the ingestion needs to know of the restaurant whose file it reads.

    `choices` has what its owner said of headers, by their fingerprint.
    """

    timezone: ZoneInfo
    country: str
    currency: str
    day_starts_at: time
    choices: Mapping[str, Choice] = field(default_factory=dict, hash=False)

    @property
    def minor_digits(self) -> int:
        """How many decimals the currency has (ISO 4217), as in 1 USD = 10^2 cents."""
        return get_currency_precision(self.currency)
