"""Apply the row-level security of `flux.core.rls` to a database, or check that it still holds.

    python scripts/apply_rls.py            apply it all; nothing changes where it holds already;
                                           exit 1 if something is left that it cannot mend
    python scripts/apply_rls.py --check    change nothing; print every difference and exit 1 if any

Connects as flux_owner, by DATABASE_OWNER_URL.
"""

import argparse
import sys

from sqlalchemy import create_engine, text

from flux.core.migrate import mend_policies
from flux.core.rls import find_drift
from flux.settings import get_settings, require, sqlalchemy_url


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument(
        "--check",
        action="store_true",
        help="change nothing; exit 1 if anything differs",
    )
    arguments = parser.parse_args()
    engine = create_engine(
        sqlalchemy_url(require(get_settings().database_owner_url, "DATABASE_OWNER_URL"))
    )
    with engine.begin() as connection:
        if arguments.check:
            connection.execute(text("SET LOCAL lock_timeout = '5s'"))
            drift = find_drift(connection)
            print("\n".join(drift) or "Row-level security is as it should be.")
            return 1 if drift else 0
        mended, left = mend_policies(connection)
    print(f"Row-level security applied; {mended} differences mended.")
    if left:
        print("These are in nobody's list; drop or revoke them by hand:", *left, sep="\n")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
