"""The questions a dashboard asks, one function each, under the tenant's row-level security."""

from decimal import Decimal

from sqlalchemy import func, select

from flux.ingestion.meaning import COUNTED
from flux.ingestion.models import SalesByHour, TransactionItem
from flux.insights.schemas import SummaryOut
from flux.restaurants.service import Tenant


async def summarise_sales(tenant: Tenant) -> SummaryOut:
    """How many orders, how much of what, and how much money, over all business days.

    Orders of which only totals are known count, but say nothing of items.
    """
    orders = (
        await tenant.session.execute(
            select(
                func.coalesce(func.sum(SalesByHour.orders), 0),
                func.coalesce(func.sum(SalesByHour.net_minor), 0),
                func.min(SalesByHour.business_date),
                func.max(SalesByHour.business_date),
            ).where(SalesByHour.restaurant_id == tenant.restaurant.id)
        )
    ).one()
    items = await tenant.session.scalar(
        select(func.coalesce(func.sum(TransactionItem.quantity), 0)).where(
            TransactionItem.restaurant_id == tenant.restaurant.id,
            TransactionItem.kind.in_(COUNTED),
        )
    )
    return SummaryOut(
        orders=orders[0],
        items=items or Decimal(0),
        net_minor=int(orders[1]),
        currency=tenant.restaurant.currency,
        first_business_date=orders[2],
        last_business_date=orders[3],
    )
