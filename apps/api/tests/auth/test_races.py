"""What happens to an account in the moment in which somebody else's password is being tried."""

import asyncio
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from fastapi import FastAPI

from auth.test_recovery import (
    NEW_PASSWORD,
    SQUATTERS_PASSWORD,
    change,
    forget,
    is_out,
    join,
    log_in,
    post,
    reset,
    sign_up,
    verify,
)
from flux.auth import recovery, service
from flux.core.db import look_up
from flux.team import service as team
from letterbox import read_token
from owner import PASSWORD, Owner, open_client, random_address, registration

Pause = Callable[[ModuleType, str], "Gate"]


class Gate:
    """Holds whoever has just done something until it is opened."""

    def __init__(self) -> None:
        self.reached, self.opened = asyncio.Event(), asyncio.Event()


@pytest.fixture
def pause(monkeypatch: pytest.MonkeyPatch) -> Pause:
    """Have callers of a module's function wait once they have its answer."""

    def set_up(module: ModuleType, name: str) -> Gate:
        gate, real = Gate(), getattr(module, name)

        async def slow(*args: Any, **names: Any) -> Any:
            answer = await real(*args, **names)
            gate.reached.set()
            await gate.opened.wait()
            return answer

        monkeypatch.setattr(module, name, slow)
        return gate

    return set_up


async def test_a_login_that_began_before_a_reset_opens_nothing_after_it(
    app: FastAPI, owner: Owner, pause: Pause
) -> None:
    await forget(owner.client, owner.email)
    token = await read_token(app, owner.email, "reset")
    gate = pause(service, "check_password")
    async with open_client(app) as thief:
        logging_in = asyncio.create_task(log_in(thief, owner.email))
        await gate.reached.wait()
        assert (await reset(owner.client, token)).status_code == 204
        gate.opened.set()
        assert (await logging_in).status_code == 401
        assert await is_out(thief)


async def test_a_change_of_password_that_began_before_a_reset_does_not_undo_it(
    app: FastAPI, owner: Owner, pause: Pause
) -> None:
    async with open_client(app) as thief, open_client(app) as fresh:
        await log_in(thief, owner.email)
        await forget(owner.client, owner.email)
        token = await read_token(app, owner.email, "reset")
        gate = pause(recovery, "check_password")
        changing = asyncio.create_task(change(thief, new=SQUATTERS_PASSWORD))
        await gate.reached.wait()
        assert (await reset(owner.client, token)).status_code == 204
        gate.opened.set()
        assert (await changing).status_code in {401, 403}
        assert await is_out(thief)
        assert (await log_in(fresh, owner.email, SQUATTERS_PASSWORD)).status_code == 401
        assert (await log_in(fresh, owner.email, NEW_PASSWORD)).status_code == 200


async def test_nobody_replaces_the_password_of_an_address_while_it_is_confirmed(
    strict: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate()

    async def slow(session: Any, name: Any, *values: Any) -> Any:
        found = await look_up(session, name, *values)
        if name == "find_account":
            gate.reached.set()
            await gate.opened.wait()
        return found

    async with open_client(strict) as mine, open_client(strict) as squatter:
        email = await sign_up(mine)
        token = await read_token(strict, email, "verify")
        monkeypatch.setattr(service, "look_up", slow)
        form = registration(email=email, password=SQUATTERS_PASSWORD)
        registering = asyncio.create_task(post(squatter, "register", **form))
        await gate.reached.wait()
        verifying = asyncio.create_task(verify(mine, token))
        await asyncio.wait([verifying], timeout=0.5)
        gate.opened.set()
        assert (await registering).status_code == 201
        confirmed = (await verifying).status_code == 200
        assert (await log_in(squatter, email, SQUATTERS_PASSWORD)).status_code == 401
        assert (await log_in(mine, email)).is_success is confirmed


async def test_nobody_replaces_the_password_of_somebody_who_accepts_an_invitation(
    strict: FastAPI, pause: Pause
) -> None:
    host = await join(strict)
    async with open_client(strict) as guest, open_client(strict) as squatter:
        email = await sign_up(guest)
        await host.client.post("/api/team/invitations", json={"email": email, "role": "viewer"})
        form = {"token": await read_token(strict, email, "join"), "password": PASSWORD}
        gate = pause(team, "check_password")
        accepting = asyncio.create_task(guest.post("/api/team/invitations/accept", json=form))
        await gate.reached.wait()
        await sign_up(squatter, email=email, password=SQUATTERS_PASSWORD)
        gate.opened.set()
        assert (await accepting).status_code == 401
        assert (await log_in(squatter, email, SQUATTERS_PASSWORD)).status_code == 401


async def test_registrations_past_the_letter_limit_spend_no_link(strict: FastAPI) -> None:
    async def register_from_elsewhere(email: str) -> None:
        async with open_client(strict, address=random_address()) as other:
            await sign_up(other, email=email, password=SQUATTERS_PASSWORD)

    async with open_client(strict) as mine:
        email = await sign_up(mine)
        for _ in range(4):
            await sign_up(mine, email=email)
        newest = await read_token(strict, email, "verify")
        await register_from_elsewhere(email)
        assert (await verify(mine, newest)).status_code == 200


async def test_a_registration_leaves_a_link_to_set_a_new_password(strict: FastAPI) -> None:
    async with open_client(strict) as mine, open_client(strict) as squatter:
        email = await sign_up(mine)
        await forget(mine, email)
        token = await read_token(strict, email, "reset")
        await sign_up(squatter, email=email, password=SQUATTERS_PASSWORD)
        assert (await reset(mine, token)).status_code == 204
        assert (await log_in(squatter, email, SQUATTERS_PASSWORD)).status_code == 401


async def test_a_reset_and_a_registration_at_once_do_not_stop_each_other(
    strict: FastAPI, pause: Pause
) -> None:
    async with open_client(strict) as mine, open_client(strict) as squatter:
        email = await sign_up(mine)
        await forget(mine, email)
        token = await read_token(strict, email, "reset")
        gate = pause(recovery, "_use_link")
        resetting = asyncio.create_task(reset(mine, token))
        await gate.reached.wait()
        form = registration(email=email, password=SQUATTERS_PASSWORD)
        registering = asyncio.create_task(post(squatter, "register", **form))
        await asyncio.wait([registering], timeout=0.5)
        gate.opened.set()
        assert (await registering).status_code == 201
        assert (await resetting).status_code == 204
        assert (await log_in(squatter, email, SQUATTERS_PASSWORD)).status_code == 401
