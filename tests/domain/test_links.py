"""Addresses in letters that came in: the host that a browser would ask is the one that we name, or none is opened."""

from __future__ import annotations

import pytest

from saraban.domain.errors import BadInput
from saraban.domain.links import SHIPPED_HOSTS, FoundLink, JudgedLink, LinkWay, judge, listed_hosts


def judged(text: str, *hosts: str) -> JudgedLink:
    return judge(FoundLink(text, LinkWay.CODE, 1), hosts or SHIPPED_HOSTS)


@pytest.mark.parametrize(
    ("text", "host", "address"),
    [
        ("https://www.opdc.go.th/a?b=1#c", "www.opdc.go.th", "https://www.opdc.go.th/a?b=1#c"),
        ("HTTPS://WWW.RTA.MI.TH", "www.rta.mi.th", "https://www.rta.mi.th"),
        ("https://opdc.go.th./x", "opdc.go.th", "https://opdc.go.th/x"),
        ("https://opdc.go.th/ก/%E0%B8%81", "opdc.go.th", "https://opdc.go.th/%E0%B8%81/%E0%B8%81"),
    ],
)
def test_a_listed_host_opens_at_once(text: str, host: str, address: str) -> None:
    one = judged(text)

    assert (one.host, one.address, one.listed, one.doubts) == (host, address, True, ())


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("https://forms.example.com/a", "forms.example.com"),
        ("https://opdc.go.th.example.com/", "opdc.go.th.example.com"),
        ("https://xgo.th/", "xgo.th"),
        ("http://www.opdc.go.th/", "www.opdc.go.th"),
        ("https://www.opdc.go.th:8443/", "www.opdc.go.th"),
        ("https://203.0.113.9/login", "203.0.113.9"),
        ("https://ｏｐｄｃ.example/", "opdc.example"),
        ("https://оpdc.go.th/", "xn--pdc-red.go.th"),
        ("https://ตรวจ.ไทย/", "xn--82cz5bq.xn--o3cw4h"),
    ],
)
def test_any_other_host_is_named_as_programs_write_it_and_asks_first(text: str, host: str) -> None:
    one = judged(text)

    assert one.host == host and one.address and not one.listed and one.doubts


@pytest.mark.parametrize(
    "text",
    [
        "https://www.opdc.go.th@evil.example/",
        "https://evil.example\\@www.opdc.go.th/",
        "https://evil.example\t.opdc.go.th/",
        "https://opdc.go.th\u202e/moc.live",
        "https://opdc\u200b.go.th/",
        "https:///evil.example/",
        "https:evil.example",
        "https://%65vil.example/",
        "https://opdc.go.th:99999999/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://localhost/",
        "https://" + "a" * 3_000 + ".go.th/",
        "javascript:alert(1)//https://opdc.go.th",
        "data:text/html,<script>alert(1)</script>",
        "tel:191",
        "WIFI:S:ฟรี;T:WPA;P:x;;",
        "",
    ],
)
def test_what_can_be_read_in_two_ways_or_is_no_page_is_never_opened(text: str) -> None:
    one = judged(text)

    assert not one.address and not one.listed and one.doubts


def test_an_agency_lists_its_own_hosts_and_none_are_those_that_ship() -> None:
    assert listed_hosts("") == listed_hosts(" \n") == SHIPPED_HOSTS
    assert listed_hosts("*.Go.Th\nforms.example.com.\n\ngo.th") == ("go.th", "forms.example.com")
    assert judged("https://forms.example.com/a", *listed_hosts("forms.example.com")).listed
    for wrong in ("com", "https://a.example", "a b.example", "192.0.2.1", "ตรวจ.ไทย", "a.example/x"):
        with pytest.raises(BadInput) as refused:
            listed_hosts(wrong)
        assert "link_hosts" in refused.value.fields
