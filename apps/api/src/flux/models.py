"""All tables in one import, for Alembic and for the tests that count them."""

from flux.auth.models import RefreshToken, User
from flux.core.db import Model
from flux.ingestion.models import Transaction, TransactionItem
from flux.restaurants.models import Membership, Restaurant
from flux.uploads.models import DataUpload, RejectedRow

__all__ = [
    "DataUpload",
    "Membership",
    "Model",
    "RefreshToken",
    "RejectedRow",
    "Restaurant",
    "Transaction",
    "TransactionItem",
    "User",
]
