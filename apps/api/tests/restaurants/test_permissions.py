"""Who may do what, route by route, tried for real; and nobody touches what is another restaurant's."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest
from fastapi import FastAPI

from flux.core.ids import new_id
from flux.models import Model
from flux.restaurants.models import Role
from owner import Owner, enter
from team.people import hire, invite, new_address, problem_of

Route = tuple[str, str]

# The lowest role that may. Whoever writes a route that works in a restaurant writes its line here.
LOWEST: dict[Route, Role] = {
    ("GET", "/api/restaurants/current"): Role.VIEWER,
    ("PATCH", "/api/restaurants/current"): Role.OWNER,
    ("GET", "/api/team/members"): Role.MANAGER,
    ("PATCH", "/api/team/members/{user_id}"): Role.OWNER,
    # Of others; themselves anybody may take out (tests/team/test_members.py).
    ("DELETE", "/api/team/members/{user_id}"): Role.OWNER,
    ("GET", "/api/team/invitations"): Role.MANAGER,
    ("POST", "/api/team/invitations"): Role.OWNER,
    ("DELETE", "/api/team/invitations/{invitation_id}"): Role.OWNER,
    ("POST", "/api/data/uploads"): Role.MANAGER,
    ("POST", "/api/data/upload"): Role.MANAGER,
    ("POST", "/api/data/uploads/{upload_id}/complete"): Role.MANAGER,
    ("GET", "/api/data/uploads"): Role.VIEWER,
    ("GET", "/api/data/uploads/{upload_id}"): Role.VIEWER,
    ("GET", "/api/data/uploads/{upload_id}/rejected-rows"): Role.VIEWER,
    # Holds whole rows, and with them what tills write of customers.
    ("GET", "/api/data/uploads/{upload_id}/rejected-rows.csv"): Role.MANAGER,
    ("POST", "/api/data/uploads/{upload_id}/cancel"): Role.MANAGER,
    ("POST", "/api/data/uploads/{upload_id}/retry"): Role.MANAGER,
    ("DELETE", "/api/data/uploads/{upload_id}"): Role.MANAGER,
    # Samples are whole cells of the file.
    ("GET", "/api/data/uploads/{upload_id}/columns"): Role.MANAGER,
    ("PUT", "/api/data/uploads/{upload_id}/mapping"): Role.MANAGER,
    ("GET", "/api/data/template.csv"): Role.VIEWER,
    ("POST", "/api/data/sample"): Role.MANAGER,
    ("GET", "/api/insights/summary"): Role.VIEWER,
    ("GET", "/api/insights/sales"): Role.VIEWER,
    ("GET", "/api/insights/days"): Role.VIEWER,
    ("GET", "/api/insights/hours"): Role.VIEWER,
    ("GET", "/api/insights/items"): Role.VIEWER,
    ("GET", "/api/insights/categories"): Role.VIEWER,
    ("GET", "/api/insights/orders"): Role.VIEWER,
    ("GET", "/api/insights/lines"): Role.VIEWER,
    ("GET", "/api/insights/export.csv"): Role.VIEWER,
}
STATES = {"upload_state", "sample_mix"}
RANKS = [Role.VIEWER, Role.MANAGER, Role.OWNER]
FILE = {"file": ("a.csv", b"x", "text/csv")}
BODIES: dict[Route, dict[str, Any]] = {
    ("PATCH", "/api/restaurants/current"): {"json": {"name": "Another name"}},
    ("PATCH", "/api/team/members/{user_id}"): {"json": {"role": "manager"}},
    ("POST", "/api/team/invitations"): {"json": {"email": new_address(), "role": "viewer"}},
    ("POST", "/api/data/uploads"): {
        "json": {"filename": "a.csv", "size_bytes": 1, "content_type": "text/csv"}
    },
    ("POST", "/api/data/upload"): {"files": FILE},
    ("POST", "/api/data/uploads/{upload_id}/complete"): {
        "json": {"parts": [{"number": 1, "etag": "e"}]}
    },
    ("PUT", "/api/data/uploads/{upload_id}/mapping"): {"json": {"columns": {"item": 1}}},
}
TENANT_TABLES = sorted(
    table.name for table in Model.metadata.tables.values() if "restaurant_id" in table.columns
)


def operations(app: FastAPI) -> Iterator[tuple[Route, dict[str, Any]]]:
    for path, methods in app.openapi()["paths"].items():
        for method, operation in methods.items():
            yield (method.upper(), path), operation


def routes_in_a_restaurant(app: FastAPI) -> set[Route]:
    """The routes that take the header by which a request says in which restaurant it works."""
    return {
        route
        for route, operation in operations(app)
        if any(each["name"] == "x-restaurant-id" for each in operation.get("parameters", []))
    }


def routes_with_an_id(app: FastAPI) -> set[Route]:
    return {(method, path) for (method, path), _ in operations(app) if "{" in path}


async def ask(
    client: httpx.AsyncClient, route: Route, ids: dict[str, str], **headers: str
) -> httpx.Response:
    method, path = route
    return await client.request(
        method, path.format_map(ids), headers=headers, **BODIES.get(route, {})
    )


async def things_of(owner: Owner) -> dict[str, str]:
    """An id of everything in the restaurant that a path can name."""
    sessions = (await owner.client.get("/api/auth/sessions")).json()["items"]
    return {
        "upload_id": await owner.send(b"x"),
        "user_id": str((await hire(owner, Role.VIEWER)).user_id),
        "invitation_id": (await invite(owner, new_address()))["id"],
        "session_id": sessions[0]["id"],
    }


def rows_of(owner: Owner) -> dict[str, list[Any]]:
    """All that the database holds of the restaurant and of its owner's account."""
    of_user = ("users", "sessions", "refresh_tokens", "mail_links")
    with psycopg.connect(owner.dsn) as connection:
        enter(connection, owner.restaurant_id, owner.user_id)
        return {
            table: connection.execute(
                f"SELECT to_jsonb(t) FROM {table} t ORDER BY to_jsonb(t)"
            ).fetchall()
            for table in (*TENANT_TABLES, *of_user, "restaurants")
        }


async def test_every_route_that_works_in_a_restaurant_has_its_line(app: FastAPI) -> None:
    assert routes_in_a_restaurant(app) == set(LOWEST)


async def test_every_route_in_a_restaurant_that_takes_a_body_is_tried_with_one(
    app: FastAPI,
) -> None:
    taking = {route for route, operation in operations(app) if "requestBody" in operation}
    assert taking & set(LOWEST) == set(BODIES)


async def test_every_path_of_these_rooms_works_in_a_restaurant_but_for_the_two_of_an_invitee(
    app: FastAPI,
) -> None:
    """So that a route which forgot to ask for the restaurant is not merely left out above."""
    rooms = {
        route for route, _ in operations(app) if not re.match(r"/api/(auth|health)\b", route[1])
    }
    assert rooms - set(LOWEST) == {
        ("POST", "/api/team/invitations/show"),
        ("POST", "/api/team/invitations/accept"),
    }


@pytest.mark.parametrize("role", RANKS)
async def test_each_role_may_do_what_the_table_says_and_no_more(owner: Owner, role: Role) -> None:
    ids = await things_of(owner)
    person: Any = owner if role is Role.OWNER else await hire(owner, role)
    for route, lowest in LOWEST.items():
        before = rows_of(owner)
        answer = await ask(
            person.client, route, ids, **{"X-Restaurant-Id": str(owner.restaurant_id)}
        )
        if RANKS.index(role) >= RANKS.index(lowest):
            is_state = answer.status_code == 409 and answer.json()["code"] in STATES
            # Whoever is told that the upload is in no state for it, or that others are there, was let in.
            assert is_state or answer.is_success, (route, answer.text)
        else:
            assert problem_of(answer) == (403, "role_too_low"), route
            assert rows_of(owner) == before, route


async def test_too_low_a_role_is_told_so_before_anything_is_looked_up_or_read(
    owner: Owner,
) -> None:
    """Whether there is such an id, and what is wrong with the body, is not theirs to know."""
    viewer = await hire(owner, Role.VIEWER)
    ids = {name: str(new_id()) for name in ("upload_id", "user_id", "invitation_id", "session_id")}
    for route, lowest in LOWEST.items():
        if lowest is not Role.VIEWER:
            method, path = route
            answer = await viewer.client.request(method, path.format_map(ids))
            assert problem_of(answer) == (403, "role_too_low"), route


@pytest.mark.parametrize("role", RANKS)
async def test_a_stranger_is_told_that_there_is_no_such_restaurant(
    owner: Owner, stranger: Owner, role: Role
) -> None:
    """Whatever they are in their own restaurant, and the same as for one that does not exist."""
    ids = await things_of(owner)
    person: Any = stranger if role is Role.OWNER else await hire(stranger, role)
    before = rows_of(owner)
    for route in LOWEST:
        answers = [
            await ask(person.client, route, ids, **{"X-Restaurant-Id": str(restaurant_id)})
            for restaurant_id in (owner.restaurant_id, new_id())
        ]
        assert problem_of(answers[0]) == (404, "restaurant_not_found"), route
        bodies = [each.json() | {"request_id": ""} for each in answers]
        assert bodies[0] == bodies[1], route
    assert rows_of(owner) == before


async def test_what_is_no_id_is_no_restaurant(owner: Owner) -> None:
    for method, path in LOWEST:
        for header in ("x", "0", "' OR true --", f"{owner.restaurant_id},{new_id()}"):
            if "{" not in path:
                named = {"X-Restaurant-Id": header}
                answer = await ask(owner.client, (method, path), {}, **named)
                assert problem_of(answer) == (422, "invalid_input"), (method, path, header)


async def test_another_restaurants_ids_are_not_found_on_any_route_and_nothing_changes(
    app: FastAPI, owner: Owner, stranger: Owner
) -> None:
    """And the answer does not tell whether there is such an id elsewhere."""
    theirs = await things_of(owner)
    nobodys = {name: str(new_id()) for name in theirs}
    routes = routes_with_an_id(app)
    assert {name for _, path in routes for name in re.findall(r"{(\w+)}", path)} == set(theirs)
    before, own = rows_of(owner), rows_of(stranger)
    for route in sorted(routes):
        answers = [await ask(stranger.client, route, ids) for ids in (theirs, nobodys)]
        code = answers[0].json()["code"]
        assert answers[0].status_code == 404, route
        assert code.endswith("_not_found"), route
        assert code != "restaurant_not_found", route
        bodies = [each.json() | {"request_id": ""} for each in answers]
        assert bodies[0] == bodies[1], route
    assert rows_of(owner) == before
    assert rows_of(stranger) == own
    assert (await owner.client.get("/api/auth/me")).status_code == 200


async def test_whoever_works_in_two_restaurants_reaches_only_into_the_one_they_named(
    app: FastAPI, owner: Owner, stranger: Owner
) -> None:
    """An owner of both, so that no role but only the restaurant can be in the way."""
    stranger.execute(
        "INSERT INTO memberships (restaurant_id, user_id, role) VALUES (%(r)s, %(u)s, 'owner')",
        r=stranger.restaurant_id,
        u=owner.user_id,
    )
    theirs = await things_of(stranger)
    before = rows_of(stranger)
    for route in sorted(routes_with_an_id(app) & set(LOWEST)):
        answer = await ask(
            owner.client, route, theirs, **{"X-Restaurant-Id": str(owner.restaurant_id)}
        )
        assert answer.status_code == 404, route
        assert answer.json()["code"] != "restaurant_not_found", route
    assert rows_of(stranger) == before
    named = {"X-Restaurant-Id": str(stranger.restaurant_id)}
    path = f"/api/team/members/{UUID(theirs['user_id'])}"
    assert (await owner.client.delete(path, headers=named)).status_code == 204
