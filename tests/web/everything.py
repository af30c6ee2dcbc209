"""Something in every place of an agency, so that every screen has something to show."""

from __future__ import annotations

import re
from html import unescape

from saraban.domain.agency import AgencyOptions
from saraban.domain.issued_field import KindField
from saraban.domain.issued_kind import KindDefinition, Stage, Validity
from saraban.domain.petition import Written
from saraban.jobs import do_errand
from saraban.usecases import ending, issuing, signing_issued
from saraban.usecases.asking_issuers import ask_issuer
from saraban.usecases.bookkeeping import set_options
from saraban.usecases.dispatching import dispatch_letter
from saraban.usecases.issuing import Said
from saraban.usecases.petitioning import file_petition
from saraban.usecases.routing import endorse_letter, submit_letter
from saraban.usecases.signing import sign_letter
from tests.web.installation import LEARNING, PASSPHRASE, READING, Installation
from tests.web.test_issued_runs import sheet
from tests.web.test_meetings import FORM as MEETING


def something_of_everything(town: Installation, words: str) -> None:
    """Letters, work and documents of the second agency; `words` are long enough to show what sticks out."""
    _letters(town, words)
    _documents(town, words)


def sent_out(town: Installation, words: str) -> None:
    """A letter of the second agency that goes its whole way, to the other's gateway."""
    clerk, director, head = (town.actor(f"learning-{who}") for who in ("clerk", "director", "head"))
    letter = town.draft("learning-clerk", recipients=(READING,), subject=words)
    submit_letter(town.services, actor=clerk, letter_id=letter)
    endorse_letter(town.services, actor=director, letter_id=letter, note="เห็นควรลงนาม")
    sign_letter(town.services, actor=head, letter_id=letter, passphrase=PASSPHRASE)
    dispatch_letter(town.services, actor=clerk, letter_id=letter)
    town.carry()


def _letters(town: Installation, words: str) -> None:
    """Something in every place: drafts, a pile, letters that came in, one of them with its tasks, and mail by hand."""
    clerk, director = town.actor("learning-clerk"), town.actor("learning-director")
    for subject in (words, "ขอเชิญประชุม"):
        town.dispatched(subject=subject)
    town.draft("learning-clerk", recipients=(READING,), subject=words)
    for number in range(3):
        letter = town.draft("learning-clerk", recipients=(READING,), subject=f"{words} {number}")
        submit_letter(town.services, actor=clerk, letter_id=letter)
        if number:
            endorse_letter(town.services, actor=director, letter_id=letter, note="เห็นควรลงนาม")
    town.hand_in("saraban@learning.test", b"From: a@b.test\r\nTo: saraban@learning.test\r\nSubject: x\r\n\r\nxyz\r\n")
    town.carry()
    set_options(town.services, actor=town.actor("learning-admin"), options=AgencyOptions(petitions=True))
    written = Written(words[:200], words[:300], words * 20)
    file_petition(town.services, agency_code=LEARNING, key="k" * 43, written=written)
    desk = town.client("learning-clerk")
    arrived = re.findall(r'href="(/incoming/[0-9a-f-]{36})"', desk.get("/incoming?state=new").text)[0]
    desk.send(f"{arrived}/register")
    given = {"for_action": f"position:{director.position_id}", "note": "เพื่อโปรดพิจารณา"}
    given["seen"] = re.findall(r'name="seen" value="([^"]+)"', desk.get(arrived).text)[0]
    assert desk.send(f"{arrived}/endorse", given).status_code == 302
    meeting = desk.send("/meetings/new", MEETING).headers["Location"]
    assert desk.send(f"{meeting}/people", {"people": words}).status_code == 302


def _documents(town: Installation, words: str) -> None:
    """Documents for people in every state, with a link for a holder; a sheet of them; a question to another agency; and
    what is for everybody."""
    admin, clerk, director, head = (town.actor(f"learning-{who}") for who in ("admin", "clerk", "director", "head"))
    said = KindDefinition(
        code="CERT-1", name_th=words, text="รับรองว่า {{ชื่อผู้ถือ}} ผ่าน{{หลักสูตร}}",
        fields=(KindField("หลักสูตร", public=True),),
        approvers=(director.position_id,), signer_id=head.position_id, validity=Validity.MONTHS, stage=Stage.ON,
    )  # fmt: skip
    kind = issuing.define_kind(town.services, actor=admin, said=said)
    for deed in ("draft", "waiting", "approved", "issued", "suspend", "revoke"):
        of = {
            "document_id": issuing.draft(
                town.services, actor=clerk, kind_id=kind, said=Said(words, "", {"หลักสูตร": words})
            )
        }
        if deed != "draft":
            issuing.submit(town.services, actor=clerk, **of)
        if deed not in ("draft", "waiting"):
            issuing.approve(town.services, actor=director, **of)
        if deed in ("issued", "suspend", "revoke"):
            signing_issued.sign(town.services, actor=head, passphrase=PASSPHRASE, **of)
        if deed in ("suspend", "revoke"):
            getattr(ending, deed)(town.services, actor=head, reason=words, **of)
    desk = town.client("learning-clerk")
    rows = [(f"{words} {nth}", f"{nth}@example.test", words) for nth in range(3)]
    seen = desk.send(f"/issued/runs/new/{kind}", {"file": sheet(*rows, headings=("ชื่อ", "อีเมล", "หลักสูตร"))}).text
    token = unescape(re.findall(r'name="token" value="([^"]+)"', seen)[0])
    assert desk.send(f"/issued/runs/new/{kind}", {"token": token, "really": "1"}).status_code == 302
    assert do_errand(town.services) == 1
    asked = {"other_code": READING, "document_kind": words, "number": "๑/๒๕๖๙", "purpose": words, "legal_basis": words}
    ask_issuer(town.services, actor=clerk, **asked)
    ask_issuer(town.services, actor=town.actor("reading-clerk"), **asked | {"other_code": LEARNING})
    town.carry()
