"""Time-stamps from a real authority on loopback (of openssl, and one whose clock the tests set), and from liars."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import tsp
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID

import config
from saraban.crypto.cms import HeldKey
from saraban.crypto.timestamp import LARGEST_ANSWER, HttpTimeStamper
from saraban.domain.attachment import Digest
from saraban.domain.errors import RuleBroken
from saraban.settings import SettingsError
from tests.crypto.authority import STAMPING, Answering, authority, dummy, long_lived_root, served
from tests.crypto.ministry import AT, YEAR, another_root, openssl, rsa_key, the_root

DIGEST = Digest.of(b"the root of a day")
OTHER = Digest.of(b"another day")
_CONFIG = """
[tsa]
default_tsa = it
[it]
serial = serial
crypto_device = builtin
signer_digest = {digest}
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = {binding}
clock_precision_digits = 3
tsa_name = yes
"""


def stamper(url: str, root: HeldKey | None = None, timeout_seconds: float = 10.0) -> HttpTimeStamper:
    return HttpTimeStamper(url, [(root or long_lived_root()).pem], timeout_seconds=timeout_seconds)


def token_of(answer: Answering) -> bytes:
    with served(answer) as url:
        token = stamper(url).stamp(DIGEST)
    assert token is not None
    return token


def refusal(answer: Answering, status: int = 200, drip: float = 0.0, root: HeldKey | None = None) -> str:
    with served(answer, status, drip) as url, pytest.raises(RuleBroken) as caught:
        stamper(url, root, timeout_seconds=1.0).stamp(DIGEST)
    assert caught.value.code == "time-stamp"
    return caught.value.thai


def test_without_an_authority_nothing_is_stamped() -> None:
    assert HttpTimeStamper("", []).stamp(DIGEST) is None


def test_a_command_beside_the_demo_knows_the_roots_of_its_time_stamps(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "secrets.json").write_text(json.dumps({"secret_key": "s" * 40, "master_key": "m" * 40}))
    environ = {"SARABAN_DATA": str(tmp_path)}
    assert config.load(environ).tsa_roots_file is None
    (tmp_path / "demo" / "time-roots.pem").write_text("")

    assert config.load(environ).tsa_roots_file == tmp_path / "demo" / "time-roots.pem"
    real = environ | {"SARABAN_SECRET_KEY": "s" * 40, "SARABAN_MASTER_KEY": "m" * 40}
    assert config.load(real).tsa_roots_file is None, "an installation that names its own secrets is no demo"


def test_the_environment_names_the_authority(tmp_path: Path) -> None:
    environ = {"SARABAN_DATA": str(tmp_path), "SARABAN_SECRET_KEY": "s" * 40, "SARABAN_MASTER_KEY": "m" * 40}
    assert config.load(environ).tsa_url == ""
    named = environ | {"SARABAN_TSA_URL": "https://tsa.example/", "SARABAN_TSA_TIMEOUT": "3"}
    with pytest.raises(SettingsError, match="SARABAN_TSA_ROOTS"):
        config.load(named)
    with pytest.raises(SettingsError, match="https"):
        config.load(named | {"SARABAN_TSA_URL": "file:///etc/passwd"})

    settings = config.load(named | {"SARABAN_TSA_ROOTS": str(tmp_path / "tsa.pem")})

    assert (settings.tsa_roots_file, settings.tsa_timeout_seconds) == (tmp_path / "tsa.pem", 3)


def test_without_a_root_a_good_stamp_cannot_be_checked_and_a_wrong_one_stays_wrong() -> None:
    token, bare = token_of(dummy()), HttpTimeStamper("", [])

    without, other = bare.check(token, DIGEST), bare.check(token, OTHER)

    assert (without.good, without.checkable) == (False, False) and without.reason.startswith("ตรวจไม่ได้")
    assert (other.good, other.checkable) == (False, True)
    assert not stamper("", another_root()).check(token, DIGEST).good
    assert stamper("", another_root()).check(token, DIGEST).checkable, "a root that does not fit is an answer"


def test_a_stamp_tells_when_and_by_whom() -> None:
    status = stamper("").check(token_of(dummy()), DIGEST)

    assert (status.good, status.at, status.by, status.reason) == (True, AT, "ผู้ประทับรับรองเวลา", "")


@pytest.mark.parametrize("kind", ["RSA-2048", "P-256", "P-384"])
@pytest.mark.parametrize("binding", ["sha1", "sha256"])
def test_the_authority_of_openssl_is_understood_and_openssl_understands_us(
    tmp_path: Path, kind: str, binding: str
) -> None:
    curves = {"P-256": ec.SECP256R1, "P-384": ec.SECP384R1}
    held = authority(key=ec.generate_private_key(curves[kind]()) if kind in curves else rsa_key(2048))
    digest = "sha384" if kind == "P-384" else "sha256"
    (tmp_path / "tsa.cnf").write_text(_CONFIG.format(digest=digest, binding=binding))
    (tmp_path / "serial").write_text("01\n")
    (tmp_path / "tsa.pem").write_text(held.pem)
    (tmp_path / "roots.pem").write_text(long_lived_root().pem)
    private = held.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "tsa.key").write_bytes(private)

    def answer(query: bytes) -> bytes:
        (tmp_path / "query.tsq").write_bytes(query)
        files = ("-queryfile", "query.tsq", "-signer", "tsa.pem", "-inkey", "tsa.key", "-out", "reply.tsr")
        made = openssl("ts", "-reply", "-config", "tsa.cnf", *files, folder=tmp_path)
        assert made.returncode == 0, made.stderr
        return (tmp_path / "reply.tsr").read_bytes()

    before = datetime.now(UTC)
    token = token_of(answer)
    status = stamper("").check(token, DIGEST)

    assert status.good, status
    assert status.at is not None
    assert abs(status.at - before) < timedelta(minutes=1)
    (tmp_path / "token.der").write_bytes(token)
    checked = openssl(
        *("ts", "-verify", "-digest", DIGEST.hex, "-in", "token.der", "-token_in", "-CAfile", "roots.pem"),
        folder=tmp_path,
    )
    assert b"Verification: OK" in checked.stdout, checked.stderr


def test_a_stamp_stays_good_when_the_authority_has_long_expired() -> None:
    then = AT - 3 * YEAR
    token = token_of(dummy(authority(until=AT - YEAR), at=then))

    assert stamper("").check(token, DIGEST).good


class TestLiars:
    def test_a_stamp_over_something_else(self) -> None:
        def swap(query: bytes) -> bytes:
            asked = tsp.TimeStampReq.load(query)
            asked["message_imprint"]["hashed_message"] = OTHER.raw
            return dummy()(asked.dump(force=True))

        assert "ของข้อมูลอื่น" in refusal(swap)

    def test_an_old_answer_played_again(self) -> None:
        kept: list[bytes] = []

        def again(query: bytes) -> bytes:
            kept.append(dummy()(query))
            return kept[0]

        with served(again) as url:
            asking = stamper(url)
            assert asking.stamp(DIGEST)
            with pytest.raises(RuleBroken, match="nonce"):
                asking.stamp(DIGEST)

    def test_an_answer_without_a_nonce(self) -> None:
        def without(query: bytes) -> bytes:
            asked = tsp.TimeStampReq.load(query)
            bare = {"version": 1, "message_imprint": asked["message_imprint"], "cert_req": True}
            return dummy()(tsp.TimeStampReq(bare).dump())

        assert "nonce" in refusal(without)

    def test_an_authority_that_had_expired(self) -> None:
        assert "ไม่มีผลในเวลานั้น" in refusal(dummy(authority(until=AT - timedelta(days=1))))

    def test_an_authority_below_another_root(self) -> None:
        assert "เชื่อถือ" in refusal(dummy(), root=another_root())
        assert "เชื่อถือ" in refusal(dummy(authority(root=the_root()), at=AT))

    def test_a_certificate_for_other_purposes(self) -> None:
        mail = [ExtendedKeyUsageOID.EMAIL_PROTECTION]
        for held in (authority(purposes=mail), authority(purposes=STAMPING + mail), authority(critical=False)):
            assert "ประทับรับรองเวลาเท่านั้น" in refusal(dummy(held))

    def test_an_authority_that_refuses(self) -> None:
        rejected = tsp.PKIStatusInfo({"status": "rejection"})

        def refuse(_: bytes) -> bytes:
            body = bytes(rejected.dump())
            return b"\x30" + bytes([len(body)]) + body

        assert "rejection" in refusal(refuse)

    @pytest.mark.parametrize("data", [b"", b"<html>", b"\x30\x80", b"\x30\x03\x02\x01\x00", bytes(2000)])
    def test_garbage(self, data: bytes) -> None:
        assert "ผู้ประทับรับรองเวลา" in refusal(lambda _: data)

    def test_an_answer_without_end(self) -> None:
        assert "ใหญ่ผิดปกติ" in refusal(lambda _: bytes(LARGEST_ANSWER + 1))

    def test_slow_ones(self) -> None:
        def sleep(query: bytes) -> bytes:
            time.sleep(1.5)
            return dummy()(query)

        for words in (refusal(sleep), refusal(dummy(), drip=0.01)):
            assert "ไม่ตอบภายในเวลา" in words

    def test_errors_and_detours(self) -> None:
        assert "500" in refusal(dummy(), status=500)
        assert "302" in refusal(dummy(), status=302)

    def test_nobody_there(self) -> None:
        with served(dummy()) as url:
            pass
        with pytest.raises(RuleBroken, match="ติดต่อไม่ได้"):
            stamper(url).stamp(DIGEST)

    def test_a_token_is_over_one_digest(self) -> None:
        status = stamper("").check(token_of(dummy()), OTHER)

        assert (status.good, status.at) == (False, AT)
        assert "ของข้อมูลอื่น" in status.reason

    def test_no_changed_octet_makes_another_time(self) -> None:
        token = token_of(dummy())
        good = stamper("").check(token, DIGEST)
        for place in range(0, len(token), 7):
            for mask in (0x01, 0x80):
                spoiled = bytearray(token)
                spoiled[place] ^= mask
                status = stamper("").check(bytes(spoiled), DIGEST)
                assert not status.good or status.at == good.at

    def test_a_moved_time_breaks_the_signature(self) -> None:
        token = token_of(dummy())
        moved = token.replace(AT.strftime("%Y%m%d%H%M").encode(), b"201501010000")
        assert moved != token

        assert not stamper("").check(moved, DIGEST).good

    def test_a_token_cut_short_never_raises(self) -> None:
        token = token_of(dummy())
        for end in range(0, len(token), 41):
            assert not stamper("").check(token[:end], DIGEST).good
        assert not stamper("").check(token + bytes(LARGEST_ANSWER), DIGEST).good


def test_who_did_not_answer_is_left_in_peace_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []

    def slowly(query: bytes) -> bytes:
        asked.append(query)
        time.sleep(0.6)
        return b""

    with served(slowly) as url:
        ours = stamper(url, timeout_seconds=0.2)
        for words in ("ไม่ตอบภายในเวลา", "ไม่ตอบเมื่อครู่", "ไม่ตอบเมื่อครู่"):
            with pytest.raises(RuleBroken, match=words):
                ours.stamp(DIGEST)
        assert len(asked) == 1
        monkeypatch.setattr("saraban.crypto.timestamp.SILENCE_SECONDS", -1.0)
        another = stamper(url, timeout_seconds=0.2)
        for _ in range(2):
            with pytest.raises(RuleBroken, match="ไม่ตอบภายในเวลา"):
                another.stamp(DIGEST)


def test_an_authority_that_refuses_is_asked_again_at_once() -> None:
    answers = iter([b"no time-stamp", b"still none"])
    with served(lambda query: next(answers)) as url:
        ours = stamper(url)
        for _ in range(2):
            with pytest.raises(RuleBroken, match="อ่านคำตอบไม่ได้"):
                ours.stamp(DIGEST)
