"""From a file's bytes to rows and a report of them; knows nothing of HTTP."""

import os

# Read by Polars when it is imported. Its pieces here are small: to wake a pool of threads for each takes longer than
# what they do, and the other core is PostgreSQL's.
os.environ.setdefault("POLARS_MAX_THREADS", "1")
