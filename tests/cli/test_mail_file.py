"""The mailboxes of the machine's own file: what stands there is used, what is wrong is told with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

import config
from saraban.bootstrap import _fixed
from saraban.settings import Settings, SettingsError

GOOD = """
[opdc.smtp]
host = "smtp.example.go.th"
port = 587
security = "starttls"
user = "saraban@example.go.th"
password_env = "OPDC_PASSWORD"

[opdc.imap]
host = "imap.example.go.th"
port = 993
security = "tls"
user = "saraban@example.go.th"
password_env = "OPDC_PASSWORD"
folder = "Saraban/In"
"""
ENVIRONMENT = {"OPDC_PASSWORD": "รหัสของกล่อง"}


def loaded(folder: Path, text: str, environ: dict[str, str] | None = None) -> Settings:
    """The settings of an installation with this file, its accounts looked at as at every start."""
    (folder / "mail.toml").write_text(text)
    mail = config.load_mail(folder / "mail.toml", ENVIRONMENT if environ is None else environ)
    settings = Settings(folder, "sqlite://", "0123456789" * 4, "master", mail=mail)
    _fixed(settings)
    return settings


def test_a_file_names_servers_folder_and_the_variable_of_the_password(tmp_path: Path) -> None:
    accounts = _fixed(loaded(tmp_path, GOOD))

    imap, smtp = accounts["opdc", "imap"], accounts["opdc", "smtp"]
    assert (imap.folder, imap.port, imap.password) == ("Saraban/In", 993, "รหัสของกล่อง")
    assert (smtp.host, smtp.security, smtp.folder) == ("smtp.example.go.th", "starttls", "INBOX")


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("port = 587", 'port = "587"', "port ต้องเป็นตัวเลข"),
        ("port = 587", "port = 99999", "หมายเลขพอร์ต"),
        ('security = "starttls"', 'security = "none"', "ภายในเครื่องเดียวกัน"),
        ('security = "starttls"', 'security = "ssl"', "starttls, tls หรือ none"),
        ("port = 587", 'port = 587\nca_file = "/nowhere/root.pem"', "ca_file /nowhere/root.pem"),
        ("port = 587", 'port = 587\ntimeout_seconds = "ten"', "timeout_seconds"),
        ("port = 587", "prt = 587", "prt"),
        ('host = "smtp.example.go.th"', 'host = ""', "host ต้องเป็นข้อความ"),
        ("[opdc.smtp]", "[opdc.smpt]", "opdc.smtp"),
        ("[opdc.smtp]", "[opdc.smtp", "อ่านเป็น TOML ไม่ได้"),
    ],
)
def test_what_is_wrong_in_it_stops_the_start_with_its_place(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    with pytest.raises(SettingsError) as refused:
        loaded(tmp_path, GOOD.replace(right, wrong, 1))

    assert told in str(refused.value) and "mail.toml" in str(refused.value)
    assert "รหัสของกล่อง" not in str(refused.value)


def test_a_variable_that_is_not_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"\[opdc.smtp\].*OPDC_PASSWORD"):
        loaded(tmp_path, GOOD, {})
