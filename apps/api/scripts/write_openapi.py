"""Write the API's OpenAPI document, or check that the committed one is up to date.

python scripts/write_openapi.py            write apps/api/openapi.json
python scripts/write_openapi.py --check    write nothing; exit 1 if it is stale
"""

import json
import sys
from pathlib import Path

from flux.main import create_app
from flux.settings import Settings

DOCUMENT = Path(__file__).resolve().parent.parent / "openapi.json"


def render_document() -> str:
    """The document as it is committed: two spaces, a line at the end."""
    return (
        json.dumps(create_app(Settings(_env_file=None)).openapi(), indent=2, ensure_ascii=False)
        + "\n"
    )


def main() -> int:
    if "--check" not in sys.argv[1:]:
        DOCUMENT.write_text(render_document())
        return 0
    if DOCUMENT.exists() and DOCUMENT.read_text() == render_document():
        return 0
    print("apps/api/openapi.json is stale. Run: make fix")
    return 1


if __name__ == "__main__":
    sys.exit(main())
