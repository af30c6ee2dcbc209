"""The list of what names files knows every column in which a digest may stand."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, create_engine, select, text

from saraban.storage.naming import NO_FILES, PLACES
from saraban.storage.tables import metadata
from saraban.storage.types import CanonicalJson, DigestType

SAYS_NO_FILE = {
    # Who, where, when, how many, and words.
    *("agencies.address", "agencies.options", "circulations.to", "delegations.forms", "delegations.units"),
    *("deposit_lists.lines", "directory.capabilities", "directory.certificates", "disposal_lists.agreed"),
    *("disposal_lists.committee", "disposal_lists.confirmed", "disposal_lists.items", "disposal_lists.officers"),
    *("handovers.items", "incoming.findings", "incoming.outer", "incoming.seal", "incoming_endorsements.to"),
    *("issued_documents.values", "issued_kinds.answer_posts", "issued_kinds.answer_units", "issued_kinds.approvers"),
    *("issued_kinds.fields", "issued_kinds.units", "letters.contact", "letters.cosigners", "letters.details"),
    *("letters.groups", "letters.own_course", "letters.recipients", "letters.references", "letters.signatory"),
    *("mailboxes.examination", "meetings.agenda", "notices.told", "own_phrases.phrases", "reader_groups.words"),
    *("receiver_groups.members", "route_templates.steps", "storing_lists.lines", "template_editions.text"),
    *("templates.text", "year_closes.counts"),
    # Digests of what is said, and statements in which files are named that lie here by another column or not at all:
    # manifests, what others wrote, reports, and what a program was answered.
    *("day_closes.signature", "day_closes.statement", "day_closes.time_stamp", "document_lookups.repeats"),
    *("document_lookups.request", "document_lookups.verdict", "evidence.statement", "evidence.verdict"),
    *(
        "handovers.packed",
        "incoming.details",
        "late_stamps.token",
        "once_keys.answer",
        "outbox.manifest",
        "reconciliations.answer",
    ),
    *("reconciliations.own", "reconciliations.repeats", "reconciliations.request", "register_checks.report"),
    "statements.payload",
}


def _columns(*kinds: type) -> set[Column[object]]:
    return {column for table in metadata.sorted_tables for column in table.c if isinstance(column.type, kinds)}


def test_of_every_column_of_digests_it_is_known_whether_it_names_a_file() -> None:
    names = {place.column for place in PLACES if not place.in_text}

    assert {str(one) for one in _columns(DigestType) ^ (names | NO_FILES)} == set()
    assert not names & NO_FILES


def test_of_every_column_of_json_it_is_known_whether_it_names_a_file() -> None:
    names = {str(place.column) for place in PLACES if place.in_text}

    assert {str(one) for one in _columns(CanonicalJson, LargeBinary)} == names | SAYS_NO_FILE
    assert not names & SAYS_NO_FILE


def test_no_place_goes_through_all_that_was_destroyed_for_each_of_its_rows() -> None:
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.connect() as connection:
        for place in PLACES:
            asked = select(place.column).where(place.column.is_not(None), place.where)
            said = asked.compile(engine, compile_kwargs={"literal_binds": True})
            plan = [row[3] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {said}"))]
            of_each = plan[plan.index("CORRELATED SCALAR SUBQUERY 1") :] if len(plan) > 2 else []
            assert not any(step.startswith("SCAN") for step in of_each), (str(place.column), plan)
