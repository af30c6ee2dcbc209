"""The demo begins with a past: days and a year that were closed, and all of it holds."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from saraban.bootstrap import Office, build
from saraban.demo.books import officer
from saraban.demo.past import DemoClock
from saraban.demo.preparing import plan_hub, prepare
from saraban.domain.calendar import RegisterYear, office_date
from saraban.domain.deposit import DepositState
from saraban.domain.disposal import DisposalState
from saraban.domain.storing import StoringState
from saraban.reading import archive, handovers, kept_lists, lending
from saraban.reading.tasks import orders, tasks_of
from saraban.settings import Settings
from saraban.usecases.auditing import verify_registers


def test_the_demo_has_closed_days_and_a_closed_year_that_hold_and_work_to_do(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    plan = plan_hub(tmp_path)
    clock = DemoClock()
    office = build(
        Settings(
            data_folder=tmp_path,
            database_url=f"sqlite:///{tmp_path / 'saraban.db'}",
            secret_key="x" * 40,
            master_key="y" * 40,
            password_memory_kib=1024,
            roots_file=tmp_path / "demo" / "roots.pem",
        ),
        clock=clock,
    )

    prepare(office, clock)

    last = RegisterYear.containing(clock.now()).buddhist - 1
    for agency_id, code in office.services.hosted():
        found = verify_registers(office.services, agency_id=agency_id)
        assert found.sound, (code, found.faults)
        assert len(found.closes) >= 2 and not any(close.seal for close in found.closes)
        with office.services.uow() as uow:
            closed = uow.closes.year(agency_id, last)
            own = {one.email for one in uow.people.of_agency(agency_id)}
        assert len(own) == 7 and own <= set(plan.accounts), "the hub takes the mail of everybody"
        assert closed is not None or clock.now().month == 1
    clerk, today = officer(office.services, "clerk.opdc"), office_date(clock.now())
    with office.reading.connect() as reader:
        mine, given = (tasks_of(reader, clerk, today, whose=whose).items for whose in ("mine", "given"))
        assert len(orders(reader, clerk, today)) == 2
    assert [len(mine), len(given)] == [1, 1], "one given back by the secretary"
    _has_an_archive(office, today)
    office.close()


def _has_an_archive(office: Office, today: date) -> None:
    """Every list of the archive has something to show, as it stands in the midst of a year."""
    clerk, records = (officer(office.services, f"{name}.opdc") for name in ("clerk", "records"))
    with office.reading.connect() as reader:
        assert len(kept_lists.all_waiting(reader, clerk, kept_lists.Waiting.STORE)) == 3
        years = kept_lists.register_years(reader, records)
        assert sum(len(kept_lists.register(reader, records, year)) for year in years) == 20
        assert [one.state for one in kept_lists.storing_lists(reader, records).items] == [
            *(StoringState.DRAWN, StoringState.RECEIVED),
        ]
        [destroyed] = kept_lists.disposals(reader, records).items
        assert destroyed.state is DisposalState.CONSIDERING and len(destroyed.items) == 8
        assert len(destroyed.members) == 3 and not any(archive.due(reader, records, today).values())
        [held] = kept_lists.held(reader, records).items
        assert "การสรรหา" in held.line.subject
        [lent] = lending.loans(reader, records, lending.Shown.OPEN, today).items
        assert lent.loan.late(today) > 0
        [deposited] = lending.deposits(reader, records).items
        assert deposited.state is DepositState.ACCEPTED
        lists = handovers.handovers(reader, records).items
        assert sorted(one.kind.value for one in lists) == ["21", "22"]
