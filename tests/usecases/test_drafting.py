"""Drafting: what may be written, attached and taken back, and the words for what may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pikepdf
import pytest

from saraban.domain.classification import Form, Secrecy
from saraban.domain.errors import BadInput, ConcurrentEdit, NotFound, NotPermitted, StageNotAllowed
from saraban.domain.letter import LetterState
from saraban.usecases import drafting, routing
from tests.builders import CONTENT, a_correspondent
from tests.usecases.house import House


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("form", {"form": Form.OTHER}),
        ("details.session", {"details": {"session": "1/2569"}}),
        ("subject", {"subject": "ก" * 501}),
        ("subject", {"subject": "สองบรรทัด\nไม่ได้"}),
        ("subject", {"subject": "อักขระ\x00ควบคุม"}),
        ("addressed_to", {"addressed_to": "เรียน\r\nBcc: x@y.example"}),
        ("body", {"body": "ก" * 60_001}),
        ("body", {"body": "ข้อความ\x1b[31m"}),
        ("recipients", {"recipients": ("nobody",)}),
        ("recipients", {"recipients": ("onep",)}),
        ("recipients", {"recipients": ("dopa", "dopa")}),
        ("response_due", {"response_due": date(2026, 11, 22)}),
        ("purpose", {"purpose": "ask"}),
    ],
)
def test_what_may_not_be_written_is_told_at_its_field(house: House, field: str, changes: dict[str, object]) -> None:
    with pytest.raises(BadInput) as refused:
        house.draft(**changes)

    assert list(refused.value.fields) == [field]


def test_an_agency_that_was_dissolved_yesterday_is_no_receiver_any_more(house: House) -> None:
    house.publish(
        a_correspondent("old", valid_to=date(2026, 11, 22)), a_correspondent("last", valid_to=date(2026, 11, 23))
    )

    house.draft(recipients=("last",))
    with pytest.raises(BadInput, match="ข้อมูล") as refused:
        house.draft(recipients=("old",))

    assert "เลิกใช้แล้ว" in refused.value.fields["recipients"]


def test_a_draft_may_be_begun_with_nothing_but_a_subject(house: House) -> None:
    letter_id = house.draft(addressed_to="", body="", recipients=())

    assert house.letter(letter_id).state is LetterState.DRAFT


def test_only_clerks_draft_and_only_for_their_unit(house: House) -> None:
    with pytest.raises(NotPermitted):
        drafting.start_letter(house.office, actor=house.ours["head"], content=CONTENT)
    with pytest.raises(NotPermitted):
        drafting.start_letter(house.office, actor=house.ours["clerk"], content=CONTENT, unit_code="central")
    with pytest.raises(BadInput):
        drafting.start_letter(house.office, actor=house.ours["central_clerk"], content=CONTENT, unit_code="nowhere")

    made = drafting.start_letter(house.office, actor=house.ours["central_clerk"], content=CONTENT, unit_code="legal")
    assert house.letter(made).unit_id == house.ours.legal.id


def test_a_draft_is_revised_over_the_version_that_was_seen(house: House) -> None:
    letter_id, clerk = house.draft(), house.ours["clerk"]
    new = replace(CONTENT, subject="เรื่องใหม่")

    version = drafting.revise_letter(house.office, actor=clerk, letter_id=letter_id, content=new, version=1)
    with pytest.raises(ConcurrentEdit):
        drafting.revise_letter(house.office, actor=clerk, letter_id=letter_id, content=CONTENT, version=1)

    assert version == 2
    assert house.letter(letter_id).content.subject == "เรื่องใหม่"


def test_another_agency_does_not_find_the_draft(house: House) -> None:
    letter_id = house.draft()

    with pytest.raises(NotFound):
        drafting.revise_letter(house.office, actor=house.theirs["clerk"], letter_id=letter_id, content=CONTENT)


def test_the_subject_of_a_classified_draft_does_not_stand_in_the_journal(house: House) -> None:
    house.draft(secrecy=Secrecy.SECRET, subject="เรื่องที่ต้องปกปิด")

    assert house.told("letter.drafted")[0]["values"]["subject_line"] == "(ชั้นความลับ)"


# --- files --------------------------------------------------------------------------------------------------------


def _pdf(path: Path, *, script: bool = False, locked: bool = False) -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        if script:
            pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        pdf.save(path, encryption=pikepdf.Encryption(user="x", owner="y") if locked else False)
    return path.read_bytes()


def test_a_file_is_kept_with_its_bytes_and_a_safe_name(house: House) -> None:
    letter_id = house.draft()
    file = house.attach(letter_id, "../../etc/แผน\x00งาน.txt", "เนื้อหา".encode())

    assert (file.name, file.media_type, file.size) == ("แผนงาน.txt", "text/plain", 21)
    assert house.office.blobs.open(file.sha256) == "เนื้อหา".encode()
    assert house.letter(letter_id).enclosures == [file]


def test_an_empty_file_is_refused(house: House) -> None:
    with pytest.raises(BadInput, match="ข้อมูล") as refused:
        house.attach(house.draft(), data=b"")

    assert "ไฟล์ว่าง" in refused.value.fields["file"]


def test_a_file_of_fifteen_megabytes_is_refused_and_leaves_the_draft_alone(house: House) -> None:
    letter_id = house.draft()
    with pytest.raises(BadInput) as refused:
        house.attach(letter_id, data=bytes(15_000_000))

    assert "๑๔ MB" in refused.value.fields["file"]
    assert house.letter(letter_id).files == []


def test_files_that_are_too_large_together_are_refused(house: House) -> None:
    letter_id = house.draft()
    house.attach(letter_id, "ก.bin", bytes(8_000_000))

    with pytest.raises(BadInput) as refused:
        house.attach(letter_id, "ข.bin", b"x" * 7_000_000)

    assert "รวมกัน" in refused.value.fields["file"]


@pytest.mark.parametrize("harm", [{"script": True}, {"locked": True}])
@pytest.mark.parametrize(("name", "media_type"), [("ก.pdf", "text/plain"), ("ก.txt", "application/pdf")])
def test_a_pdf_that_carries_a_script_or_a_lock_is_refused_under_any_name(
    house: House, tmp_path: Path, harm: dict[str, bool], name: str, media_type: str
) -> None:
    letter_id = house.draft()
    with pytest.raises(BadInput):
        house.attach(letter_id, name, _pdf(tmp_path / "x.pdf", **harm), media_type=media_type)

    assert house.letter(letter_id).files == []


def test_what_is_called_a_pdf_and_is_none_is_refused(house: House) -> None:
    with pytest.raises(BadInput):
        house.attach(house.draft(), "ก.pdf", b"MZ\x90\x00 this is a program")


def test_an_honest_pdf_is_taken(house: House, tmp_path: Path) -> None:
    assert house.attach(house.draft(), "ก.pdf", _pdf(tmp_path / "x.pdf")).media_type == "application/pdf"


@pytest.mark.parametrize(
    "given_type", ["", "text", "text/", "message/rfc822", "multipart/mixed", "text/plain\r\nX: y", "ก/ข", "text/a b"]
)
def test_a_media_type_that_could_do_harm_on_the_wire_becomes_plain_octets(house: House, given_type: str) -> None:
    assert house.attach(house.draft(), media_type=given_type).media_type == "application/octet-stream"


def test_two_files_of_one_name_are_told_apart_and_the_fiftieth_is_refused(house: House) -> None:
    letter_id = house.draft()
    names = [house.attach(letter_id, data=b"%d" % n).name for n in range(49)]

    assert names[:3] == ["แผน.txt", "แผน (2).txt", "แผน (3).txt"] and len(set(names)) == 49
    with pytest.raises(Exception, match="๔๙"):
        house.attach(letter_id, data=b"one more")


def test_a_file_can_be_taken_off_again(house: House) -> None:
    letter_id = house.draft()
    file = house.attach(letter_id)
    drafting.detach_file(house.office, actor=house.ours["clerk"], letter_id=letter_id, sha256=file.sha256)

    assert house.letter(letter_id).files == []
    assert house.journal()[-2:] == ["letter.file-attached", "letter.file-removed"]


def test_nothing_is_changed_once_the_letter_is_on_its_way(house: House) -> None:
    letter_id, clerk = house.draft(), house.ours["clerk"]
    routing.submit_letter(house.office, actor=clerk, letter_id=letter_id)

    with pytest.raises(StageNotAllowed):
        house.attach(letter_id)
    with pytest.raises(StageNotAllowed):
        drafting.revise_letter(house.office, actor=clerk, letter_id=letter_id, content=CONTENT)


def test_a_withdrawn_draft_stays_readable(house: House) -> None:
    letter_id = house.draft()
    drafting.withdraw_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)

    assert house.letter(letter_id).state is LetterState.WITHDRAWN


def test_the_preview_is_a_page_without_number_and_writes_nothing(house: House) -> None:
    letter_id = house.draft()
    before = house.journal()
    page = drafting.preview_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)

    assert page.pdf.startswith(b"%PDF") and page.pages == 1
    assert house.letter(letter_id).number is None
    assert house.journal() == before
    with pytest.raises(NotFound):
        drafting.preview_image(house.office, actor=house.ours["clerk"], letter_id=letter_id, page=1, width=100)


def test_the_clock_is_the_offices(house: House) -> None:
    house.clock.pass_by(timedelta(hours=1))

    assert house.letter(house.draft()).created_at == house.clock.now()


def test_a_draft_is_handed_to_another_unit_and_back_while_it_is_a_draft(either_house: House) -> None:
    house = either_house
    central = house.ours["central_clerk"]
    letter_id = drafting.start_letter(house.office, actor=central, content=CONTENT)

    def revise(unit_code: str | None) -> str:
        letter = house.letter(letter_id)
        drafting.revise_letter(
            house.office, actor=central, letter_id=letter_id, content=letter.content, unit_code=unit_code
        )
        return "legal" if house.letter(letter_id).unit_id == house.ours.legal.id else "central"

    assert [revise(code) for code in ("legal", None, "legal", "", None)] == [
        "legal", "legal", "legal", "central", "central"
    ]  # fmt: skip
    assert [told["values"]["unit"] for told in house.told("letter.handed-to")] == ["กองกฎหมาย", "สำนักงานเลขานุการกรม"]


def test_a_clerk_of_a_unit_hands_no_draft_to_another_and_an_unknown_unit_is_told(house: House) -> None:
    letter_id = house.draft()
    content = house.letter(letter_id).content
    with pytest.raises(NotPermitted):
        drafting.revise_letter(
            house.office, actor=house.ours["clerk"], letter_id=letter_id, content=content, unit_code="central"
        )
    with pytest.raises(BadInput) as refused:
        drafting.revise_letter(
            house.office, actor=house.ours["clerk"], letter_id=letter_id, content=content, unit_code="99"
        )

    assert list(refused.value.fields) == ["unit"] and house.letter(letter_id).unit_id == house.ours.legal.id
