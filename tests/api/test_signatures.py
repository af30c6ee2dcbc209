"""The verdicts on signatures in PDFs, as programs see them."""

from __future__ import annotations

from tests.api.program import Programs
from tests.web.installation import Installation


def test_a_program_reads_the_verdicts_part_by_part(town: Installation, programs: Programs) -> None:
    letter = town.dispatched()
    town.carry()
    sender, receiver = programs["reading-clerk"], programs["learning-clerk"]
    incoming = receiver.get("/incoming").get_json()["items"][0]["id"]

    ours = sender.get(f"/letters/{letter}/signatures").get_json()["files"]
    theirs = receiver.get(f"/incoming/{incoming}/signatures").get_json()["files"]

    assert ours[0]["sha256"] == theirs[0]["sha256"] and ours[0]["problem"] == ""
    [signature] = theirs[0]["signatures"]
    told = {name: signature[name] for name in ("whole", "unchanged", "made", "trusted", "certificate", "time")}
    assert told == {
        "whole": True,
        "unchanged": True,
        "made": True,
        "trusted": True,
        "certificate": None,
        "time": None,
    }
    assert (signature["standing"], signature["kind"], signature["changes"]) == ("doubtful", 2, [])
    assert signature["signed_at"] == "2026-11-23T09:30:00+07:00"
    assert set(signature["reasons"]) == set(told)


def test_the_verdicts_of_another_agency_are_not_found(town: Installation, programs: Programs) -> None:
    letter = town.issued()

    assert programs["learning-clerk"].get(f"/letters/{letter}/signatures").status_code == 404
