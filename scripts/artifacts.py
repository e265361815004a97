"""Gathers in `dist` what a deploy ships: the Lambdas' packages, the web's files, what is in them, and the digests.

Run by `make artifacts`, after the packages and the web have been built.
"""

import hashlib
import shutil
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
PACKAGES = ROOT / "apps" / "api" / "dist"
WEB = ROOT / "apps" / "web" / "out"


def nobody(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """An entry that does not tell who built it, and when."""
    entry.mtime, entry.mode = 0, 0o755 if entry.isdir() else 0o644
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


def main() -> int:
    DIST.mkdir(exist_ok=True)
    for name in ("api.zip", "ingest.zip", "packages.json"):
        shutil.copy(PACKAGES / name, DIST)
    with tarfile.open(DIST / "web.tar", "w") as archive:
        archive.add(WEB, arcname=".", filter=nobody)
    listed = sorted(each for each in DIST.iterdir() if each.name != "SHA256SUMS")
    digests = [f"{hashlib.sha256(each.read_bytes()).hexdigest()}  {each.name}" for each in listed]
    (DIST / "SHA256SUMS").write_text("\n".join(digests) + "\n")
    print("\n".join(digests))
    return 0


if __name__ == "__main__":
    sys.exit(main())
