"""Who may do what in a restaurant, as data. Every route that works in one names its permission."""

from enum import StrEnum

from flux.restaurants.models import Role


class Permission(StrEnum):
    """What a member may be allowed to do."""

    SEE_SALES = "see_sales"
    SEND_FILES = "send_files"
    SEE_TEAM = "see_team"
    RUN_TEAM = "run_team"
    RUN_RESTAURANT = "run_restaurant"


MATRIX: dict[Permission, frozenset[Role]] = {
    Permission.SEE_SALES: frozenset({Role.VIEWER, Role.MANAGER, Role.OWNER}),
    Permission.SEND_FILES: frozenset({Role.MANAGER, Role.OWNER}),
    Permission.SEE_TEAM: frozenset({Role.MANAGER, Role.OWNER}),
    Permission.RUN_TEAM: frozenset({Role.OWNER}),
    Permission.RUN_RESTAURANT: frozenset({Role.OWNER}),
}
