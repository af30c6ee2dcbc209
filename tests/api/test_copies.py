"""Certified copies by program: listed, made once for each key, saved, refused."""

from __future__ import annotations

from tests.api.program import Programs
from tests.api.test_lookups import ASKED
from tests.lookups import a_kind, a_licence
from tests.usecases.test_copying import a_pdf
from tests.web.installation import PASSPHRASE, Installation
from tests.web.test_lookups import licensed


def test_a_program_certifies_lists_and_saves_a_copy(town: Installation, programs: Programs) -> None:
    letter = town.issued()
    head, clerk = programs["reading-head"], programs["reading-clerk"]
    made = [
        head.post(f"/letters/{letter}/copies", {"passphrase": PASSPHRASE, "spares_citizen": True}, key="copy-1")
        for _ in range(2)
    ]
    listed = clerk.get(f"/letters/{letter}/copies").get_json()
    data = clerk.get(f"/letters/{letter}/copies/{made[0].get_json()['sha256']}")

    assert [one.status_code for one in made] == [201, 201]
    assert (made[0].get_json()["spares_citizen"], made[0].get_json()["fee"]) == (True, 0)
    assert made[0].get_json() == made[1].get_json() == listed["items"][0]
    assert len(listed["items"]) == 1 and "ชำนาญงานขึ้นไป" in listed["why_not"]
    assert clerk.get(f"/letters/{letter}/print-out").data.startswith(b"%PDF-")
    assert data.data.startswith(b"%PDF-") and len(data.data) == listed["items"][0]["size"]


def test_what_is_refused_is_told_as_a_problem(town: Installation, programs: Programs) -> None:
    letter, draft = town.issued(), town.draft()
    head, clerk = programs["reading-head"], programs["reading-clerk"]
    answers = {
        "wrong-passphrase": head.post(f"/letters/{letter}/copies", json={"passphrase": "ผิด"}),
        "no-copy": head.post(f"/letters/{draft}/copies", json={"passphrase": PASSPHRASE}),
        "not-permitted": clerk.post(f"/letters/{letter}/copies", json={"passphrase": PASSPHRASE}),
        "not-found": programs["learning-head"].get(f"/letters/{letter}/copies"),
    }

    assert {code: answer.status_code for code, answer in answers.items()} == {
        "wrong-passphrase": 422, "no-copy": 422, "not-permitted": 403, "not-found": 404,
    }  # fmt: skip
    assert {answer.get_json()["code"] for answer in answers.values()} == set(answers)


def test_copies_of_documents_and_of_what_issuers_gave(town: Installation, programs: Programs) -> None:
    head, data = programs["reading-head"], a_pdf("licence")
    actor = town.actor("reading-head")
    with town.services.uow() as uow:
        unit = uow.agencies.central_unit(actor.agency_id)
    kind, digest = a_kind(town.services, actor.agency_id, code="ours"), town.services.blobs.keep(data)
    document = a_licence(town.services, kind, unit.id, digest=digest, size=len(data))
    licensed(town, digest=digest, size=len(data))
    lookup = head.post("/lookups", ASKED, key="ask").get_json()["id"]
    town.carry()

    for of, files in ((f"/issued/{document.id}", ""), (f"/lookups/{lookup}", "/files/document-1.pdf")):
        sent = {"passphrase": PASSPHRASE}
        first, second = (head.post(f"{of}{files}/copies", sent, key=of) for _ in range(2))
        assert first.status_code == 201 and first.get_json() == second.get_json(), first.text
        assert (first.get_json()["spares_citizen"], first.get_json()["fee"]) == (bool(files), 0)
        listed = head.get(f"{of}/copies").get_json()
        assert listed == {"items": [first.get_json()], "why_not": ""}
        assert head.get(f"{of}/copies/{first.get_json()['sha256']}").data.startswith(b"%PDF-")
        assert programs["learning-head"].get(f"{of}/copies").status_code == 404
    assert head.post(f"/lookups/{lookup}/files/document-2.pdf/copies", {"passphrase": PASSPHRASE}).status_code == 404
