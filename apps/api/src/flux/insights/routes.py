"""/api/insights: what the sales say."""

from fastapi import APIRouter

from flux.core.errors import document_problems
from flux.insights import service
from flux.insights.schemas import SummaryOut
from flux.restaurants.service import SeesSales

router = APIRouter(prefix="/api/insights", tags=["insights"])


@router.get("/summary", responses=document_problems(401, 404))
async def summary(tenant: SeesSales) -> SummaryOut:
    """Orders, items and money over everything uploaded so far."""
    return await service.summarise_sales(tenant)
