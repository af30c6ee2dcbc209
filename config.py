"""The values of the configuration, from the environment and from the data folder.

SARABAN_DATA         folder of database, blobs and keys (default: var/)
DATABASE_URL         postgresql://… ; default: SQLite in the data folder
SARABAN_SECRET_KEY   signs sessions; SARABAN_MASTER_KEY encrypts the seal keys
SARABAN_MAIL_FILE    mail.toml: the mailboxes by agency code (default: mail.toml in the data folder)
SARABAN_SCANS        folder with one folder for each agency, named by its code, into which scanners write (default:
                     scans/ in the data folder)
SARABAN_ROOTS        PEM file of the roots that seals of other agencies may chain to
SARABAN_LICENSED_ROOTS  PEM file of the roots of licensed providers of certificates; signatures that chain to them are
                     of the third kind (ขมธอ. 23-2563), those that chain to SARABAN_ROOTS of the second
SARABAN_CRLS         folder with revocation lists, *.crl in DER or PEM (default: crls/ in the data folder)
SARABAN_PKCS11_MODULE  the library (.so) of the makers of officers' signing tokens; without it keys lie in files only
SARABAN_TSA_URL      a time-stamping authority (RFC 3161) for issued letters, seals inside files and the daily closes;
                     without it nothing is time-stamped
SARABAN_TSA_ROOTS    PEM file of the roots that its certificate chains to (default: SARABAN_ROOTS)
SARABAN_TSA_TIMEOUT  seconds that it may take to answer (default: 15)
SARABAN_PUBLIC_URL   the address by which anybody reaches this installation, https://…; it stands in the QR codes of
                     issued pages, which have none without it
SARABAN_PUBLIC_ANSWER_SECONDS  for how long a process gives out of memory what it told of a document that is verified
                     (default: 5; 0 for never, at most 15); caches are told so much less, half a minute in all
SARABAN_CLAMD        the socket of the virus scanner clamd, a path or host:port; mail waits and uploads are
                     refused while it does not answer; nothing is scanned without it
SARABAN_RELAY_CONNECTIONS  connections that a worker has to one mail relay at once (default: 4; 0 for no limit)
SARABAN_RELAY_PER_MINUTE  messages a minute that a worker gives to one mail relay (default: 1200; 0 for no limit)
A demo keeps its own secrets in demo/secrets.json under the data folder; a real installation sets the environment.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from saraban.settings import AgencyMail, MailServer, Settings, SettingsError

ROOT = Path(__file__).resolve().parent


def data_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where this installation keeps everything."""
    return Path(environ.get("SARABAN_DATA", ROOT / "var")).expanduser().resolve()


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process. Raises SettingsError with what has to be set."""
    data = data_folder(environ)
    secrets = _demo_secrets(data)
    demo = bool(secrets) and "SARABAN_SECRET_KEY" not in environ
    return Settings(
        data_folder=data,
        database_url=environ.get("DATABASE_URL") or f"sqlite:///{data / 'saraban.db'}",
        secret_key=environ.get("SARABAN_SECRET_KEY", secrets.get("secret_key", "")),
        master_key=environ.get("SARABAN_MASTER_KEY", secrets.get("master_key", "")),
        roots_file=_path(environ.get("SARABAN_ROOTS")) or (data / "demo" / "roots.pem" if demo else None),
        licensed_roots_file=_path(environ.get("SARABAN_LICENSED_ROOTS")),
        crls_folder=_path(environ.get("SARABAN_CRLS")),
        scans_folder=_path(environ.get("SARABAN_SCANS")),
        mail=load_mail(_path(environ.get("SARABAN_MAIL_FILE")) or data / "mail.toml", environ),
        demo=demo,
        secure_cookies=environ.get("SARABAN_INSECURE_COOKIES", "1" if demo else "") != "1",
        trusted_proxies=int(environ.get("SARABAN_TRUSTED_PROXIES", "0")),
        font_family=environ.get("SARABAN_FONT", "TH Sarabun New"),
        senders=int(environ.get("SARABAN_SENDERS", "3")),
        relay_connections=int(environ.get("SARABAN_RELAY_CONNECTIONS", "4")),
        relay_messages_per_minute=int(environ.get("SARABAN_RELAY_PER_MINUTE", "1200")),
        lease_seconds=float(environ.get("SARABAN_LEASE_SECONDS", "60")),
        session_hours=int(environ.get("SARABAN_SESSION_HOURS", "10")),
        login_limit=environ.get("SARABAN_LOGIN_LIMIT", "10 per minute"),
        pkcs11_module=_path(environ.get("SARABAN_PKCS11_MODULE")),
        tsa_url=environ.get("SARABAN_TSA_URL", ""),
        tsa_roots_file=_path(environ.get("SARABAN_TSA_ROOTS")) or _roots_of_the_demos_time(data, demo),
        public_url=environ.get("SARABAN_PUBLIC_URL", "").rstrip("/"),
        public_answer_seconds=float(environ.get("SARABAN_PUBLIC_ANSWER_SECONDS", "5")),
        clamd=environ.get("SARABAN_CLAMD", "").strip(),
        tsa_timeout_seconds=float(environ.get("SARABAN_TSA_TIMEOUT", "15")),
    )


def _roots_of_the_demos_time(data: Path, demo: bool) -> Path | None:
    """What the demo's own authority chains to: a command beside the running demo checks its stamps as well."""
    roots = data / "demo" / "time-roots.pem"
    return roots if demo and roots.is_file() else None


def load_mail(path: Path, environ: Mapping[str, str] = os.environ) -> dict[str, AgencyMail]:
    """The mailboxes of a mail.toml: [CODE.smtp] and [CODE.imap] with host, port, security, user, password (or
    password_env, the name of a variable), ca_file, timeout_seconds, and for imap the folder. Raises SettingsError with
    the place of what is wrong."""
    if not path.exists():
        return {}
    try:
        sections = tomllib.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise SettingsError(f"{path}: อ่านเป็น TOML ไม่ได้: {error}") from error
    return {
        code: AgencyMail(
            smtp=_server(path, code, "smtp", section, environ), imap=_server(path, code, "imap", section, environ)
        )
        for code, section in sections.items()
    }


def _server(path: Path, code: str, door: str, section: Mapping[str, Any], environ: Mapping[str, str]) -> MailServer:
    try:
        values = dict(section[door])
        variable = values.pop("password_env", None)
        if variable is not None:
            if not environ.get(variable):
                raise SettingsError(f"ยังไม่ได้ตั้งตัวแปร {variable} ที่ password_env ระบุ")
            values["password"] = environ[variable]
        if values.get("ca_file"):
            values["ca_file"] = Path(values["ca_file"])
        return MailServer(**values)
    except SettingsError as error:
        raise SettingsError(f"{path}: ส่วน [{code}.{door}]: {error}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise SettingsError(f"{path}: ส่วน [{code}.{door}] ไม่ครบหรือไม่ถูกต้อง: {error}") from error


def _demo_secrets(data: Path) -> dict[str, str]:
    path = data / "demo" / "secrets.json"
    return json.loads(path.read_text()) if path.exists() else {}


def _path(text: str | None) -> Path | None:
    return Path(text).expanduser().resolve() if text else None
