"""/api/health: for load balancers, monitors and people. Public."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request, Response

from flux import __version__
from flux.health.schemas import HealthOut, LiveOut, Services
from flux.health.service import Probe

router = APIRouter(prefix="/api/health", tags=["health"])

_DOWN: dict[int | str, dict[str, Any]] = {
    503: {"model": HealthOut, "description": "The database does not answer."}
}


@router.get("", responses=_DOWN)
async def health(request: Request, response: Response) -> HealthOut:
    """Whether Flux can serve: 200 while the database answers, 503 when it does not. Within 1.5 s."""
    database_probe: Probe = request.app.state.database_probe
    redis_probe: Probe = request.app.state.redis_probe
    database, redis = await asyncio.gather(database_probe.check(), redis_probe.check())
    if database.status == "down":
        response.status_code = 503
        response.headers["Retry-After"] = "5"
        status = "down"
    else:
        status = "ok" if redis.status == "ok" else "degraded"
    return HealthOut(
        status=status,
        version=__version__,
        services=Services(database=database, redis=redis),
    )


@router.get("/live")
async def live() -> LiveOut:
    """Whether the process runs. Touches nothing else."""
    return LiveOut()
