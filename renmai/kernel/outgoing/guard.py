"""Where an address leads, and whether we go there."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from renmai.config.env import env

PORTS = {"https": 443, "http": 80}
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an address of the old protocol


def places(address: str) -> list[str]:
    """The IP addresses behind an address, where all of them may be asked; nothing otherwise.

    They are looked up once, and whoever sends goes to these: a name that is looked up again may lead elsewhere by then.
    What lies in a network that the operator has opened may be asked without encryption.
    """
    parts = split(address)
    if parts is None:
        return []
    try:
        entries = socket.getaddrinfo(parts.hostname, parts.port or PORTS[parts.scheme], type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    found = list(dict.fromkeys(str(entry[4][0]) for entry in entries))
    allowed = is_ours if parts.scheme == "http" else lambda one: is_ours(one) or is_global(one)
    return found if all(allowed(one) for one in found) else []


def split(address: str) -> SplitResult | None:
    """The parts of an address of the web; None where it is none, or holds a password, which would stand in the open."""
    try:
        parts = urlsplit(address)
        whole = parts.scheme in PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if whole and parts.username is None and parts.password is None else None


def is_outside(address: str) -> bool:
    """Whether an address may be asked."""
    return bool(places(address))


def is_ours(place: str) -> bool:
    """Whether an IP address lies in a network that the operator has opened."""
    return any(ipaddress.ip_address(place) in network for network in env.open_networks)


def is_global(place: str) -> bool:
    """Whether an IP address belongs to the open internet, and none is hidden in it that does not."""
    found = ipaddress.ip_address(place)
    inner = [found]
    if isinstance(found, ipaddress.IPv6Address):
        inner += [one for one in (found.ipv4_mapped, found.sixtofour) if one is not None]
        if found in TRANSLATED:
            inner.append(ipaddress.ip_address(int(found) & 0xFFFFFFFF))
    mapped = isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None
    return all(one.is_global and not one.is_multicast for one in (inner[1:] if mapped else inner))
