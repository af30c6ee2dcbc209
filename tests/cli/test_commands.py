"""The commands: what they say, what they do, and the exit code by which a script knows."""

from __future__ import annotations

import runpy
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from click import ClickException
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from sqlalchemy import create_engine, inspect, text, update

from saraban.bootstrap import build
from saraban.crypto.timestamp import HttpTimeStamper
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_time
from saraban.domain.forms import RULES
from saraban.domain.store import PLAUSIBLE
from saraban.storage.blobs import BlobStore
from saraban.storage.tables.closing import day_closes
from saraban.storage.tables.exchange import inbox
from saraban.storage.tables.people import agencies, directory, tokens
from saraban.usecases.registering import register_letter
from saraban.usecases.sweeping import LEAST
from tests.cli.conftest import Run
from tests.crypto.authority import dummy, long_lived_root, served
from tests.rendering.codes import read_at_all
from tests.usecases.conftest import Pki
from tests.usecases.house import MASTER_KEY, House
from tests.usecases.test_administering_and_auditing import signed_directory

ROOT = Path(__file__).parents[2]


def test_a_command_without_the_secrets_says_what_to_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SARABAN_DATA", str(tmp_path))
    for name in ("SARABAN_SECRET_KEY", "SARABAN_MASTER_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.syspath_prepend(str(ROOT))

    with pytest.raises(ClickException) as told:
        runpy.run_path(str(ROOT / "wsgi.py"))

    assert "SARABAN_SECRET_KEY" in told.value.message


def _spoil(house: House, statement: str) -> None:
    with house.real.writing.begin() as connection:
        assert connection.execute(text(statement)).rowcount > 0


@pytest.mark.parametrize(
    "group",
    [
        "agency",
        "backup",
        "store",
        "db",
        "document",
        "gallery",
        "journal",
        "keys",
        "mail",
        "move-in",
        "numbers",
        "people",
        "search",
    ],
)
def test_every_group_and_command_says_what_it_is_for(run: Run, group: str) -> None:
    told = run(group, "--help")

    assert told.exit_code == 0
    commands = told.output.split("Commands:")[1].strip().splitlines()
    assert commands and all(len(line.split(maxsplit=1)) == 2 for line in commands)


def test_the_database_is_upgraded_checked_and_taken_back(house: House, run: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    object.__setattr__(house.real, "settings", replace(house.real.settings, database_url=url))

    assert run("db", "upgrade").exit_code == 0
    assert run("db", "check").exit_code == 0
    assert "ดัชนีคำค้น" in run("db", "reindex").output
    engine = create_engine(url)
    assert "letters" in inspect(engine).get_table_names()
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE once_keys"))
    engine.dispose()
    assert run("db", "check").exit_code == 1
    run("db", "upgrade")


def test_the_index_of_the_search_is_built_anew(house: House, run: Run) -> None:
    house.attach(house.draft())

    assert "รอเข้าดัชนี 0 รายการ" not in run("search", "status").output
    assert "สร้างดัชนีแล้ว 1 รายการ" in run("search", "rebuild").output
    assert "รอเข้าดัชนี 0 รายการ" in run("search", "status").output
    assert "สร้างดัชนีแล้ว 1 รายการ" in run("search", "rebuild", "--files").output


def test_whole_registers_are_verified_with_exit_code_zero(house: House, run: Run) -> None:
    for _ in range(3):
        register_letter(house.office, actor=house.ours["central_clerk"], incoming_id=house.incoming().id)
    told = run("numbers", "verify")

    assert told.exit_code == 0
    assert "เลข 1–3 ใช้ 3 จอง 0 ยกเลิก 0 ขาด 0 ซ้ำ 0" in told.output
    assert "พ.ศ. 2569: เลข" in told.output, "the era is said beside days such as 2026-11-26"
    assert "ทะเบียนหนังสือรับ" in told.output and "BookKind" not in told.output


def test_a_made_gap_is_named_and_ends_with_exit_code_one(house: House, run: Run) -> None:
    for _ in range(3):
        register_letter(house.office, actor=house.ours["central_clerk"], incoming_id=house.incoming().id)
    _spoil(house, "DELETE FROM entries WHERE serial = 2")
    told = run("numbers", "verify")

    assert told.exit_code == 1
    assert "ขาด: 2" in told.output


def test_a_whole_journal_ends_with_exit_code_zero_and_a_changed_one_with_one(house: House, run: Run) -> None:
    house.draft()
    whole = run("journal", "verify")
    _spoil(house, "UPDATE journal SET text = replace(text, 'ประชุม', 'เลี้ยง')")
    changed = run("journal", "verify")

    assert (whole.exit_code, changed.exit_code) == (0, 1)
    assert "onep: 1 รายการ ครบถ้วน" in whole.output
    assert "onep: 1 รายการ พบจุดผิด 1 แห่ง" in changed.output and "ลำดับ 1:" in changed.output


def test_an_altered_line_is_named_with_its_number_and_ends_with_exit_code_one(house: House, run: Run) -> None:
    for _ in range(3):
        register_letter(house.office, actor=house.ours["central_clerk"], incoming_id=house.incoming().id)
    _spoil(house, "UPDATE entries SET subject = 'ถูกแก้' WHERE serial = 2")
    told = run("numbers", "verify")

    assert told.exit_code == 1
    assert "ทะเบียนหนังสือรับ พ.ศ. 2569 เลข 2 วันที่ 2026-11-23: รายการถูกแก้ไขนอกระบบ" in told.output


def test_past_days_are_closed_by_hand_and_a_missing_seal_ends_with_exit_code_one(house: House, run: Run) -> None:
    register_letter(house.office, actor=house.ours["central_clerk"], incoming_id=house.incoming().id)
    assert "ปิดแล้ว 0 วัน" in run("numbers", "close").output
    house.clock.pass_by(timedelta(days=1))
    kept = {path: path.read_bytes() for path in (house.keys_folder / "onep").iterdir()}
    for path in kept:
        path.unlink()
    without = run("numbers", "close")
    for path, data in kept.items():
        path.write_bytes(data)
    closed = run("numbers", "close")

    assert (without.exit_code, closed.exit_code) == (1, 0)
    assert "ยังปิดไม่ได้: onep" in without.output and "ปิดแล้ว 1 วัน" in closed.output
    assert "ปิดวันแล้ว 1 วัน" in run("numbers", "verify").output
    assert run("numbers", "verify").exit_code == 0


def test_time_stamps_that_cannot_be_checked_end_with_an_exit_code_of_their_own(house: House, run: Run) -> None:
    register_letter(house.office, actor=house.ours["central_clerk"], incoming_id=house.incoming().id)
    house.clock.pass_by(timedelta(days=1))
    run("numbers", "close")
    [close] = house.rows(day_closes)
    with served(dummy()) as url:
        token = HttpTimeStamper(url, [long_lived_root().pem]).stamp(Digest.of(close.statement))
    with house.real.writing.begin() as connection:
        connection.execute(update(day_closes).values(time_stamp=token))

    unchecked = run("numbers", "verify")
    assert unchecked.exit_code == 3, unchecked.output
    assert "1 วัน ตราประทับรับรองเวลาตรวจไม่ได้: ยังไม่มีใบรับรอง" in unchecked.output
    _spoil(house, "UPDATE entries SET subject = 'ถูกแก้'")
    assert run("numbers", "verify").exit_code == 1


def test_witnesses_are_told_day_by_day_and_a_contradiction_ends_with_exit_code_one(house: House, run: Run) -> None:
    register_letter(house.office, actor=house.ours["central_clerk"], incoming_id=house.incoming().id)
    house.clock.pass_by(timedelta(days=1))
    run("numbers", "close")
    [close] = house.rows(day_closes)

    def keep(root: Digest, *, given: bool) -> None:
        with house.office.uow() as uow:
            uow.closes.witness(
                house.ours.agency.id,
                "dopa",
                given=given,
                day=close.day,
                root=root,
                previous=None,
                receipt_id=uuid4(),
                raw=Digest.of(b"raw"),
                at=house.clock.now(),
            )
            uow.commit()

    assert "พิสูจน์ได้โดย ยังไม่มี" in run("journal", "witness").output
    keep(close.root, given=True)
    given = run("journal", "witness")
    keep(Digest.of(b"one"), given=False)
    keep(Digest.of(b"two"), given=False)
    contradicted = run("journal", "witness")

    assert (given.exit_code, contradicted.exit_code) == (0, 1)
    assert f"วันที่ 2026-11-23 ราก {close.root.hex[:16]}… พิสูจน์ได้โดย dopa" in given.output
    assert "เราพิสูจน์ dopa วันที่ 2026-11-23" in contradicted.output
    assert "ขัดกัน dopa วันที่ 2026-11-23: ให้รากของวันเดียวกันไว้ไม่ตรงกัน" in contradicted.output


def test_a_message_in_a_file_is_taken_in_once(house: House, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "one.eml"
    file.write_bytes(b"From: a@b.example\r\nMessage-ID: <1@b.example>\r\n\r\nx\r\n")

    assert "รับไว้แล้ว" in run("mail", "take-in", file, "--agency", "onep").output
    assert "เคยรับไว้แล้ว" in run("mail", "take-in", file, "--agency", "onep").output
    [row] = house.rows(inbox)
    assert house.office.blobs.open(row.sha256) == file.read_bytes()
    assert run("mail", "take-in", file, "--agency", "nowhere").exit_code == 1


def test_the_mail_doctor_tells_that_no_mailbox_is_set_up(run: Run) -> None:
    told = run("mail", "doctor", "--agency", "onep")

    assert told.exit_code == 1
    assert "ยังไม่ได้เชื่อมต่อกล่องไปรษณีย์ของ onep" in told.output


def test_a_token_is_printed_once_and_kept_as_its_digest(house: House, run: Run) -> None:
    told = run("people", "token", "clerk.onep")

    assert told.exit_code == 0
    assert [row.sha256 for row in house.rows(tokens)] == [Digest.of(told.output.strip().encode())]
    assert run("people", "token", "nobody").exit_code == 1


def test_a_seal_is_requested_and_taken_in(house: House, run: Run, pki: Pki, tmp_path: Path) -> None:
    assert "BEGIN CERTIFICATE REQUEST" in run("keys", "request", "--agency", "onep").output
    file = tmp_path / "seal.p12"
    seal = pki.seals["onep"]
    file.write_bytes(
        pkcs12.serialize_key_and_certificates(b"s", seal.key, seal.certificate, None, BestAvailableEncryption(b"pp"))
    )
    for path in (house.keys_folder / "onep").iterdir():
        path.unlink()

    assert run("keys", "import", file, "--agency", "onep", "--passphrase", "wrong").exit_code == 1
    assert run("keys", "import", file, "--agency", "onep", "--passphrase", "pp").exit_code == 0
    assert house.office.seals.sealer("onep", house.clock.now()).mailbox == "saraban@onep.example"
    assert run("keys", "request", "--agency", "nowhere").exit_code == 1


def test_the_example_of_the_documents_opens_an_agency(house: House, run: Run) -> None:
    told = run("agency", "open", ROOT / "docs" / "agency.example.toml")

    assert told.exit_code == 0, told.output
    assert len(house.rows(agencies)) == 3
    assert run("agency", "open", ROOT / "docs" / "agency.example.toml").exit_code == 1


def test_a_file_that_is_no_agency_is_told_and_opens_nothing(house: House, run: Run, tmp_path: Path) -> None:
    for content in ("", "[agency]\ncode = 'x'\n", "not toml at all ["):
        file = tmp_path / "a.toml"
        file.write_text(content)
        told = run("agency", "open", file)
        assert told.exit_code == 1 and "ไฟล์ไม่ครบ" in told.output

    assert len(house.rows(agencies)) == 2


def test_a_signed_directory_is_taken_in_and_one_without_its_signature_is_not(
    house: House, run: Run, tmp_path: Path
) -> None:
    data, signature = signed_directory(house)
    file = tmp_path / "directory.json"
    file.write_bytes(data)
    assert run("agency", "directory", file).exit_code == 1

    (tmp_path / "directory.json.p7s").write_bytes(signature)
    assert run("agency", "directory", file).exit_code == 0
    assert [row.code for row in house.rows(directory)] == ["onep"]
    file.write_bytes(data + b" ")
    assert run("agency", "directory", file).exit_code == 1


def test_a_document_of_every_form_is_drawn_in_three_lengths_with_an_index(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "gallery"

    told = run("gallery", "draw", folder)

    files = sorted(path.name for path in folder.glob("*.pdf"))
    assert told.exit_code == 0 and f"{len(RULES) * 3} ฉบับ" in told.output
    assert files == sorted(f"{form.value}-{length}.pdf" for form in RULES for length in ("short", "typical", "long"))
    index = (folder / "README.md").read_text(encoding="utf-8")
    assert all(f"({name})" in index for name in files)
    assert index.count("[4 pages]") == len(RULES)
    page = (folder / "order-short.pdf").read_bytes()
    assert read_at_all(page) == ["https://saraban.example.go.th/v/0123456789ABCDEFGHJK"]


def test_a_token_is_bound_to_an_officer(house: House, pki: Pki, run: Run, tmp_path: Path) -> None:
    (tmp_path / "head.pem").write_text(pki.head.pem)
    bind = ("keys", "token", str(tmp_path / "head.pem"), "--username", "head.onep", "--token", "exec1", "--key")

    assert "PIN" in run(*bind, "k1").output
    refused = run(*bind, " ")
    assert refused.exit_code == 1 and "ชื่อโทเคน" in refused.output


def test_the_store_is_swept_and_what_is_missing_is_told(house: House, run: Run) -> None:
    file, left = house.attach(house.draft()).sha256, house.office.blobs.keep(b"left")
    house.clock.pass_by(LEAST + timedelta(minutes=1))
    first = run("store", "sweep", "--remove")
    assert first.exit_code == 0 and "ไม่มีสิ่งใดอ้างถึง 1 ไฟล์" in first.output and "ลบแล้ว 0 ไฟล์" in first.output
    house.clock.pass_by(LEAST)
    assert "ลบได้ด้วย --remove: 0 ไฟล์" in run("store", "sweep").output
    dry = run("store", "sweep", "--days", "2")
    assert "ครบ 2 วันแล้ว ลบได้ด้วย --remove: 1 ไฟล์" in dry.output and house.office.blobs.has(left)
    assert "ลบแล้ว 1 ไฟล์" in run("store", "sweep", "--remove", "--days", "2").output
    assert not house.office.blobs.has(left)

    house.office.blobs.remove(file, unless_after=house.clock.now())
    missing = run("store", "sweep")
    assert missing.exit_code == 1 and f"{file} ไฟล์ของหนังสือ" in missing.output
    assert run("store", "sweep", "--days", "1").exit_code == 2


def test_a_sweep_from_which_something_stays_says_so_and_fails(
    house: House, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(PLAUSIBLE + 1):
        house.office.blobs.keep(b"left %d" % number)
    house.clock.pass_by(LEAST + timedelta(minutes=1))
    run("store", "sweep")
    house.clock.pass_by(LEAST)
    assert "มากผิดปกติ" in run("store", "sweep", "--days", "2").output

    def refuse(*_: object, **__: object) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(BlobStore, "remove", refuse)
    failed = run("store", "sweep", "--remove", "--days", "2")
    assert failed.exit_code == 1 and f"ลบไม่ได้ {PLAUSIBLE + 1} ไฟล์" in failed.output


def test_a_backup_is_made_checked_and_not_restored_over_what_is_there(house: House, run: Run, tmp_path: Path) -> None:
    house.attach(house.draft())
    copies, keys, word = tmp_path / "copies", tmp_path / "apart" / "keys", "รหัสผ่านของไฟล์กุญแจ"
    made = run("backup", "make", copies, "--keys", keys, input=f"{word}\n{word}\n")
    checked = run("backup", "check", copies)
    refused = run("backup", "restore", copies, "--keys", keys, "--passphrase", word)
    without = run("backup", "make", copies)

    assert made.exit_code == checked.exit_code == without.exit_code == 0
    assert "เก็บแยก" in made.output and "ยังไม่ได้สำรองกุญแจ" in without.output and "คัดลอกใหม่ 0" in without.output
    assert "ฐานข้อมูล sqlite ถูกต้อง" in checked.output
    assert refused.exit_code == 1 and "เฉพาะที่ว่าง" in refused.output
    assert MASTER_KEY in run("backup", "master-key", keys, "--passphrase", word).output
    assert "ไม่พบสำเนา" in run("backup", "check", tmp_path / "nowhere").output


def test_a_backup_comes_back_into_an_empty_place_and_is_verified(house: House, run: Run, tmp_path: Path) -> None:
    for _ in range(3):
        register_letter(house.office, actor=house.ours["central_clerk"], incoming_id=house.incoming().id)
    file = house.attach(house.draft()).sha256.hex
    run("backup", "make", tmp_path / "copies", "--keys", tmp_path / "keys", "--passphrase", "รหัสผ่านของไฟล์กุญแจ")
    settings = replace(house.real.settings, data_folder=tmp_path / "new", database_url=f"sqlite:///{tmp_path / 'n.db'}")
    elsewhere = build(settings, clock=house.clock)
    for name in ("settings", "services", "reading", "writing"):
        object.__setattr__(house.real, name, getattr(elsewhere, name))
    told = run(
        "backup",
        "restore",
        tmp_path / "copies",
        "--keys",
        tmp_path / "keys",
        env={"SARABAN_BACKUP_PASSPHRASE": "รหัสผ่านของไฟล์กุญแจ"},
    )

    assert told.exit_code == 0
    assert "เลข 1–3 ใช้ 3 จอง 0 ยกเลิก 0 ขาด 0" in told.output and "ตรวจแล้วครบถ้วน" in told.output
    assert ("เว้นตราและเวลาที่ยังตรวจผู้ออกไม่ได้" in told.output) == (house.real.settings.roots_file is None)
    assert f"กู้คืนสำเนาของ {office_time(house.clock.now()):%Y-%m-%d %H:%M} น. แล้ว" in told.output
    assert (tmp_path / "new/blobs" / file[:2] / file).exists()


def test_a_backup_names_what_the_disk_gives_back_damaged(house: House, run: Run, tmp_path: Path) -> None:
    file = house.attach(house.draft()).sha256.hex
    blob = house.real.settings.blobs_folder / file[:2] / file
    blob.chmod(0o600)
    blob.write_bytes(b"spoiled")
    told = run("backup", "make", tmp_path / "copies")

    assert told.exit_code == 1 and file in told.output


def test_a_part_of_the_journal_is_written_to_a_file_once(house: House, run: Run, tmp_path: Path) -> None:
    house.draft()
    package = tmp_path / "journal.zip"
    words = ("journal", "export", package, "--agency")
    made, again, unknown = run(*words, "onep"), run(*words, "onep"), run("journal", "export", "x.zip", "--agency", "x")
    never = run(
        "journal", "export", tmp_path / "n.zip", "--agency", "onep", "--since", "2020-01-01", "--until", "2020-01-02"
    )

    assert made.exit_code == 0 and "ส่งออก 1 รายการ ตั้งแต่ 2026-08-25 ถึง 2026-11-23" in made.output
    assert "journal.jsonl" in zipfile.ZipFile(package).namelist()
    assert again.exit_code == 1 and "มีไฟล์" in again.output
    assert "ไม่มีส่วนราชการรหัส" in unknown.output
    assert "ไม่มีเหตุการณ์" in never.output and not (tmp_path / "n.zip").exists()
