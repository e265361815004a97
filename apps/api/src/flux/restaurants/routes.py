"""/api/restaurants: the settings of the restaurant one works in."""

from fastapi import APIRouter

from flux.core.errors import document_problems
from flux.restaurants import change
from flux.restaurants.schemas import RestaurantChange, RestaurantSettings
from flux.restaurants.service import RunsRestaurant, SeesSales

router = APIRouter(prefix="/api/restaurants", tags=["restaurants"])


@router.get("/current", responses=document_problems(401, 404))
async def show_restaurant(tenant: SeesSales) -> RestaurantSettings:
    """The restaurant the request works in."""
    return await change.show_settings(tenant)


@router.patch("/current", responses=document_problems(401, 403, 404, 413, 415))
async def change_restaurant(form: RestaurantChange, tenant: RunsRestaurant) -> RestaurantSettings:
    """Change its name, or when its business day starts.

    With another start every file that counts is read again; until that is done its sales count for the days of
    before.
    """
    return await change.change_settings(tenant, form)
