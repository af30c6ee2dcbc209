"""The client of the virus scanner: what clamd says, in the words of the house."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from saraban.mail.clamd import Clamd, NoScanner
from saraban.usecases.viruses import ScannerAway, TooLargeToScan
from tests.fakes import EICAR, FakeClamd
from tests.mailservers.real_clamd import RealClamd


def test_a_virus_has_its_name_and_what_is_clean_none() -> None:
    with FakeClamd() as daemon:
        scanner = Clamd(daemon.where)

        assert scanner.on
        assert scanner.virus_in(b"x" * 200_000 + EICAR) == "Eicar-Signature"
        assert scanner.virus_in(b"nothing") == scanner.virus_in(b"") == ""


def test_what_is_too_large_for_it_is_said_apart() -> None:
    with FakeClamd(most=100_000) as daemon, pytest.raises(TooLargeToScan):
        Clamd(daemon.where).virus_in(b"x" * 8_000_000)


@pytest.mark.parametrize("answer", [b"stream: Something ERROR\0", b"\0", b"UNKNOWN COMMAND\0", b"stream: OK FOUND me"])
def test_an_answer_that_is_none_never_means_clean(answer: bytes) -> None:
    with FakeClamd(answer=answer) as daemon, pytest.raises(ScannerAway):
        Clamd(daemon.where).virus_in(b"x")


def test_nobody_there_is_said_in_thai(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    for where in (f"127.0.0.1:{port}", str(tmp_path / "no.sock")):
        with pytest.raises(ScannerAway, match="ตัวตรวจไวรัสไม่ตอบ"):
            Clamd(where, timeout_seconds=1).virus_in(b"x")


def test_one_that_listens_and_says_nothing_is_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(ScannerAway):
        Clamd(f"127.0.0.1:{server.getsockname()[1]}", timeout_seconds=0.2).virus_in(b"x")


def test_without_a_scanner_nobody_looks() -> None:
    assert not NoScanner().on and NoScanner().virus_in(EICAR) == ""


def test_a_real_clamd_agrees(real_clamd: RealClamd) -> None:
    scanner = Clamd(real_clamd.where)

    assert "Eicar" in scanner.virus_in(EICAR) and scanner.virus_in(b"nothing") == ""
    with pytest.raises(TooLargeToScan):
        scanner.virus_in(b"x" * 3_000_000)

    real_clamd.down()
    with pytest.raises(ScannerAway):
        scanner.virus_in(b"nothing")
