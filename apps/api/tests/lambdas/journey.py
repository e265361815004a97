"""What every set of Lambdas is put through: those of the source tree, and those of the packages."""

from pathlib import Path

from alembic.script import ScriptDirectory

from flux import __version__
from flux.core.migrate import alembic_config
from lambdas.cloud import EXPORT, ORIGIN, Cloud, send, show, sign_up
from lambdas.instance import Browser


def migrate_twice(cloud: Cloud, folder: Path | None = None) -> None:
    """An empty database comes to the newest schema; the second time nothing changes."""
    head = ScriptDirectory.from_config(alembic_config("")).get_current_head()
    with cloud.start("migrate", folder) as migrate:
        did = migrate.call({})
        assert did["version"] == __version__
        assert (did["roles"], did["revision_before"], did["revision"]) == ("made", None, head)
        assert did["schema"] == "brought up to date"
        again = migrate.call({})
        assert (again["revision_before"], again["revision"]) == (head, head)
        assert again["policies_mended"] == 0


def travel(cloud: Cloud, api_folder: Path | None = None, ingest_folder: Path | None = None) -> None:
    """From an empty database to a restaurant's figures, by way of all five Lambdas."""
    migrate_twice(cloud, api_folder)
    with (
        cloud.start("api", api_folder) as api,
        cloud.start("mail", api_folder) as mail,
        cloud.start("ingest", ingest_folder) as ingest,
        cloud.start("sweep", ingest_folder) as sweep,
    ):
        browser = Browser(api, ORIGIN)
        status, health = browser.request("GET", "/api/health")
        assert (status, health["status"], health["version"]) == (200, "ok", __version__)
        assert browser.request("GET", "/api/data/uploads")[0] == 401
        sign_up(browser, mail)
        cloud.bucket.events()

        first = send(browser)
        for event in cloud.bucket.events():
            ingest.call(event)
        report = show(browser, first)["report"]
        assert (report["lines_accepted"], report["net_minor"]) == (2, 1050)

        second = send(browser, EXPORT.replace(b"05-01", b"05-02"))
        assert show(browser, second)["status"] == "awaiting_file"
        sweep.call({})
        assert show(browser, second)["status"] == "completed"

        status, summary = browser.request("GET", "/api/insights/summary")
        assert (status, summary["net_minor"]) == (200, 2100), summary
