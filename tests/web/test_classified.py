"""A classified letter asks for the password again before it opens."""

from __future__ import annotations

from datetime import timedelta

from saraban.domain.classification import Secrecy
from tests.web.installation import PASSWORD, Installation


def test_a_classified_letter_opens_with_the_password_and_only_for_a_while(town: Installation) -> None:
    letter_id = town.submitted(subject="แผนที่ปกปิด", secrecy=Secrecy.CONFIDENTIAL)
    director = town.client("reading-director")
    assert "แผนที่ปกปิด" not in director.get("/desk/batches").text
    client, address = director.client, f"/desk/{letter_id}"

    asked = client.get(address)
    assert asked.status_code == 403 and "แผนที่ปกปิด" not in asked.text and "ใส่รหัสผ่านเข้าระบบของท่านอีกครั้ง" in asked.text
    assert client.get(f"/letters/{letter_id}/pages/1.png").status_code == 403
    wrong = director.send(f"/classified/{letter_id}", {"password": "ผิด", "next": address})
    assert wrong.status_code == 422 and client.get(address).status_code == 403

    opened = director.send(f"/classified/{letter_id}", {"password": PASSWORD, "next": address})
    assert opened.headers["Location"] == address and "แผนที่ปกปิด" in client.get(address).text
    away = director.send(f"/classified/{letter_id}", {"password": PASSWORD, "next": "//elsewhere.example"})
    assert away.headers["Location"] == "/"
    town.clock.pass_by(timedelta(minutes=15))
    assert client.get(address).status_code == 403


def test_who_may_not_read_a_classified_letter_hears_of_none(town: Installation) -> None:
    letter_id = town.submitted(secrecy=Secrecy.SECRET)
    for who in ("reading-plan-director", "learning-head"):
        assert town.client(who).client.get(f"/desk/{letter_id}").status_code == 404
    open_one = town.submitted()
    assert town.client("reading-director").client.get(f"/desk/{open_one}").status_code == 200
