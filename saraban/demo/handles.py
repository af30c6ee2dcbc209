"""demo.json: where everything is, for people and programs that try the demo from outside."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from saraban.demo.places import HOSTED, PEER_CODE, own_address
from saraban.demo.preparing import HubPlan, agencies_of_directory, mailbox_of

NAME = "demo.json"


def write_handles(data: Path, url: str, plan: HubPlan) -> Path:
    """Write demo.json, renamed into place; paths inside are absolute."""
    demo = data / "demo"
    accounts: list[dict[str, Any]] = json.loads((demo / "accounts.json").read_text())
    names = {row["code"]: row["name_th"] for row in agencies_of_directory()}
    value = {
        "url": url,
        "roots_pem": str(demo / "roots.pem"),
        "directory": str(demo / "directory.json"),
        "agencies": [
            {
                "code": place.code,
                "name": place.name,
                "mailbox": mailbox_of(place.code),
                **_doors(plan, mailbox_of(place.code)),
                "users": [
                    {k: a[k] for k in ("role", "username", "password", "token", "passphrase") if k in a}
                    | {"mail": _doors(plan, own_address(a["username"]))["imap"]}
                    for a in accounts
                    if a["agency_code"] == place.code
                ],
            }
            for place in HOSTED
        ],
        "peer": {
            "code": PEER_CODE,
            "name": names[PEER_CODE],
            "mailbox": mailbox_of(PEER_CODE),
            **_doors(plan, mailbox_of(PEER_CODE)),
            "seal_pem": str(demo / "peer-seal.pem"),
            "seal_key_pem": str(demo / "peer-seal-key.pem"),
        },
    }
    path, temporary = data / NAME, data / (NAME + ".new")
    temporary.write_text(json.dumps(value, ensure_ascii=False, indent=1))
    os.chmod(temporary, 0o600)
    os.replace(temporary, path)
    return path


def _doors(plan: HubPlan, address: str) -> dict[str, Any]:
    return {
        door: {
            "host": "127.0.0.1",
            "port": port,
            "security": "none",
            "user": address,
            "password": plan.accounts[address],
        }
        for door, port in (("smtp", plan.smtp_port), ("imap", plan.imap_port))
    }
