"""All tables in one import, for Alembic and for the tests that count them."""

from flux.auth.models import LoginSession, MailLink, RefreshToken, User
from flux.core.db import Model
from flux.ingestion.models import (
    ItemsByDay,
    OrderTotals,
    SalesByHour,
    Transaction,
    TransactionItem,
)
from flux.mail.models import OutgoingMail
from flux.restaurants.models import Membership, Restaurant
from flux.team.models import Invitation
from flux.uploads.models import DataUpload, RejectedRow

__all__ = [
    "DataUpload",
    "Invitation",
    "ItemsByDay",
    "LoginSession",
    "MailLink",
    "Membership",
    "Model",
    "OrderTotals",
    "OutgoingMail",
    "RefreshToken",
    "RejectedRow",
    "Restaurant",
    "SalesByHour",
    "Transaction",
    "TransactionItem",
    "User",
]
