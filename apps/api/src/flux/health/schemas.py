"""Body of the health check."""

from typing import Literal

from flux.core.schemas import ApiModel


class ServiceHealth(ApiModel):
    """One thing Flux stands on; `latency_ms` is null if it did not answer within its second."""

    status: Literal["ok", "down"]
    latency_ms: float | None


class Services(ApiModel):
    database: ServiceHealth
    redis: ServiceHealth


class HealthOut(ApiModel):
    """`ok`; `degraded`: the database answers, Redis does not; `down`: the database does not."""

    status: Literal["ok", "degraded", "down"]
    version: str
    services: Services


class LiveOut(ApiModel):
    status: Literal["ok"] = "ok"
