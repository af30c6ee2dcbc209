"""A walk through everything: each role follows the links of its pages from its desk, and every kind of page that it
finds is looked at by axe-core and by the ruler, on a desk and on a phone."""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from html import unescape
from typing import Any
from urllib.parse import urldefrag

from werkzeug.exceptions import HTTPException

from saraban.domain.agency import AgencyOptions, PositionRole
from saraban.domain.issued_field import KindField
from saraban.domain.issued_kind import KindDefinition, Stage, Validity
from saraban.domain.petition import Written
from saraban.jobs import do_errand
from saraban.usecases import ending, issuing, signing_issued
from saraban.usecases.asking_issuers import ask_issuer
from saraban.usecases.bookkeeping import set_options
from saraban.usecases.issuing import Said
from saraban.usecases.petitioning import file_petition
from saraban.usecases.routing import endorse_letter, submit_letter
from tests.browser.conftest import DESK, LONG, sign_in
from tests.web.installation import LEARNING, PASSPHRASE, READING, Installation
from tests.web.test_issued_runs import sheet
from tests.web.test_meetings import FORM as MEETING

_FILES = re.compile(r"\.(pdf|svg|png|eml|json|csv|xlsx|ods|docx|zip|ics|p7s|asice)\b|/file|/pages?/")
_LINK = re.compile(r'<a\s[^>]*?href="(/[^"]*)"')
_TABS = ("state", "tab", "view", "whose", "show", "scope")
_SEVERAL = {"incoming.show": 4, "letters.show": 4}
_CLASS = re.compile(r'<(\w+)[^>]*?\sclass="([^"]*)"')


def _letters(town: Installation) -> None:
    """Something in every place: drafts, a pile, letters that came in, one of them with its tasks, and mail by hand."""
    clerk, director = town.actor("learning-clerk"), town.actor("learning-director")
    for subject in (LONG, "ขอเชิญประชุม"):
        town.dispatched(subject=subject)
    town.draft("learning-clerk", recipients=(READING,), subject=LONG)
    for number in range(3):
        letter = town.draft("learning-clerk", recipients=(READING,), subject=f"{LONG} {number}")
        submit_letter(town.services, actor=clerk, letter_id=letter)
        if number:
            endorse_letter(town.services, actor=director, letter_id=letter, note="เห็นควรลงนาม")
    town.hand_in("saraban@learning.test", b"From: a@b.test\r\nTo: saraban@learning.test\r\nSubject: x\r\n\r\nxyz\r\n")
    town.carry()
    set_options(town.services, actor=town.actor("learning-admin"), options=AgencyOptions(petitions=True))
    written = Written(LONG[:200], LONG[:300], LONG * 20)
    file_petition(town.services, agency_code=LEARNING, key="k" * 43, written=written)
    desk = town.client("learning-clerk")
    arrived = re.findall(r'href="(/incoming/[0-9a-f-]{36})"', desk.get("/incoming?state=new").text)[0]
    desk.send(f"{arrived}/register")
    given = {"for_action": f"position:{director.position_id}", "note": "เพื่อโปรดพิจารณา"}
    given["seen"] = re.findall(r'name="seen" value="([^"]+)"', desk.get(arrived).text)[0]
    assert desk.send(f"{arrived}/endorse", given).status_code == 302
    meeting = desk.send("/meetings/new", MEETING).headers["Location"]
    assert desk.send(f"{meeting}/people", {"people": LONG}).status_code == 302


def _documents(town: Installation) -> None:
    """Documents for people in every state, with a link for a holder; a sheet of them; a question to another agency; and
    what is for everybody."""
    admin, clerk, director, head = (town.actor(f"learning-{who}") for who in ("admin", "clerk", "director", "head"))
    said = KindDefinition(
        code="CERT-1", name_th=LONG, text="รับรองว่า {{ชื่อผู้ถือ}} ผ่าน{{หลักสูตร}}", fields=(KindField("หลักสูตร", public=True),),
        approvers=(director.position_id,), signer_id=head.position_id, validity=Validity.MONTHS, stage=Stage.ON,
    )  # fmt: skip
    kind = issuing.define_kind(town.services, actor=admin, said=said)
    for deed in ("draft", "waiting", "approved", "issued", "suspend", "revoke"):
        of = {
            "document_id": issuing.draft(
                town.services, actor=clerk, kind_id=kind, said=Said(LONG, "", {"หลักสูตร": LONG})
            )
        }
        if deed != "draft":
            issuing.submit(town.services, actor=clerk, **of)
        if deed not in ("draft", "waiting"):
            issuing.approve(town.services, actor=director, **of)
        if deed in ("issued", "suspend", "revoke"):
            signing_issued.sign(town.services, actor=head, passphrase=PASSPHRASE, **of)
        if deed in ("suspend", "revoke"):
            getattr(ending, deed)(town.services, actor=head, reason=LONG, **of)
    desk = town.client("learning-clerk")
    rows = [(f"{LONG} {nth}", f"{nth}@example.test", LONG) for nth in range(3)]
    seen = desk.send(f"/issued/runs/new/{kind}", {"file": sheet(*rows, headings=("ชื่อ", "อีเมล", "หลักสูตร"))}).text
    token = unescape(re.findall(r'name="token" value="([^"]+)"', seen)[0])
    assert desk.send(f"/issued/runs/new/{kind}", {"token": token, "really": "1"}).status_code == 302
    assert do_errand(town.services) == 1
    asked = {"other_code": READING, "document_kind": LONG, "number": "๑/๒๕๖๙", "purpose": LONG, "legal_basis": LONG}
    ask_issuer(town.services, actor=clerk, **asked)
    ask_issuer(town.services, actor=town.actor("reading-clerk"), **asked | {"other_code": LEARNING})
    town.carry()


class _Walk:
    """Which pages the walk opens in the browser: of each screen the first, and those whose tab or reader has parts that
    were not there before. All are asked for; each must answer."""

    def __init__(self, town: Installation) -> None:
        self._town = town
        self._parts: dict[str, set[tuple[str, str]]] = defaultdict(set)

    def of(self, who: str) -> list[str]:
        """The addresses that this person finds and that are worth a look."""
        client, found = self._town.client(who), list[str]()
        way, met, asked = deque(["/"]), Counter[tuple[str, ...]](), {"/"}
        while way:
            address = way.popleft()
            answer = client.get(address)
            is_moved = answer.status_code in (302, 303)
            assert is_moved or answer.status_code in (200, 403), (who, address, answer.status_code)  # 403 says who can
            if answer.mimetype != "text/html" or is_moved:
                continue
            parts = set(_CLASS.findall(answer.text.partition('id="main"')[2]))
            screen = self._kind(address)[0]
            if not parts <= self._parts[screen]:
                self._parts[screen] |= parts
                found.append(address)
            for link in _LINK.findall(answer.text):
                there = urldefrag(unescape(link))[0]
                kind = self._kind(there)
                if there in asked or _FILES.search(there) or not kind or met[kind] >= _SEVERAL.get(kind[0], 1):
                    continue
                met[kind] += 1
                asked.add(there)
                way.append(there)
        return found

    def _kind(self, address: str) -> tuple[str, ...]:
        path, _, query = address.partition("?")
        try:
            endpoint, _ = self._town.app.url_map.bind("").match(path, method="GET")
        except HTTPException:
            return ()
        asked = (one.partition("=") for one in query.split("&"))
        return (endpoint, *sorted(f"{name}={value if name in _TABS else ''}" for name, _, value in asked))


def test_every_page_of_every_role_is_without_serious_findings_and_nothing_sticks_out(
    town: Installation, site: str, open_page: Any, looked_at: Any, goto: Any
) -> None:
    _letters(town)
    _documents(town)
    walk, found, seen = _Walk(town), dict[str, list[str]](), 0
    page = open_page(DESK)
    for role in PositionRole:
        who = f"learning-{role.value}"
        page.context.clear_cookies()
        sign_in(page, site, who)
        for address in walk.of(who):
            seen += 1
            goto(page, f"{site}{address}")
            if faults := [one for one in looked_at(page, whole=True) if one.split()[1] not in ("minor", "moderate")]:
                found[f"{role.value} {address}"] = faults

    assert found == {}
    assert seen > 75
