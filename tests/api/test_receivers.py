"""The receivers of a letter by program: their list in pages, a reminder, and their sheet."""

from __future__ import annotations

from saraban import jobs
from tests.api.program import Programs
from tests.web.installation import ELSEWHERE, LEARNING, Installation


def test_a_program_follows_reminds_and_takes_away_the_receivers(town: Installation, programs: Programs) -> None:
    letter = town.dispatched(recipients=(LEARNING, ELSEWHERE))
    town.carry()
    clerk, path = programs["reading-clerk"], f"/letters/{letter}"

    first = clerk.get(f"{path}/receivers?limit=1").get_json()
    second = clerk.get(f"{path}/receivers?limit=1&cursor={first['next']}").get_json()
    both = [*first["items"], *second["items"]]
    assert sorted(one["to"] for one in both) == sorted((LEARNING, ELSEWHERE)) and second["next"] is None
    assert {one["to"]: one["group"] for one in both} == {LEARNING: "received", ELSEWHERE: "sent"}
    [received] = clerk.get(f"{path}/receivers?state=received").get_json()["items"]
    assert received["to"] == LEARNING
    assert clerk.get(f"{path}/receivers?group=trouble").get_json()["items"] == []
    assert clerk.get(f"{path}/receivers?cursor=x").status_code == 422

    one = {"dispatches": [received["id"]]}
    told = [clerk.post(f"{path}/reminders", one, key="one").get_json() for _ in range(2)]
    assert told[0] == told[1] == {"id": str(letter), "again": 0, "mailed": 1, "today": 0, "not_due": 0, "errand": None}
    rest = clerk.post(f"{path}/reminders").get_json()
    assert (rest["again"], rest["mailed"], rest["today"]) == (1, 0, 1)
    assert clerk.post(f"{path}/reminders", {"group": "registered"}).get_json()["mailed"] == 0
    assert clerk.post(f"{path}/reminders", {"dispatches": []}).status_code == 422

    errand = clerk.post(f"{path}/receivers/sheet", {"format": "csv"}, key="sheet")
    assert errand.status_code == 202 and (errand.get_json()["file"], errand.get_json()["silent"]) == (None, False)
    with town.services.uow() as uow:
        uow.errands.claim(town.clock.now(), town.services.lease)
        uow.commit()
    town.clock.pass_by(2 * town.services.lease)
    assert clerk.get(f"/errands/{errand.get_json()['id']}").get_json()["silent"], "its worker was killed"
    for job in jobs.timetable(1):
        job.work(town.services)
    done = clerk.get(f"/errands/{errand.get_json()['id']}").get_json()
    assert done["state"] == "done" and done["file"] is not None
    assert LEARNING in clerk.get(done["file"].removeprefix("/api/v1")).get_data(as_text=True)

    assert programs["reading-head"].post(f"{path}/reminders").status_code == 403
    stranger = programs["learning-clerk"]
    assert stranger.get(f"{path}/receivers").status_code == 404
    assert stranger.post(f"{path}/reminders").status_code == 404
    assert stranger.post(f"{path}/receivers/sheet").status_code == 404
    assert stranger.get(f"/errands/{errand.get_json()['id']}").status_code == 404
