"""The web app's pages from the API's own origin: by their address, and nothing beside them."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from flux.main import create_app
from flux.settings import Settings
from owner import open_client


@pytest.fixture
async def site(settings: Settings, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The application with a small export: pages, an asset, and a file outside it."""
    web = settings.web_dir
    (web / "dashboard").mkdir(parents=True)
    (web / "_next" / "static").mkdir(parents=True)
    for name, content in {
        "index.html": "home",
        "login.html": "log in",
        "404.html": "no such page",
        "dashboard/data.html": "data",
        "_next/static/app.js": "js",
        "icon.svg": "icon",
    }.items():
        (web / name).write_text(content)
    (tmp_path / "secrets.json").write_text("secret")
    app = create_app(settings)
    async with app.router.lifespan_context(app), open_client(app) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("/", "home"),
        ("/login", "log in"),
        ("/login/", "log in"),
        ("/dashboard/data", "data"),
        ("/icon.svg", "icon"),
        ("/_next/static/app.js", "js"),
    ],
)
async def test_a_page_is_found_by_its_address(
    site: httpx.AsyncClient, path: str, content: str
) -> None:
    answer = await site.get(path)
    assert (answer.status_code, answer.text) == (200, content)
    assert (await site.head(path)).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/../secrets.json",
        "/%2e%2e/secrets.json",
        "/..%2fsecrets.json",
        "/login.html/x",
        "/_next/static/",
        "/" + "a" * 5000,
    ],
)
async def test_what_is_no_page_is_the_page_that_says_so(site: httpx.AsyncClient, path: str) -> None:
    answer = await site.get(path)
    assert (answer.status_code, answer.text) == (404, "no such page")
    assert answer.headers["cache-control"] == "no-cache"


async def test_assets_may_be_kept_for_ever_and_pages_must_be_asked_for(
    site: httpx.AsyncClient,
) -> None:
    asset = await site.get("/_next/static/app.js")
    assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (await site.get("/login")).headers["cache-control"] == "no-cache"


async def test_no_address_takes_long_to_be_understood(site: httpx.AsyncClient) -> None:
    """A pattern that backtracks took 5 s for 27 letters and a dot, and the server stood still.

    As a ratio: a path that is hostile to such a pattern costs about what a plain one costs.
    """
    plain = await measure(site, "/nothing.png")
    assert await measure(site, "/" + "a" * 60 + ".png") < 100 * plain


async def measure(site: httpx.AsyncClient, path: str) -> float:
    started = time.perf_counter()
    assert (await site.get(path)).status_code == 404
    return time.perf_counter() - started


async def test_the_api_is_not_shadowed_by_the_pages(site: httpx.AsyncClient) -> None:
    unknown = await site.get("/api/login")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")
    wrong = await site.post("/login")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")


async def test_what_is_text_and_not_small_is_sent_compressed(
    site: httpx.AsyncClient, settings: Settings
) -> None:
    (settings.web_dir / "_next" / "static" / "large.js").write_text("js;" * 1_000)
    answer = await site.get("/_next/static/large.js")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert (answer.text, answer.headers["Vary"]) == ("js;" * 1_000, "Accept-Encoding")
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Content-Encoding" not in (await site.get("/_next/static/app.js")).headers
