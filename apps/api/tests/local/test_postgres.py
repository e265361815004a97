"""The server of our own: also where the user it runs as cannot reach the installed binaries."""

import os
import tempfile
from pathlib import Path

import psycopg
import pytest

from flux.local import postgres
from servers import start_postgres


def test_as_root_the_binaries_are_copied_where_the_servers_user_cannot_reach_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As with a clone below /root. A normal user reaches its own, and nothing is copied."""
    monkeypatch.setattr(postgres, "_is_open_to_all", lambda _: False)
    with tempfile.TemporaryDirectory(prefix="flux-postgres-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        server = start_postgres(folder / "postgres")
        try:
            with psycopg.connect(server.url()) as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)
        finally:
            server.stop()
        copied = folder / "postgres" / "binaries" / "pginstall" / "bin" / "postgres"
        assert copied.exists() == (os.geteuid() == 0)
