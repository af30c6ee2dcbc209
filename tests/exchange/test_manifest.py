"""The manifest: its bytes are a promise, and foreign ones are read with suspicion."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saraban.domain.attachment import Digest, Role
from saraban.domain.classification import Form, Secrecy, Urgency
from saraban.exchange.manifest import (
    Contact,
    FileEntry,
    LargeFile,
    Manifest,
    ManifestInvalid,
    Party,
    Reference,
    Signatory,
    read_manifest,
)
from tests.exchange.letters import a_manifest

GOLDEN = (
    '{"addressed_to":"เรียน อธิบดีกรมผู้รับ","contact":{"email":"kk@sender.go.th","phone":"0 2000 0000","unit":"กองกลาง"},'
    '"date":"2026-11-22","expires_at":"2026-11-25T12:00:00+07:00",'
    '"files":[{"media_type":"application/pdf","name":"หนังสือ.pdf","role":"letter",'
    '"sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad","size":3}],'
    '"for":"action","form":"external","from":{"code":"001","mailbox":"saraban@sender.go.th","name":"กรมตัวอย่าง"},'
    '"id":"11111111-1111-4111-8111-111111111111","issued_at":"2026-11-22T12:00:00+07:00","kind":"letter",'
    '"letter":"22222222-2222-4222-8222-222222222222","number":"นร 1201/ว 123",'
    '"references":[{"date":"2026-10-01","number":"นร 1201/99"}],"saraban":1,"secrecy":"open",'
    '"signatory":{"capacity":"self","name":"นายสมมติ ตัวอย่าง","position":"อธิบดี"},'
    '"subject":"ขอความอนุเคราะห์ข้อมูลน้ำท่วม",'
    '"to":{"code":"002","mailbox":"saraban@receiver.go.th","name":"กรมผู้รับ"},"urgency":"normal"}'
).encode()


def members(**changes: Any) -> dict[str, Any]:
    """The members of a good manifest with changes; a change to ... takes the member out."""
    values = {**json.loads(a_manifest().to_bytes()), **changes}
    return {name: value for name, value in values.items() if value is not ...}


def written(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def a_file(**changes: Any) -> dict[str, Any]:
    good = {"name": "ก.pdf", "role": "letter", "media_type": "application/pdf", "size": 1, "sha256": "0" * 64}
    return {**good, **changes}


def test_the_bytes_of_a_manifest_do_not_change_between_versions() -> None:
    assert a_manifest({"หนังสือ.pdf": b"abc"}).to_bytes() == GOLDEN


def test_the_golden_bytes_are_still_read() -> None:
    assert read_manifest(GOLDEN) == a_manifest({"หนังสือ.pdf": b"abc"})


def test_thai_digits_of_a_number_leave_as_arabic_ones() -> None:
    assert json.loads(a_manifest(number="นร ๑๒๐๑/๔๕").to_bytes())["number"] == "นร 1201/45"


def test_unknown_members_are_kept_and_written_again_but_never_win_over_known_ones() -> None:
    data = written(members(colour={"ก": [1, None]}, zz="ก"))

    manifest = read_manifest(data)

    assert manifest.extra == {"colour": {"ก": [1, None]}, "zz": "ก"}
    assert read_manifest(manifest.to_bytes()) == manifest
    assert json.loads(a_manifest(extra={"subject": "ปลอม"}).to_bytes())["subject"] == a_manifest().subject


def test_null_means_absent() -> None:
    nulls = dict.fromkeys(("signatory", "contact", "references", "response_due", "replaces", "large", "for"))

    manifest = read_manifest(written(members(addressed_to=None, **nulls)))

    assert (manifest.signatory, manifest.contact, manifest.references, manifest.large) == (None, None, (), ())
    assert (manifest.addressed_to, manifest.purpose) == ("", "action")


def test_fifty_files_are_read_and_one_more_is_not() -> None:
    fifty = [a_file(name=f"{place}.pdf") for place in range(50)]

    assert len(read_manifest(written(members(files=fifty))).files) == 50
    with pytest.raises(ManifestInvalid):
        read_manifest(written(members(files=[*fifty, a_file(name="51.pdf")])))


def test_a_moment_may_come_in_any_zone_and_is_the_same_moment() -> None:
    manifest = read_manifest(
        written(members(issued_at="2026-11-22T05:00:00Z", expires_at="2026-11-22T07:00:00.5+02:00"))
    )

    assert manifest.issued_at == datetime(2026, 11, 22, 5, tzinfo=UTC)
    assert manifest.expires_at == datetime(2026, 11, 22, 5, 0, 0, 500_000, tzinfo=UTC)


MALFORMED = {
    "empty": b"",
    "not JSON": b"{",
    "a list": b"[]",
    "a number": b"1",
    "not UTF-8": '{"saraban":1}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf" + GOLDEN,
    "TIS-620": GOLDEN.decode().encode("cp874", "ignore"),
    "a repeated key": GOLDEN[:-1] + b',"kind":"letter"}',
    "a repeated inner key": GOLDEN.replace(b'"code":"001"', b'"code":"001","code":"001"'),
    "NaN": GOLDEN[:-1] + b',"x":NaN}',
    "Infinity": GOLDEN[:-1] + b',"x":-Infinity}',
    "a float without end": GOLDEN[:-1] + b',"x":1e999}',
    "an integer outside I-JSON": GOLDEN[:-1] + b',"x":9007199254740993}',
    "an integer of 5,000 digits": GOLDEN[:-1] + b',"x":' + b"9" * 5_000 + b"}",
    "a lone surrogate": GOLDEN[:-1] + b',"x":"\\ud800"}',
    "NUL in a string": GOLDEN[:-1] + b',"x":"\\u0000"}',
    "100 levels": GOLDEN[:-1] + b',"x":' + b"[" * 100 + b"]" * 100 + b"}",
    "100,000 levels": b"[" * 100_000,
    "over 1 MiB": GOLDEN[:-1] + b',"x":"' + b"a" * (1 << 20) + b'"}',
    "trailing words": GOLDEN + b" more",
    "another version": written(members(saraban=2)),
    "version true": written(members(saraban=True)),
    "version as text": written(members(saraban="1")),
    "a receipt": written(members(kind="receipt")),
    "id no UUID": written(members(id="1")),
    "id in braces": written(members(id="{11111111-1111-4111-8111-111111111111}")),
    "id a number": written(members(id=7)),
    "a date of the Buddhist era": written(members(date="2569-11-22")),
    "a week date": written(members(date="2026-W47-7")),
    "a day that is none": written(members(date="2026-02-30")),
    "a date with a time": written(members(date="2026-11-22T00:00:00+07:00")),
    "a moment without zone": written(members(issued_at="2026-11-22T09:00:00")),
    "a moment without T": written(members(issued_at="2026-11-22 09:00:00+07:00")),
    "a moment that is none": written(members(expires_at="2026-11-22T25:00:00+07:00")),
    "an unknown form": written(members(form="poem")),
    "an unknown secrecy": written(members(secrecy="top-secret")),
    "an unknown urgency": written(members(urgency="fast")),
    "an empty subject": written(members(subject=" ")),
    "a subject of another type": written(members(subject=["ก"])),
    "an empty number": written(members(number="")),
    "from a string": written(members(**{"from": "001"})),
    "a mailbox without at": written(members(to={"code": "1", "name": "ก", "mailbox": "saraban"})),
    "a mailbox with a line break": written(members(to={"code": "1", "name": "ก", "mailbox": "a@b.th\nBcc: c@d.th"})),
    "no files": written(members(files=[])),
    "files an object": written(members(files={})),
    "a file a string": written(members(files=["ก.pdf"])),
    "two files of one name": written(members(files=[a_file(), a_file(role="enclosure")])),
    "a file name not NFC": written(members(files=[a_file(name=unicodedata.normalize("NFD", "é.pdf"))])),
    "a file name with a line break": written(members(files=[a_file(name="a\nb")])),
    "a negative size": written(members(files=[a_file(size=-1)])),
    "a size of 1.5": written(members(files=[a_file(size=1.5)])),
    "a size as text": written(members(files=[a_file(size="1")])),
    "a short digest": written(members(files=[a_file(sha256="0" * 63)])),
    "a role unknown": written(members(files=[a_file(role="cover")])),
    "an unknown purpose": written(members(**{"for": "fun"})),
    "a capacity unknown": written(members(signatory={"name": "ก", "position": "ข", "capacity": "king"})),
    "a large file by http": written(
        members(large=[{"name": "a", "url": "http://x.th", "sha256": "0" * 64, "size": 1}])
    ),
}
_REQUIRED = (
    *("saraban", "kind", "id", "letter", "from", "to", "number", "date", "form", "subject", "urgency", "secrecy"),
    *("files", "issued_at", "expires_at"),
)
MALFORMED |= {f"no {name}": written(members(**{name: ...})) for name in _REQUIRED}
MALFORMED |= {f"null {name}": written(members(**{name: None})) for name in _REQUIRED}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_manifest_is_refused_in_thai(data: bytes) -> None:
    with pytest.raises(ManifestInvalid) as refusal:
        read_manifest(data)

    assert refusal.value.thai.startswith("บัญชีแนบซองอ่านไม่ได้")


@given(st.binary(max_size=300) | st.integers(0, len(GOLDEN) - 1).map(lambda cut: GOLDEN[:cut]))
def test_any_bytes_are_either_a_manifest_or_refused(data: bytes) -> None:
    with pytest.raises(ManifestInvalid):
        read_manifest(data)


_plain = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=30).filter(str.strip)
_names = _plain.map(lambda name: unicodedata.normalize("NFC", name)).filter(str.strip)
_days = st.dates(date(1950, 1, 1), date(2200, 1, 1))
_FIRST, _LAST = datetime(2000, 1, 1), datetime(2200, 1, 1)  # noqa: DTZ001 - hypothesis adds the zone
_moments = st.datetimes(_FIRST, _LAST, timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0))
_digests = st.binary(min_size=32, max_size=32).map(lambda data: Digest(data.hex()))
_parties = st.builds(Party, _plain, _plain, st.just("saraban@agency.go.th"))
_files = st.builds(
    FileEntry, _names, st.sampled_from(Role), st.just("application/pdf"), st.integers(0, 2**53 - 1), _digests
)
_numbers = _plain.filter(lambda text: not any("๐" <= character <= "๙" for character in text))


@settings(max_examples=60, deadline=None)
@given(
    st.builds(
        Manifest,
        id=st.uuids(version=4),
        letter=st.uuids(version=4),
        sender=_parties,
        to=_parties,
        number=_numbers,
        date=_days,
        form=st.sampled_from(Form),
        subject=_plain,
        files=st.lists(_files, min_size=1, max_size=5, unique_by=lambda entry: entry.name).map(tuple),
        issued_at=_moments,
        expires_at=_moments.map(lambda moment: moment + timedelta(hours=72)),
        addressed_to=st.just("") | _plain,
        urgency=st.sampled_from(Urgency),
        secrecy=st.sampled_from(Secrecy),
        signatory=st.none() | st.builds(Signatory, _plain, _plain, st.sampled_from(("self", "acting", "by-order"))),
        contact=st.none() | st.builds(Contact, _plain, _plain, _plain),
        references=st.lists(
            st.builds(Reference, _numbers, st.none() | _days, _plain, st.none() | st.uuids(version=4)), max_size=3
        ).map(tuple),
        response_due=st.none() | _days,
        purpose=st.sampled_from(("action", "information")),
        replaces=st.none() | st.uuids(version=4),
        large=st.lists(st.builds(LargeFile, _names, st.just("https://x.go.th/a"), _digests, st.integers(0, 99))).map(
            tuple
        ),
        extra=st.dictionaries(st.just("x-extra"), st.none() | st.integers(-9, 9) | _plain),
    )
)
def test_what_is_written_is_read_back_and_written_alike(manifest: Manifest) -> None:
    data = manifest.to_bytes()

    assert read_manifest(data) == manifest
    assert read_manifest(data).to_bytes() == data
