"""Secrets are bound to one scheme, host and port; whatever leads elsewhere is refused before it is sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbls_sync.errors import BadPayload, ConfigurationError
from mbls_sync.mis_http.origin import Origin, path_segment, refuse_peer

MIS = Origin.of("https://mis.example/v2")
CURRENT = "https://mis.example/v2/marks?page=1"


@pytest.mark.parametrize(
    "url",
    [
        "http://mis.example",
        "ftp://mis.example",
        "file:///etc/passwd",
        "mis.example",
        "https://user:secret@mis.example",
        "https://mis.example/v2?key=secret",
        "https://mis.example/v2/../admin",
        "https://169.254.169.254",
        "https://[fe80::1]",
        "https://[fd00:ec2::254]",
        "https://[::ffff:169.254.169.254]",
        "https://0.0.0.0",
        "http://2130706433",
        "http://127.0.0.1.mis.example",
        "https://mis.example:port",
        "https://mis%2eexample",
        "https://[::1",
        "https://",
    ],
)
def test_an_address_that_is_no_safe_origin_stops_the_start(url):
    with pytest.raises(ConfigurationError) as error:
        Origin.of(url)
    assert "secret" not in str(error.value).replace("children's data and secrets", "").replace("secrets belong", "")


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://localhost:8080/api", "http://[::1]:8080"])
def test_this_machine_may_be_spoken_to_without_https(url):
    assert Origin.of(url).is_loopback


def test_a_school_may_host_its_mis_on_a_private_address():
    assert str(Origin.of("https://10.1.2.3:8443/api")) == "https://10.1.2.3:8443"


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/v2/marks?page=2",
        "http://mis.example/v2/marks?page=2",
        "https://mis.example:8443/v2/marks",
        "https://mis.example@evil.example/",
        "https://key@mis.example/v2/marks",
        "//evil.example/v2/marks",
        "/\\evil.example/marks",
        "https:\\\\evil.example",
        "https://mis.example.evil.example/",
        "https://[::1]/v2/marks",
        "https://mis.example%2eevil.example/",
        "/v2/%2e%2e/admin",
        "/v2/%252e%252e/admin",
        "https://mis。example/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "/v2/marks?page=2\r\nX: y",
        "https://mis.example:99999999/",
        "https://[zzz/",
    ],
)
def test_a_link_that_leads_elsewhere_is_refused(link):
    with pytest.raises(BadPayload) as error:
        MIS.follow(link, CURRENT)
    assert "evil" not in str(error.value)


@pytest.mark.parametrize(
    ("link", "leads_to"),
    [
        ("https://mis.example/v2/marks?page=2", "https://mis.example/v2/marks?page=2"),
        ("HTTPS://MIS.EXAMPLE:443/v2/marks?page=2", "https://mis.example/v2/marks?page=2"),
        ("/v2/marks?page=2", "https://mis.example/v2/marks?page=2"),
        ("?page=2", "https://mis.example/v2/marks?page=2"),
        ("marks?from=a%2Fb", "https://mis.example/v2/marks?from=a%2Fb"),
    ],
)
def test_a_link_at_home_is_followed(link, leads_to):
    assert MIS.follow(link, CURRENT) == leads_to


@given(st.text(max_size=60))
def test_whatever_a_link_says_nothing_leaves_the_origin(link):
    try:
        found = MIS.follow(link, CURRENT)
    except BadPayload:
        return
    assert found.startswith("https://mis.example/") or found == "https://mis.example"


@pytest.mark.parametrize("path", ["//evil.example/x", "https://evil.example/x", "/a/../b", "/a b", "/a/%2e%2e/b"])
def test_a_configured_path_stays_below_the_base(path):
    with pytest.raises(ConfigurationError):
        MIS.at(path)


@given(st.text(max_size=20))
def test_a_value_in_a_path_is_one_segment(text):
    segment = path_segment(text)
    assert "/" not in segment
    assert set(segment) != {"."}


@pytest.mark.parametrize(
    "peer",
    [
        "169.254.169.254",
        "fe80::1%eth0",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "0.0.0.0",
        "224.0.0.1",
    ],
)
def test_a_name_that_leads_to_a_metadata_address_is_refused(peer):
    with pytest.raises(BadPayload):
        refuse_peer(peer, must_be_loopback=False)


def test_a_name_that_must_be_this_machine_may_lead_nowhere_else():
    with pytest.raises(BadPayload):
        refuse_peer("10.0.0.1", must_be_loopback=True)
    refuse_peer("127.0.0.1", must_be_loopback=True)
    refuse_peer("::ffff:127.0.0.1", must_be_loopback=True)
