"""What a letter that came in would lead its reader to: its codes and links with the names of their hosts, read by us so
that nobody has to point a telephone at a hostile page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from saraban.domain.actor import Actor
from saraban.domain.errors import NotFound, RuleBroken
from saraban.domain.incoming import IncomingId, IncomingLetter
from saraban.domain.links import FoundLink, JudgedLink, LinkWay, judge, listed_hosts
from saraban.domain.permissions import may_read_incoming, require
from saraban.usecases.ports import Services

LOOKED_AT = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp", "image/tiff"})
LARGEST_FILE = 40_000_000
_MOST_FILES = 10
_WORDS = re.compile(r"https?://[!-~]+", re.IGNORECASE)


@dataclass(frozen=True)
class LinkedFile:
    """The addresses of one file, or of the words of the mail (`name` empty); `read` is False when it could not be."""

    name: str
    links: tuple[JudgedLink, ...]
    read: bool = True


@dataclass(frozen=True)
class LinkDesk:
    """A letter's files with what was found in each; `hosts` are those that the agency lists."""

    subject: str
    files: tuple[LinkedFile, ...]
    hosts: tuple[str, ...]


def links_of_incoming(office: Services, *, actor: Actor, incoming_id: IncomingId) -> LinkDesk:
    """The addresses in an incoming letter that the actor may read. Raises RuleBroken for mail with a virus or one that
    was put apart."""
    with office.uow() as uow:
        letter = uow.incoming.get(actor.agency_id, incoming_id)
        require(may_read_incoming(actor, letter))
        listed = listed_hosts(uow.agencies.get(actor.agency_id).options.link_hosts)
    if letter.infected or letter.quarantined:
        raise RuleBroken("ระบบกันไปรษณีย์นี้ไว้ จึงไม่อ่าน QR และลิงก์ในนั้น", code="infected")
    ours = urlsplit(office.public_url).hostname
    hosts = (*listed, ours) if ours else listed
    return LinkDesk(letter.subject, tuple(_files(office, letter, hosts)), listed)


def _files(office: Services, letter: IncomingLetter, hosts: tuple[str, ...]) -> Iterator[LinkedFile]:
    mail = dict.fromkeys(one.rstrip(".,;:!?)]}'\"") for one in _WORDS.findall(letter.text))
    if mail:
        yield LinkedFile("", tuple(judge(FoundLink(one, LinkWay.WORDS, 0), hosts) for one in mail))
    for file in [one for one in letter.files if one.media_type in LOOKED_AT][:_MOST_FILES]:
        try:
            data = office.blobs.open(file.sha256) if file.size <= LARGEST_FILE else b""
        except NotFound:
            data = b""
        found = office.file_reader.links(data) if data else None
        yield LinkedFile(file.name, tuple(judge(one, hosts) for one in found or ()), found is not None)
