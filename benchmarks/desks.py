"""Letters on the desk of the town's head, for the benchmarks of the desk."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from benchmarks.town import NAMES, RECEIVER, Town
from saraban.domain.classification import Urgency
from saraban.domain.letter import Content, Letter, LetterId, LetterState
from saraban.domain.route import RouteStep, StepKind
from saraban.storage.tables.desk import turns
from saraban.storage.tables.letters import letters, route_steps
from saraban.usecases.batching import Wanted

_AT_ONCE = 500
_BODY = (
    "ด้วยสำนักงานปลัดสำนักนายกรัฐมนตรีกำหนดจัดประชุมเชิงปฏิบัติการเรื่องการพัฒนาระบบสารบรรณอิเล็กทรอนิกส์ของหน่วยงานของรัฐ "
    "เพื่อให้ส่วนราชการมีความรู้ความเข้าใจเกี่ยวกับระเบียบสำนักนายกรัฐมนตรีว่าด้วยงานสารบรรณ\n\nจึงเรียนมาเพื่อโปรดทราบ"
)


def put_on_desk(town: Town, count: int) -> list[Wanted]:
    """Letters that wait for the head's signature, of all urgencies, each a minute younger than the one before."""
    head, services = town.head, town.services
    assert head.person_id is not None and head.unit_id is not None and head.position_id is not None
    now = services.clock.now()
    model = Letter(
        id=LetterId(uuid4()),
        agency_id=head.agency_id,
        unit_id=head.unit_id,
        drafter_id=head.person_id,
        drafter_name=head.name,
        content=Content(
            subject="การทดสอบความเร็วของแฟ้มเสนอ",
            addressed_to=f"เรียน อธิบดี{NAMES[RECEIVER]}",
            body=_BODY,
            recipients=(RECEIVER,),
        ),
        created_at=now,
        updated_at=now,
        state=LetterState.SUBMITTED,
        route=[RouteStep(1, StepKind.SIGN, head.position_id, head.title, head.unit_name)],
    )
    with services.uow() as uow:
        uow.letters.add(model)
        uow.letters.save(model)
        uow.commit()
    _copy(town, model, count - 1)
    engine = town.office.writing
    if engine.dialect.name == "postgresql":  # what a database does by itself
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE letters, route_steps, turns")
    return [Wanted(model.id, model.version)]


def signable(town: Town, count: int) -> list[Wanted]:
    """Letters of which each has a text of its own, as they are signed one after the other."""
    first = put_on_desk(town, 1)[0]
    services, made = town.services, []
    with services.uow() as uow:
        model = uow.letters.get(town.head.agency_id, first.letter_id)
        for _ in range(count):
            body = f"{model.content.body} ({uuid4().hex[:12]})"
            letter = replace(
                model,
                id=LetterId(uuid4()),
                version=1,
                content=replace(model.content, body=body),
                route=[replace(step) for step in model.route],
                endorsements=[],
            )
            uow.letters.add(letter)
            uow.letters.save(letter)
            made.append(Wanted(letter.id, letter.version))
        uow.commit()
    return made


def _copy(town: Town, model: Letter, count: int) -> None:
    ranks = list(Urgency)
    with town.office.writing.connect() as connection, connection.begin():
        rows = {
            table: connection.execute(select(table).where(column == model.id)).mappings().one()
            for table, column in (
                (letters, letters.c.id),
                (route_steps, route_steps.c.letter_id),
                (turns, turns.c.letter_id),
            )
        }
        for start in range(0, count, _AT_ONCE):
            numbers = range(start, min(count, start + _AT_ONCE))
            ids: dict[int, UUID] = {number: uuid4() for number in numbers}
            connection.execute(
                insert(letters), [{**rows[letters], "id": ids[n], "urgency": ranks[n % len(ranks)]} for n in numbers]
            )
            connection.execute(insert(route_steps), [{**rows[route_steps], "letter_id": ids[n]} for n in numbers])
            connection.execute(
                insert(turns),
                [
                    {
                        **rows[turns],
                        "letter_id": ids[n],
                        "haste": n % len(ranks),
                        "since": rows[turns]["since"] - timedelta(minutes=n),
                    }
                    for n in numbers
                ],
            )
