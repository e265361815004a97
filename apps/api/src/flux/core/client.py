"""Who sent a request, as far as the request shows it: an address, a device, a network."""

import re
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from fastapi import Request

from flux.settings import Settings

if TYPE_CHECKING:
    from ua_parser import BasicResolver

UNKNOWN_ADDRESS = "unknown"
UNKNOWN_DEVICE = "an unknown device"
MAX_USER_AGENT = 512

_BRACKETED = re.compile(r"\[([^\[\]]+)\](?::\d+)?")
_PRODUCT = re.compile(r"([A-Za-z][A-Za-z0-9_-]{1,29})/\d")
# No dot, slash or colon: these words go into letters, where a mail program would make a link of them.
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 +_-]{0,29}")
_PEOPLE_SAY = {
    "Chrome Mobile": "Chrome",
    "Chrome Mobile iOS": "Chrome",
    "Chrome Mobile WebView": "Chrome",
    "Edge Mobile": "Edge",
    "Firefox Mobile": "Firefox",
    "Firefox iOS": "Firefox",
    "HeadlessChrome": "Chrome",
    "IE": "Internet Explorer",
    "Mac OS X": "macOS",
    "Mobile Safari": "Safari",
    "Mobile Safari UI/WKWebView": "Safari",
    "Opera Mobile": "Opera",
}


def client_address(request: Request) -> str:
    """The address the request came from, in canonical form without a port; "unknown" if there is none.

    `proxy_depth` is the number of our own proxies in front. Each appends the address it saw to
    X-Forwarded-For, so that many entries from the right are true; what stands left of them was
    written by the client. Without proxies, or if the entry is missing (somebody came round them) or
    is no address, it is the peer of the socket.
    """
    settings: Settings = request.app.state.settings
    depth = settings.proxy_depth
    entries = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
    forwarded = entries[-depth] if 0 < depth <= len(entries) else ""
    peer = request.client.host if request.client else ""
    address = _read_address(_without_port(forwarded.strip())) or _read_address(peer)
    return str(address or UNKNOWN_ADDRESS)


def network_of(address: str) -> str:
    """What limits count by: an IPv4 address itself, the /64 around an IPv6 address (every line gets at
    least one, RFC 6177), any other text unchanged.
    """
    read = _read_address(address)
    if read is None:
        return address
    return str(read) if read.version == 4 else str(ip_network((read, 64), strict=False))


def is_loopback(address: str) -> bool:
    """Whether it is an address of this very machine."""
    read = _read_address(address)
    return read is not None and read.is_loopback


def describe_device(user_agent: str) -> str:
    """The User-Agent in words for people, such as "Chrome on Android": a claim, not a proof.

    Letters, digits, spaces and `+_-` only, at most 80 characters, whatever was sent.
    """
    from ua_parser import Domain

    header = user_agent[:MAX_USER_AGENT]
    found = _user_agent_parser()(header, Domain.USER_AGENT | Domain.OS)
    browser = _plain_name(found.user_agent.family if found.user_agent else "")
    system = _plain_name(found.os.family if found.os else "")
    if system:
        return f"{browser or 'an unknown browser'} on {system}"
    if browser:
        return browser
    product = _PRODUCT.match(header)
    return product[1] if product and product[1] != "Mozilla" else UNKNOWN_DEVICE


@cache
def _user_agent_parser() -> "BasicResolver":
    """Loaded at the first use, and its patterns compiled as they are used: 0.2 s that no start waits for."""
    from ua_parser import BasicResolver, load_lazy_builtins

    return BasicResolver(load_lazy_builtins())


def _plain_name(family: str) -> str:
    name = _PEOPLE_SAY.get(family, family)
    return name if _PLAIN.fullmatch(name) else ""


def _without_port(entry: str) -> str:
    if bracketed := _BRACKETED.fullmatch(entry):
        return bracketed[1]
    host, _, port = entry.partition(":")
    return host if port.isdecimal() else entry


def _read_address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv4Address):
        return address
    # Through int, for the address without its scope (fe80::1%eth0), which may be any text.
    return address.ipv4_mapped or IPv6Address(int(address))
