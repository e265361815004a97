"""Inviting: what is mailed, what the link shows, and when it stops being worth anything."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from flux.core.ids import new_id
from flux.core.rate_limit import INVITE_BY_RESTAURANT
from flux.mail.service import queue_mail
from flux.restaurants.models import Role
from flux.team import service
from flux.team.service import INVITATION_LIFETIME
from letterbox import read_mail, read_token, text_of
from owner import PASSWORD, Owner, open_client, random_address
from team.people import (
    accept,
    hire,
    invite,
    invite_by_mail,
    new_address,
    problem_of,
    show,
)

SPENT = (410, "link_spent")
SECOND = timedelta(seconds=1)


async def list_invitations(owner: Owner) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = (await owner.client.get("/api/team/invitations")).json()["items"]
    return listed


async def test_the_mailed_link_shows_who_invites_to_what(app: FastAPI, owner: Owner) -> None:
    email = new_address()
    invited = await invite(owner, email, Role.MANAGER)
    assert await list_invitations(owner) == [invited]
    assert {key: invited[key] for key in ("email", "role", "invited_by")} == {
        "email": email,
        "role": "manager",
        "invited_by": owner.email,
    }
    token = await read_token(app, email, "join")
    (letter,) = await read_mail(app, email)
    assert "Test Kitchen" in str(letter["Subject"])
    assert "manager" in text_of(letter)
    assert (await show(app, token)).json() == {
        "restaurant_name": "Test Kitchen",
        "email": email,
        "role": "manager",
        "invited_by": owner.email,
        "has_account": False,
    }


async def test_the_link_is_in_the_letter_and_nowhere_else(app: FastAPI, owner: Owner) -> None:
    email = new_address()
    invited = await invite(owner, email)
    assert set(invited) == {"id", "email", "role", "invited_by", "created_at", "expires_at"}
    token = await read_token(app, email, "join")
    ((stored,),) = owner.query("SELECT token_hash FROM invitations")
    assert len(stored) == 32
    assert token.encode() not in bytes(stored)


async def test_an_address_is_the_same_person_however_it_is_typed(
    app: FastAPI, owner: Owner
) -> None:
    email = new_address()
    invited = await invite(owner, f" {email.upper()} ")
    assert invited["email"] == email
    token = await read_token(app, email, "join")
    assert (await show(app, token)).json()["email"] == email
    await invite(owner, email.title(), Role.MANAGER)
    assert [(each["email"], each["role"]) for each in await list_invitations(owner)] == [
        (email, "manager")
    ]


@pytest.mark.parametrize("change", [str.lower, str.upper])
async def test_whoever_works_here_already_is_not_invited(
    app: FastAPI, owner: Owner, change: Callable[[str], str]
) -> None:
    viewer = await hire(owner, Role.VIEWER)
    form = {"email": change(viewer.email), "role": "owner"}
    answer = await owner.client.post("/api/team/invitations", json=form)
    assert problem_of(answer) == (409, "already_member")
    assert await list_invitations(owner) == []
    assert len(await read_mail(app, viewer.email)) == 1


async def test_a_second_invitation_replaces_the_first_and_its_link(
    app: FastAPI, owner: Owner, pass_time: Callable[[timedelta], None]
) -> None:
    email = new_address()
    first = await invite_by_mail(owner, email, Role.OWNER)
    pass_time(INVITATION_LIFETIME - timedelta(minutes=1))
    await owner.client.post("/api/auth/refresh")
    again = await owner.client.post(
        "/api/team/invitations", json={"email": email, "role": "viewer"}
    )
    # Spent at once, not only when the second letter leaves.
    assert problem_of(await show(app, first)) == SPENT
    second = await read_token(app, email, "join")
    assert await list_invitations(owner) == [again.json()]
    pass_time(INVITATION_LIFETIME - timedelta(minutes=1))
    assert (await show(app, second)).json()["role"] == "viewer"
    async with open_client(app) as client:
        assert problem_of(await accept(client, first)) == SPENT


async def test_five_invitations_of_an_address_at_once_are_one(app: FastAPI, owner: Owner) -> None:
    email = new_address()
    shown = await asyncio.gather(*(invite(owner, email) for _ in range(5)))
    assert len({each["id"] for each in shown}) == 1
    assert len(await list_invitations(owner)) == 1
    assert (await show(app, await read_token(app, email, "join"))).status_code == 200


async def test_a_withdrawn_invitation_is_worth_nothing(app: FastAPI, owner: Owner) -> None:
    email = new_address()
    token = await invite_by_mail(owner, email)
    (invited,) = await list_invitations(owner)
    path = f"/api/team/invitations/{invited['id']}"
    assert (await owner.client.delete(path)).status_code == 204
    assert await list_invitations(owner) == []
    assert problem_of(await show(app, token)) == SPENT
    async with open_client(app) as client:
        assert problem_of(await accept(client, token)) == SPENT
    assert problem_of(await owner.client.delete(path)) == (404, "invitation_not_found")


async def test_an_invitation_that_is_withdrawn_before_its_letter_leaves_is_not_mailed(
    app: FastAPI, owner: Owner
) -> None:
    email = new_address()
    invited = await invite(owner, email)
    await owner.client.delete(f"/api/team/invitations/{invited['id']}")
    assert await read_mail(app, email) == []


async def test_an_invitation_runs_out_after_seven_days(
    app: FastAPI, owner: Owner, pass_time: Callable[[timedelta], None]
) -> None:
    email = new_address()
    token = await invite_by_mail(owner, email)
    pass_time(timedelta(days=7) - timedelta(minutes=1))
    assert (await show(app, token)).status_code == 200
    pass_time(timedelta(minutes=1))
    assert problem_of(await show(app, token)) == SPENT
    async with open_client(app) as client:
        assert problem_of(await accept(client, token)) == SPENT
    await owner.client.post("/api/auth/refresh")
    assert [each["email"] for each in await list_invitations(owner)] == [email]
    assert (await show(app, await invite_by_mail(owner, email))).status_code == 200


async def test_a_refused_invitation_sends_no_letter(app: FastAPI, owner: Owner) -> None:
    manager = await hire(owner, Role.MANAGER)
    email = new_address()
    form = {"email": email, "role": "viewer"}
    for client, changed, expected in (
        (manager.client, {}, (403, "role_too_low")),
        (owner.client, {"role": "chef"}, (422, "invalid_input")),
        (owner.client, {"more": 1}, (422, "invalid_input")),
    ):
        answer = await client.post("/api/team/invitations", json=form | changed)
        assert problem_of(answer) == expected
    assert await read_mail(app, email) == []
    assert await list_invitations(owner) == []


async def test_a_request_that_fails_after_all_sends_no_letter(
    app: FastAPI, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:

    async def queue_and_fail(*args: Any, **details: Any) -> None:
        await queue_mail(*args, **details)
        raise RuntimeError

    monkeypatch.setattr(service, "queue_mail", queue_and_fail)
    email = new_address()
    answer = await owner.client.post(
        "/api/team/invitations", json={"email": email, "role": "viewer"}
    )
    assert problem_of(answer) == (500, "internal_error")
    assert await read_mail(app, email) == []
    assert await list_invitations(owner) == []


async def test_a_restaurant_invites_fifty_times_a_day(
    app: FastAPI, owner: Owner, stranger: Owner
) -> None:
    for _ in range(49):
        await app.state.limiter.spend(INVITE_BY_RESTAURANT, restaurant=str(owner.restaurant_id))
    await invite(owner, new_address())
    email = new_address()
    answer = await owner.client.post(
        "/api/team/invitations", json={"email": email, "role": "viewer"}
    )
    assert problem_of(answer) == (429, "too_many_tries")
    assert 86_000 < int(answer.headers["retry-after"]) <= 86_400
    assert await read_mail(app, email) == []
    await invite(stranger, email)


async def test_one_address_gets_five_invitations_in_half_an_hour_whoever_invites(
    app: FastAPI, owner: Owner, stranger: Owner
) -> None:
    """Else whoever registers restaurants enough could fill a stranger's mailbox."""
    email = new_address()
    for inviter in (owner, stranger) * 2 + (owner,):
        await invite(inviter, email)
    for inviter in (owner, stranger):
        form = {"email": email.upper(), "role": "viewer"}
        answer = await inviter.client.post("/api/team/invitations", json=form)
        assert problem_of(answer) == (429, "too_many_tries")
    # What was refused spent no link.
    assert len(await read_mail(app, email)) == 5
    assert (await show(app, await read_token(app, email, "join"))).status_code == 200


async def test_an_invitation_says_whom_and_as_what_and_nothing_else(owner: Owner) -> None:
    wrong: list[tuple[str, object]] = [
        ("restaurant_id", str(new_id())),
        ("invited_by", "boss@example.com"),
        ("expires_at", "2099-01-01T00:00:00Z"),
        ("token_hash", ""),
        ("id", str(new_id())),
        ("role", "admin"),
        ("role", "Owner"),
        ("role", None),
        ("role", ["viewer"]),
        ("email", "nobody"),
        ("email", "a@example.com, b@example.com"),
        ("email", "a@example.com\r\nBcc: b@example.com"),
        ("email", ["a@example.com"]),
    ]
    for name, value in wrong:
        form = {"email": new_address(), "role": "viewer"} | {name: value}
        answer = await owner.client.post("/api/team/invitations", json=form)
        assert answer.status_code == 422, name
        assert [each["pointer"] for each in answer.json()["errors"]] == [f"/{name}"], value
    assert await list_invitations(owner) == []


async def test_paging_shows_every_invitation_once(owner: Owner) -> None:
    emails = [(await invite(owner, new_address()))["email"] for _ in range(3)]
    found, cursor = [], None
    for pages_left in (2, 1, 0):
        params = {"limit": "1"} | ({"cursor": cursor} if cursor else {})
        page = (await owner.client.get("/api/team/invitations", params=params)).json()
        found += [each["email"] for each in page["items"]]
        cursor = page["next_cursor"]
        assert (cursor is not None) == (pages_left > 0)
    assert found == emails


async def test_a_link_shows_the_restaurant_it_was_mailed_for_alone(
    app: FastAPI, owner: Owner, stranger: Owner
) -> None:
    stranger.execute("UPDATE restaurants SET name = 'Other Kitchen'")
    email = new_address()
    ours = await invite_by_mail(owner, email, Role.VIEWER)
    theirs = await invite_by_mail(stranger, email, Role.OWNER)
    for token, name, role, inviter in (
        (ours, "Test Kitchen", "viewer", owner),
        (theirs, "Other Kitchen", "owner", stranger),
    ):
        shown = (await show(app, token)).json()
        assert (shown["restaurant_name"], shown["role"]) == (name, role)
        assert shown["invited_by"] == inviter.email
    assert [each["role"] for each in await list_invitations(owner)] == ["viewer"]
    assert [each["role"] for each in await list_invitations(stranger)] == ["owner"]


async def test_no_other_text_passes_for_a_link(app: FastAPI, owner: Owner) -> None:
    email = new_address()
    token = await invite_by_mail(owner, email)
    confirming = await read_token(app, owner.email, "verify")
    last = "0" if token[-1] != "0" else "1"
    answers = []
    for wrong in ("", "x", token[:-1], token[:-1] + last, token.upper(), confirming, "é" * 64):
        answers.append(await show(app, wrong))
        async with open_client(app) as client:
            answers.append(await accept(client, wrong))
    assert {problem_of(each) for each in answers} == {SPENT}
    assert len({each.json()["detail"] for each in answers}) == 1
    async with open_client(app) as client:
        reset = {"token": token, "password": PASSWORD}
        for path in ("/api/auth/email/verify", "/api/auth/password/reset"):
            assert problem_of(await client.post(path, json=reset)) == SPENT
    assert (await show(app, token)).status_code == 200


async def test_sixty_wrong_links_in_an_hour_are_all_that_an_address_may_try(
    app: FastAPI, owner: Owner
) -> None:
    token = await invite_by_mail(owner, new_address())
    body = {"token": token}
    async with open_client(app, address=random_address()) as guesser:
        for path in ("show", "accept") * 30:
            wrong = {"token": "guess"} | ({"password": PASSWORD} if path == "accept" else {})
            answer = await guesser.post(f"/api/team/invitations/{path}", json=wrong)
            assert problem_of(answer) == SPENT
        answer = await guesser.post("/api/team/invitations/show", json=body)
        assert problem_of(answer) == (429, "too_many_tries")
        assert problem_of(await accept(guesser, token)) == (429, "too_many_tries")
    async with open_client(app, address=random_address()) as invitee:
        answer = await invitee.post("/api/team/invitations/show", json=body)
        assert answer.status_code == 200


@pytest.mark.parametrize("path", ["show", "accept"])
async def test_a_link_is_not_used_from_another_site(app: FastAPI, owner: Owner, path: str) -> None:
    token = await invite_by_mail(owner, new_address())
    body = {"token": token} | ({"password": PASSWORD} if path == "accept" else {})
    async with open_client(app) as client:
        answer = await client.post(
            f"/api/team/invitations/{path}", json=body, headers={"Origin": "https://evil.example"}
        )
        assert problem_of(answer) == (403, "foreign_origin")
        assert not dict(client.cookies)
    assert (await show(app, token)).status_code == 200
