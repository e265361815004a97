"""Who is at the other end of an account request, and what the account services work with."""

from dataclasses import dataclass
from datetime import datetime

from flux.auth.ended import EndedSessions
from flux.core.db import Database
from flux.core.rate_limit import Limiter


@dataclass(frozen=True)
class Caller:
    """Where a request comes from and when, and the services it needs.

    `address` is the client's as far as our own proxies vouch for it; `device` is in words.
    """

    database: Database
    ended: EndedSessions
    limiter: Limiter
    must_confirm_email: bool
    address: str
    device: str
    now: datetime
