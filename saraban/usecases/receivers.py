"""Whom a letter may go to: agencies of the directory, receivers of the agency's own list, and groups of both. Shared by
those who draft, sign and send."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency, AgencyId, Correspondent, PersonId
from saraban.domain.calendar import office_date
from saraban.domain.content import Content
from saraban.domain.dispatch import HALF, Dispatch, DispatchId
from saraban.domain.errors import BadInput, NotFound, RuleBroken
from saraban.domain.group import EVERYBODY, EVERYBODY_NAME, UNDER, GroupUse, group_id_of, is_group
from saraban.domain.letter import Letter
from saraban.usecases.books import UnitOfWork
from saraban.usecases.ports import Services

RECEIPT_AWAITED = timedelta(hours=72)
ORDINARY_AWAITED = timedelta(days=15)
_HEADROOM = 60_000


@dataclass(frozen=True)
class Offered:
    """A group to choose: its name, and the codes of its members that may be written to now."""

    name: str
    members: tuple[str, ...]


def receivers_of(
    uow: UnitOfWork, agency_id: AgencyId, codes: Sequence[str], *, also_retired: bool = False
) -> Mapping[str, Correspondent]:
    """Who stands under these codes in a letter of the agency: agencies of the directory, or receivers outside it by
    their addresses, thousands in a few statements. Those that nobody knows, or that are off the list when a retired
    one will not do, are left out."""
    found = dict(uow.directory.by_codes(codes))
    outside = {code.strip().lower(): code for code in codes if "@" in code and code not in found}
    for outsider in uow.outsiders.by_mailboxes(agency_id, list(outside)) if outside else ():
        if outsider.active or also_retired:
            found[outside[outsider.mailbox]] = outsider.as_correspondent()
    return found


def receiver_names(uow: UnitOfWork, agency_id: AgencyId, codes: Sequence[str]) -> list[str]:
    """The names of a letter's receivers, in their order; one that nobody knows any more by its code."""
    found = receivers_of(uow, agency_id, [code for code in codes if not is_group(code)], also_retired=True)
    if any(is_group(code) for code in codes):
        return [_group_name(uow, agency_id, code) if is_group(code) else _name(found, code) for code in codes]
    return [_name(found, code) for code in codes]


def _name(found: Mapping[str, Correspondent], code: str) -> str:
    return found[code].name if code in found else code


def _group_name(uow: UnitOfWork, agency_id: AgencyId, token: str) -> str:
    if token == EVERYBODY:
        return EVERYBODY_NAME
    if token.startswith(UNDER):
        parent = uow.directory.by_code(token.removeprefix(UNDER))
        return f"ส่วนราชการในสังกัด{parent.name if parent is not None else token.removeprefix(UNDER)}"
    group_id = group_id_of(token)
    try:
        return f"กลุ่ม {uow.groups.get(agency_id, group_id).name}" if group_id is not None else token
    except NotFound:
        return token


def dispatch_to(letter: Letter, code: str, found: Correspondent | None, now: datetime) -> Dispatch:
    """A new dispatch of an issued letter to who was found under this code. RuleBroken when nobody stands there any
    more, or when the letter is larger than they take."""
    if found is None or (found.valid_to is not None and found.valid_to < office_date(now)):
        raise RuleBroken(f"ไม่พบส่วนราชการรหัส “{code}” ในทำเนียบแล้ว", code="unknown-receiver")
    wire_size = sum(_encoded_size(f.size) for f in letter.files_to_send) + _HEADROOM
    if wire_size > found.max_bytes:
        raise RuleBroken(f"หนังสือนี้ใหญ่เกินที่{found.name}รับได้ ({found.max_bytes // 1_000_000} MB)", code="too-large")
    made = Dispatch(
        id=DispatchId(uuid4()),
        agency_id=letter.agency_id,
        letter_id=letter.id,
        to_code=found.code,
        to_name=found.name,
        to_mailbox=found.mailbox,
        speaks_saraban=found.speaks_saraban,
        created_at=now,
        expires_at=now + _awaited(found),
    )
    made.warn_at = made.warned_after(HALF)
    return made


def _awaited(to: Correspondent) -> timedelta:
    return RECEIPT_AWAITED if to.speaks_saraban else ORDINARY_AWAITED


def _encoded_size(size: int) -> int:
    return (size + 56) // 57 * 78


def require_seal(office: Services, agency: Agency, now: datetime) -> None:
    """Raise RuleBroken unless the agency has a seal that is valid now."""
    try:
        office.seals.sealer(agency.code, now)
    except NotFound as error:
        raise RuleBroken(
            "ส่วนราชการนี้ยังไม่มีตราประทับอิเล็กทรอนิกส์ที่ใช้ได้ ลงทะเบียนหนังสือกระดาษได้ แต่ส่งทางไปรษณีย์อิเล็กทรอนิกส์ไม่ได้ ติดต่อผู้ดูแลระบบ",
            code="no-seal",
        ) from error


def groups_offered(uow: UnitOfWork, agency_id: AgencyId, person_id: PersonId | None, on: date) -> dict[str, Offered]:
    """The groups that a person may choose, by their words: those that are kept, the whole directory, and the agencies
    under each one that has others under it."""
    own = uow.agencies.get(agency_id).code
    listed = [one for one in uow.directory.listed(on) if one.code != own]
    in_force = {one.code for one in listed}
    outside = {one.code for one in uow.outsiders.listed(agency_id)}
    offered = {
        group.token: Offered(group.name, tuple(code for code in group.members if code in in_force or code in outside))
        for group in uow.groups.seen_by(agency_id, person_id)
    }
    if listed:
        offered[EVERYBODY] = Offered(EVERYBODY_NAME, tuple(one.code for one in listed))
    below: dict[str, list[Correspondent]] = {}
    for one in listed:
        if one.parent and one.parent != one.code:
            below.setdefault(one.parent, []).append(one)
    names = {one.code: one.name for one in uow.directory.listed(on)}
    for parent in sorted(below, key=lambda code: names.get(code, code)):
        members = tuple(one.code for one in _under(parent, below))
        offered[f"{UNDER}{parent}"] = Offered(f"ส่วนราชการในสังกัด{names.get(parent, parent)}", members)
    return offered


def with_members(uow: UnitOfWork, actor: Actor, content: Content, on: date) -> Content:
    """The content with the groups' members of that day in the place of the groups, each receiver once. Raises BadInput
    for a group that is there no more or has nobody in it."""
    chosen = content.chosen
    if not any(is_group(code) for code in chosen):
        return content
    offered = groups_offered(uow, actor.agency_id, actor.person_id, on)
    found = {code: None for code in chosen if not is_group(code)}
    uses = []
    for token in dict.fromkeys(code for code in chosen if is_group(code)):
        group = offered.get(token)
        if group is None:
            raise BadInput({"recipients": _gone(token, content)})
        if not group.members:
            raise BadInput({"recipients": f"กลุ่ม “{group.name}” ไม่มีผู้รับแล้ว เอาออกหรือเพิ่มสมาชิกก่อน"})
        new = [code for code in group.members if code not in found]
        found |= dict.fromkeys(new)
        uses.append(GroupUse(token, group.name, len(new)))
    return replace(content, recipients=tuple(found), groups=tuple(uses))


def _gone(token: str, content: Content) -> str:
    name = next((f" “{one.name}”" for one in content.groups if one.token == token), "")
    return f"ไม่พบกลุ่มผู้รับ{name}แล้ว เอาออกแล้วเลือกใหม่"


def _under(parent: str, below: Mapping[str, Sequence[Correspondent]]) -> list[Correspondent]:
    """All agencies under this one, at any depth, each once."""
    found: dict[str, Correspondent] = {}
    waiting = [parent]
    while waiting:
        for one in below.get(waiting.pop(), ()):
            if one.code not in found:
                found[one.code] = one
                waiting.append(one.code)
    return sorted(found.values(), key=lambda one: (one.name, one.code))
