"""Every address that names a thing, asked by another agency with the true ids of ours: nothing is found."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from sqlalchemy import select
from werkzeug.routing import Rule

from saraban.domain.actor import Actor
from saraban.domain.batch import BatchDeed
from saraban.domain.capacity import Capacity
from saraban.domain.classification import Form
from saraban.domain.content import Content
from saraban.domain.issued_kind import KindDefinition, Stage
from saraban.domain.issued_run import SheetLine
from saraban.domain.keeping import Place
from saraban.domain.loan import Borrower
from saraban.domain.notice import About
from saraban.domain.publication import ChannelKind
from saraban.domain.register import EntryId
from saraban.domain.templates import TemplateText
from saraban.reading import tracking
from saraban.reading.not_taken import not_taken
from saraban.storage.tables.registers import entries
from saraban.usecases import running_issued, visiting
from saraban.usecases.admitting import issue_token
from saraban.usecases.archiving import draw_list, place_paper
from saraban.usecases.asking_issuers import ask_issuer
from saraban.usecases.batching import Wanted, prepare_batch
from saraban.usecases.circulating import circulate
from saraban.usecases.connecting import MailSettings, connect_mailbox
from saraban.usecases.deferring import enter
from saraban.usecases.delegating import Order, enter_delegation
from saraban.usecases.errands import order_errand
from saraban.usecases.groups import keep_group
from saraban.usecases.issuing import Said, define_kind, draft
from saraban.usecases.keeping_templates import make_template
from saraban.usecases.keeping_views import save_view
from saraban.usecases.lending import Asked, ask
from saraban.usecases.outsiders import add_outsider
from saraban.usecases.publishing import open_channel
from saraban.usecases.reconciling import ask_to_reconcile
from tests.builders import a_service
from tests.web.installation import Installation
from tests.web.meeting_town import called, put


def test_no_route_crosses_over_to_another_agency(town: Installation) -> None:
    letter = town.dispatched()
    # A trial mail of ours that came back: not taken in, and nobody else's to read.
    ourselves = b"From: saraban@reading.test\r\nTo: saraban@reading.test\r\nAuto-Submitted: auto-generated\r\n\r\nx\r\n"
    town.hand_in("saraban@reading.test", ourselves)
    town.carry()
    office = town.office
    with office.reading.connect() as reader:
        ours = _actor(town, "reading-clerk")
        mail = not_taken(reader, ours).items[0].id
        sent = tracking.dispatches(reader, ours, UUID(str(letter)))[0]
        entry = reader.execute(select(entries.c.id, entries.c.agency_id)).first()
    assert entry is not None and entry.agency_id == ours.agency_id
    with office.services.uow() as uow:
        page = uow.letters.get(ours.agency_id, letter).files[0].sha256.hex
    errand = order_errand(office.services, actor=ours, kind="register-pdf", title="พิมพ์ทะเบียน", order={})
    day = office.services.clock.now().date()
    compared = ask_to_reconcile(office.services, actor=ours, other_code="0702", since=day, until=day).id
    box = MailSettings("", "", {"user": "saraban", "smtp_host": "m.test", "imap_host": "m.test"}, password="x" * 12)
    mailbox = connect_mailbox(office.services, actor=_actor(town, "reading-admin"), settings=box)
    view = save_view(office.services, actor=ours, screen="registers/sending", name="ด่วน", query="urgency=urgent")
    text = TemplateText("ก", Content(form=Form.ORDER, subject="ก"))
    template = make_template(office.services, actor=_actor(town, "reading-admin"), text=text)
    outsider = add_outsider(office.services, actor=ours, name="โรงเรียนบ้านสวน", mailbox="office@school.example")
    group, _ = keep_group(office.services, actor=ours, name="พวกเรา", text="0702")
    order = Order(
        _actor(town, "reading-head").position_id, Capacity.DEPUTY, day, None, "ที่ 1", day,
        person_id=_actor(town, "reading-director").person_id,
    )  # fmt: skip
    delegation = enter_delegation(office.services, actor=_actor(town, "reading-admin"), order=order).id
    head = _actor(town, "reading-head")
    batch = prepare_batch(office.services, actor=head, deed=BatchDeed.SIGN, wanted=[Wanted(letter, 1)])
    sent_round = circulate(
        office.services, actor=ours, about=About.LETTER, about_id=letter, to=["everybody"], group_name="พวกเรา"
    ).id
    line = EntryId(entry.id)
    place_paper(office.services, actor=ours, entry_id=line, place=Place("คลัง"))
    said, other = Asked("ใช้ในคดี", day, "คำสั่ง ๑"), Borrower("นางยืม", "ผู้อำนวยการกอง", "กรมป่าไม้")
    lent = ask(office.services, actor=_actor(town, "reading-records"), entry_id=line, asked=said, borrower=other)
    visitor = visiting.Visitor("นายมานะ", "บัตร", "ตรวจสิทธิ")
    come = visiting.ask(office.services, actor=_actor(town, "reading-records"), entry_id=line, visitor=visitor)
    deferred = enter(office.services, actor=_actor(town, "reading-admin"), matter=a_service())
    looked_up = ask_issuer(
        office.services,
        actor=ours,
        other_code="0702",
        document_kind="ใบอนุญาต",
        number="1",
        purpose="ก",
        legal_basis="ข",
    ).id
    channel = open_channel(
        office.services, actor=_actor(town, "reading-admin"), kind=ChannelKind.OTHER, name="ก", where="ข"
    )
    kept = draw_list(office.services, actor=ours, entry_ids=[line])
    meeting = called(town)
    said = KindDefinition(code="A", name_th="ใบอนุญาต", text="ก", signer_id=head.position_id, stage=Stage.ON)
    kind = define_kind(office.services, actor=_actor(town, "reading-admin"), said=said)
    document = draft(office.services, actor=ours, kind_id=kind, said=Said("นายเอก"))
    lines = running_issued.keep_lines(office.services, [SheetLine("นายโท")]).hex
    told = {"deed": running_issued.BEGIN, "kind": str(kind), "lines": lines, "name": "ก.xlsx"}
    run = order_errand(office.services, actor=ours, kind=running_issued.ERRAND, title="ก", order=told)
    with office.services.uow() as uow:
        begun = uow.errands.get(ours.agency_id, run)
    office.services.doers[running_issued.ERRAND](office.services, begun, ours, lambda done, total: None)
    values = {
        "run_id": run,
        "meeting_id": meeting.id, "file_id": put(town, meeting, b"x", "a.txt"), "what": "pack",
        "kind_id": kind, "document_id": document, "act": "submit",
        "list_id": kept, "loan_id": lent, "visit_id": come, "thing_id": letter, "circulation_id": sent_round,
        "batch_id": batch, "lookup_id": looked_up, "name": "document-1.pdf", "deferral_id": deferred,
        "agency": "0702", "publication_id": deferred, "channel_id": channel,
        "person_id": ours.person_id, "unit_id": ours.unit_id, "position_id": ours.position_id, "deed": "rename",
        "group_id": group.id, "notice_id": letter, "delegation_id": delegation, "inbox_id": mail,
        "outsider_id": outsider.id, "template_id": template, "mailbox_id": mailbox,
        "errand_id": errand, "reconciliation_id": compared, "view_id": view,
        "letter_id": letter, "incoming_id": letter, "task_id": letter, "order_id": letter,
        "dispatch_id": sent.id, "entry_id": entry.id, "receipt_id": sent.id,
        "sha256": page, "digest": page, "page": 0, "number": 1, "ordinal": 1, "book": "sending", "width": 300,
    }  # fmt: skip
    token, high_token = (issue_token(office.services, username=f"learning-{who}") for who in ("clerk", "admin"))
    stranger = town.app.test_client()
    clerk, administrator = town.client("learning-clerk"), town.client("learning-admin")

    crossed, asked = [], 0
    for rule in town.app.url_map.iter_rules():
        if not any(str(name).endswith("_id") for name in rule.arguments):
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PATCH", "DELETE"}):
            address = _address(town, rule, values)
            if rule.rule.startswith("/api/"):
                bearer = high_token if rule.rule.startswith("/api/v1/organisation/") else token
                answer = stranger.open(address, method=method, json={}, headers={"Authorization": f"Bearer {bearer}"})
            else:
                browser = administrator if rule.rule.startswith("/admin/") else clerk
                answer = browser.get(address) if method == "GET" else browser.send(address)
            asked += 1
            # 415 and 422: the empty body was refused before anything was looked up.
            if answer.status_code not in (404, 415, 422):
                crossed.append((method, rule.rule, answer.status_code))

    assert crossed == []
    assert asked > 40


def _address(town: Installation, rule: Rule, values: dict[str, object]) -> str:
    with town.app.test_request_context():
        return url_for(rule.endpoint, **{name: values[str(name)] for name in rule.arguments})


def _actor(town: Installation, username: str) -> Actor:
    with town.office.services.uow() as uow:
        person = uow.people.by_username(username)
        assert person is not None
        found = uow.people.actor(person.id, town.office.services.clock.now().date())
    assert found is not None
    return found
