"""The Lambda behind API Gateway's HTTP API (events of version 2.0): the application, as everywhere else."""

import asyncio
from functools import lru_cache
from typing import Any

from mangum import Mangum

from flux.main import create_app
from flux.settings import get_settings

# In the body of the answer as it is; the adapter would write everything it does not know in base64.
_TEXT = ["text/", "application/json", "application/problem+json"]


def handler(event: Any, context: Any) -> dict[str, Any]:
    """The answer to one request."""
    return open_application()(event, context)


@lru_cache(maxsize=1)
def open_application() -> Mangum:
    """The application of the environment; connected once, and kept while this instance of the Lambda lives.

    Mangum would connect it anew for every event, and close it afterwards. Between two events nothing
    runs, and when AWS takes the instance away nothing is told: open connections are closed by the kernel.
    """
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    app = create_app(get_settings())
    # Held on to: once it is collected, Python ends it, and the connections with it.
    app.state.connected = app.router.lifespan_context(app)
    loop.run_until_complete(app.state.connected.__aenter__())
    return Mangum(app, lifespan="off", text_mime_types=_TEXT)
