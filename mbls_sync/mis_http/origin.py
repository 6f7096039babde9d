"""The one scheme, host and port that secrets may go to; every address is rebuilt on it or refused."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from mbls_sync.errors import BadPayload, ConfigurationError

PORTS = {"https": 443, "http": 80}
FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]")
METADATA = frozenset(map(ipaddress.ip_address, ("fd00:ec2::254", "100.100.100.200", "192.0.0.192")))
"""Where clouds hand out a machine's own credentials, beside the link-local addresses."""
NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""Addresses of IPv6 whose last 32 bits are one of IPv4, which a gateway on the way turns them into."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Origin:
    """A configured base address. `base` is its path without a slash at the end."""

    scheme: str
    host: str
    port: int
    base: str = ""

    @classmethod
    def of(cls, url: str) -> Origin:
        """Read a configured address. Raises ConfigurationError."""
        try:
            parts = urlsplit(url)
            found = _scheme_host_port(parts)
        except ValueError as error:
            raise ConfigurationError(f"{_shown(url)} is no address of an MIS: {error}") from None
        origin = cls(*found, parts.path.rstrip("/"))
        if parts.query or parts.fragment or _climbs(parts.path):
            raise ConfigurationError(
                f"{origin} must end with its path: no query, no fragment and no dots in it; write parameters under "
                "`params`"
            )
        if origin.scheme == "http" and not origin.is_loopback:
            raise ConfigurationError(
                f"{origin} would carry children's data and secrets in the open; use https, which only this machine "
                "itself (127.0.0.1) is excused from"
            )
        if (address := _address(origin.host)) is not None:
            _refuse_address(address, str(origin))
        return origin

    @property
    def is_loopback(self) -> bool:
        """Whether the host is this machine by its very name."""
        address = _address(self.host)
        return self.host == "localhost" if address is None else address.is_loopback

    def at(self, path: str) -> str:
        """The address of a path below the base. Raises ConfigurationError for what would lead elsewhere."""
        given = path if path.startswith("/") else f"/{path}"
        if path.startswith("//") or "://" in path.partition("?")[0] or FORBIDDEN.search(path) or _climbs(path):
            raise ConfigurationError(f"the path {_shown(path)} must stay below {self}; write it such as /registers")
        return f"{self}{self.base}{given}"

    def follow(self, link: str, current: str) -> str:
        """The address that an answer's link names, rebuilt on this origin.

        Raises BadPayload, before anything is sent, for a link to any other scheme, host or port, with a user in it, or
        written so that two readers could take it differently.
        """
        if FORBIDDEN.search(link) or link.startswith("//"):
            raise _elsewhere(self)
        try:
            parts = urlsplit(urljoin(current, link))
            there = _scheme_host_port(parts)
        except ValueError:
            raise _elsewhere(self) from None
        if there != (self.scheme, self.host, self.port) or _climbs(parts.path):
            raise _elsewhere(self)
        query = f"?{parts.query}" if parts.query else ""
        return f"{self}{parts.path}{query}"

    def __str__(self) -> str:
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"


def refuse_peer(host: str, *, must_be_loopback: bool) -> None:
    """Refuse an address that a name led to, once it is known. Raises BadPayload."""
    inner = _inner(ipaddress.ip_address(host.partition("%")[0]))
    if _is_forbidden(inner):
        raise BadPayload("the MIS's name leads to a link-local or metadata address; nothing was sent")
    if must_be_loopback and not inner.is_loopback:
        raise BadPayload("the name that must be this machine leads elsewhere, and without https; nothing was sent")


def path_segment(text: str) -> str:
    """A value as one segment of a path: a slash or a dot in it leads nowhere."""
    return quote(text, safe="").replace(".", "%2E") if set(text) == {"."} else quote(text, safe="")


def _scheme_host_port(parts: SplitResult) -> tuple[str, str, int]:
    scheme = parts.scheme.lower()
    if scheme not in PORTS:
        raise ValueError("it begins neither with https:// nor with http://")
    if "@" in parts.netloc:
        raise ValueError("a user or password stands in it; secrets belong under `auth`")
    host = parts.netloc.lower()
    if parts.port is not None or host.endswith(":"):
        host = host.rpartition(":")[0]
    if not HOST.fullmatch(host):
        raise ValueError("its host is no name and no address")
    return scheme, host, parts.port if parts.port is not None else PORTS[scheme]


def _climbs(path: str) -> bool:
    """Whether a segment is a dot or two, however often it is encoded."""
    before, text = "", path.partition("?")[0]
    while before != text:
        before, text = text, unquote(text)
    return any(part in (".", "..") for part in re.split(r"[/\\]", text))


def _address(host: str) -> Address | None:
    try:
        found = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None
    return _inner(found)


def _inner(address: Address) -> Address:
    """The address of IPv4 that one of IPv6 leads to in the end; the address itself where it is no such."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _is_forbidden(address: Address) -> bool:
    return address in METADATA or address.is_link_local or address.is_multicast or address.is_unspecified


def _refuse_address(address: Address, shown: str) -> None:
    if _is_forbidden(address):
        raise ConfigurationError(f"{shown} is a link-local or metadata address, where no MIS is; correct it")


def _elsewhere(origin: Origin) -> BadPayload:
    return BadPayload(
        f"{origin} answered with a link that leads away from it; nothing was sent there, since it would have carried "
        "the school's secrets. If the MIS really is in two places, ask its vendor for one address"
    )


def _shown(url: str) -> str:
    """An address without what may be secret in it."""
    bare = re.sub(r"[?#].*", "", url)
    return repr(re.sub(r"//[^/]*@", "//…@", bare)[:100])
