"""An origin looked at from outside: whether its name leads somewhere, and who signed its certificate until when."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from mbls_sync.errors import Unreachable
from mbls_sync.mis_http.manners import Manners
from mbls_sync.mis_http.origin import Origin, refuse_peer
from mbls_sync.mis_http.sockets import trusting


@dataclass(frozen=True)
class Certificate:
    """What a server shows. `wrong` is why it is not trusted, empty where it is."""

    issuer: str
    expires: datetime
    wrong: str = ""


def addresses_of(origin: Origin) -> tuple[str, ...]:
    """Where the name leads. Raises Unreachable where nowhere, BadPayload where no MIS may be."""
    try:
        found = socket.getaddrinfo(origin.host.strip("[]"), origin.port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Unreachable(f"the name {origin.host} leads nowhere ({error.strerror or error})") from None
    addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        refuse_peer(address, must_be_loopback=origin.scheme == "http")
    return addresses


def certificate_of(origin: Origin, manners: Manners) -> Certificate:
    """The certificate, by a handshake in which nothing else is sent. Raises Unreachable where none is shown."""
    context = trusting(manners.ca)
    context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
    try:
        return _shown(origin, manners, context)
    except ssl.SSLCertVerificationError as error:
        wrong = error.verify_message
    unverified = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Only to show whose certificate it is that is not trusted; the connection ends there.
    unverified.check_hostname = False
    unverified.verify_mode = ssl.CERT_NONE
    found = _shown(origin, manners, unverified)
    return Certificate(found.issuer, found.expires, wrong)


def _shown(origin: Origin, manners: Manners, context: ssl.SSLContext) -> Certificate:
    host = origin.host.strip("[]")
    try:
        with (
            socket.create_connection((host, origin.port), timeout=manners.connect_timeout) as plain,
            context.wrap_socket(plain, server_hostname=host) as secure,
        ):
            shown = x509.load_der_x509_certificate(secure.getpeercert(binary_form=True) or b"")
    except ssl.SSLCertVerificationError:
        raise
    except (OSError, ValueError) as error:
        raise Unreachable(f"{origin} does not answer by TLS ({type(error).__name__})") from None
    return Certificate(shown.issuer.rfc4514_string(), shown.not_valid_after_utc)
