"""Where a request came from cannot be forged past our own proxies, and no User-Agent does harm."""

import ipaddress
import subprocess
import sys
from types import SimpleNamespace

import pytest
from fastapi import Request
from hypothesis import given
from hypothesis import strategies as st

from flux.core.client import client_address, describe_device, is_loopback, network_of

PEER = "10.0.0.9"
ADDRESSES = st.ip_addresses().map(str)


def make_request(*forwarded: str, depth: int = 0, peer: str | None = PEER) -> Request:
    headers = [(b"x-forwarded-for", line.encode("latin-1")) for line in forwarded]
    settings = SimpleNamespace(proxy_depth=depth)
    return Request(
        {
            "type": "http",
            "headers": headers,
            "client": None if peer is None else (peer, 40000),
            "app": SimpleNamespace(state=SimpleNamespace(settings=settings)),
        }
    )


@pytest.mark.parametrize(
    ("depth", "forwarded", "address"),
    [
        (0, [], PEER),
        (0, ["203.0.113.7"], PEER),
        (0, ["203.0.113.7, 198.51.100.1"], PEER),
        (1, ["203.0.113.7"], "203.0.113.7"),
        (1, ["1.1.1.1, 203.0.113.7"], "203.0.113.7"),
        (1, ["127.0.0.1", "203.0.113.7"], "203.0.113.7"),
        (1, ["203.0.113.7, 1.1.1.1", " 198.51.100.1 "], "198.51.100.1"),
        (2, ["203.0.113.7, 198.51.100.1"], "203.0.113.7"),
        (2, ["203.0.113.7", "198.51.100.1"], "203.0.113.7"),
        (2, ["1.1.1.1, 203.0.113.7, 198.51.100.1"], "203.0.113.7"),
        (1, [], PEER),
        (2, [], PEER),
        (2, ["203.0.113.7"], PEER),
        (10, ["203.0.113.7, 198.51.100.1"], PEER),
        (1, [""], PEER),
        (1, [" , "], PEER),
        (1, ["203.0.113.7,"], PEER),
        (1, ["203.0.113.7, unknown"], PEER),
        (1, ["203.0.113.7, _hidden"], PEER),
        (2, ["1.1.1.1, <script>, 198.51.100.1"], PEER),
        (1, ["203.0.113.256"], PEER),
        (1, ["203.0.113"], PEER),
        (1, ["3405803783"], PEER),
        (1, ["\xb2.1.1.1"], PEER),
        (1, ["203.0.113.7:5678"], "203.0.113.7"),
        (1, ["203.0.113.7:http"], PEER),
        (1, ["2001:DB8:0:0::7"], "2001:db8::7"),
        (1, ["[2001:db8::7]"], "2001:db8::7"),
        (1, ["[2001:db8::7]:80"], "2001:db8::7"),
        (1, ["[2001:db8::7]80"], PEER),
        (1, ["::1"], "::1"),
        (1, ["::ffff:203.0.113.7"], "203.0.113.7"),
        (1, ["[::ffff:203.0.113.7]:443"], "203.0.113.7"),
        (1, ["fe80::1%<script>"], "fe80::1"),
    ],
)
def test_the_address_is_the_one_that_our_outermost_proxy_saw(
    depth: int, forwarded: list[str], address: str
) -> None:
    assert client_address(make_request(*forwarded, depth=depth)) == address


@pytest.mark.parametrize(
    ("peer", "address"),
    [
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:DB8::7", "2001:db8::7"),
        ("testclient", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
@pytest.mark.parametrize("depth", [0, 1])
def test_without_a_proxys_word_the_address_is_that_of_the_socket(
    depth: int, peer: str | None, address: str
) -> None:
    assert client_address(make_request(depth=depth, peer=peer)) == address


@given(
    written=st.lists(st.text(st.characters(codec="latin-1")) | ADDRESSES),
    seen=st.lists(ADDRESSES, min_size=1, max_size=3),
)
def test_whatever_a_client_writes_changes_nothing(written: list[str], seen: list[str]) -> None:
    """Our proxies append one entry each; a client's own lines and commas only ever stand left of them."""
    honest = client_address(make_request(*seen, depth=len(seen)))
    assert client_address(make_request(*written, *seen, depth=len(seen))) == honest
    assert client_address(make_request(",".join([*written, *seen]), depth=len(seen))) == honest
    assert client_address(make_request(*written, *seen, depth=0)) == PEER


@given(st.text(st.characters(codec="latin-1")))
def test_the_address_is_an_address_whatever_the_header_holds(written: str) -> None:
    address = client_address(make_request(written, depth=1))
    assert str(ipaddress.ip_address(address)) == address


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2::7", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::7", "2001:db8:1:3::/64"),
        ("unknown", "unknown"),
        ("", ""),
    ],
)
def test_limits_count_a_whole_ipv6_line_as_one(address: str, network: str) -> None:
    assert network_of(address) == network


def test_loopback_is_known_in_all_its_forms() -> None:
    for address in ("127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"):
        assert is_loopback(address), address
    for address in ("10.0.0.1", "::2", "::", "unknown", "localhost"):
        assert not is_loopback(address), address


WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (
            f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT} Chrome/124.0.0.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        (
            f"Mozilla/5.0 (Linux; Android 14; SM-S918B) {WEBKIT} SamsungBrowser/24.0 Chrome/117.0.0.0 Mobile Safari/537.36",
            "Samsung Internet on Android",
        ),
        (
            "Mozilla/5.0 (Android 14; Mobile; rv:125.0) Gecko/125.0 Firefox/125.0",
            "Firefox on Android",
        ),
        (f"{IPHONE} Version/17.4 Mobile/15E148 Safari/604.1", "Safari on iOS"),
        (f"{IPHONE} CriOS/124.0.6367.62 Mobile/15E148 Safari/604.1", "Chrome on iOS"),
        (f"{IPHONE} FxiOS/125.0 Mobile/15E148 Safari/604.1", "Firefox on iOS"),
        (f"{IPHONE} Mobile/15E148", "Safari on iOS"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15",
            "Safari on macOS",
        ),
        (f"{WINDOWS} {WEBKIT} Chrome/124.0.0.0 Safari/537.36", "Chrome on Windows"),
        (f"{WINDOWS} {WEBKIT} Chrome/124.0.0.0 Safari/537.36 Edg/124.0.0.0", "Edge on Windows"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:125.0) Gecko/20100101 Firefox/125.0",
            "Firefox on Windows",
        ),
        (
            f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {WEBKIT} Chrome/124.0.0.0 Safari/537.36",
            "Chrome on Chrome OS",
        ),
        (
            f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} HeadlessChrome/124.0.0.0 Safari/537.36",
            "Chrome on Linux",
        ),
        (WINDOWS, "an unknown browser on Windows"),
        ("curl/8.5.0", "curl"),
        ("python-requests/2.31.0", "Python Requests"),
        ("python-httpx/0.28.1", "python-httpx"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot"),
        ("Mozilla/5.0", "an unknown device"),
        ("node", "an unknown device"),
        ("", "an unknown device"),
        ("x" * 10_000, "an unknown device"),
        (" " * 512 + "curl/8.5.0", "an unknown device"),
        ("evil\x00\x1b[31m\r\n/1.0", "an unknown device"),
        ("<b>Chrome</b>", "an unknown device"),
        ("log-in-at-evil.example/1.0", "an unknown device"),
    ],
)
def test_a_device_is_told_in_words_for_people(user_agent: str, device: str) -> None:
    assert describe_device(user_agent) == device


@given(
    st.text(st.characters(codec="latin-1"), max_size=2000),
    st.sampled_from(["", "Chrome/", "Bot/", WINDOWS, "Mozilla/5.0 (Linux; Android 1"]),
)
def test_no_user_agent_gets_more_than_a_few_plain_words_into_a_letter(
    written: str, known: str
) -> None:
    for user_agent in (written + known + written, known + written):
        device = describe_device(user_agent)
        assert 0 < len(device) <= 80
        assert device.isascii()
        assert device.isprintable()
        assert not set(device) & set("./:@<>&\"'")


def test_the_start_of_the_application_does_not_wait_for_the_list_of_devices() -> None:
    program = "import sys, flux.core.client; print('ua_parser' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert run.stdout.strip() == b"False"
