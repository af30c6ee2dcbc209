"""Thai words, digits, dates and sizes, as officers read them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask, render_template_string

from saraban.domain.classification import Form, Secrecy, Urgency
from saraban.domain.receipt import Step
from saraban.web import filters

MORNING = datetime(2026, 11, 23, 1, 32, tzinfo=UTC)
NEW_YEAR_IN_BANGKOK = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_digits_become_thai_and_nothing_stays_nothing() -> None:
    assert filters.thai_digits("นร 1201/67") == "นร ๑๒๐๑/๖๗"
    assert filters.thai_digits(0) == "๐"
    assert filters.thai_digits(None) == ""


def test_counts_keep_their_thousands_apart() -> None:
    assert filters.count(1204) == "๑,๒๐๔"
    assert filters.count(None) == ""


def test_a_circulars_number_does_not_break_over_a_line() -> None:
    assert filters.letter_number("นร 0106/ว 67") == "นร\u00a0๐๑๐๖/ว\u00a0๖๗"


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("day", "๒๓ พ.ย."),
        ("short", "๒๓ พ.ย. ๒๕๖๙"),
        ("long", "๒๓ พฤศจิกายน ๒๕๖๙"),
        ("full", "วันจันทร์ที่ ๒๓ พฤศจิกายน ๒๕๖๙"),
    ],
)
def test_a_date_has_four_writings(form: str, words: str) -> None:
    assert plain(filters.thai_date(date(2026, 11, 23), form)) == words


def test_an_unknown_writing_of_a_date_is_refused() -> None:
    with pytest.raises(ValueError, match="form"):
        filters.thai_date(date(2026, 11, 23), "american")


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_has_its_two_names(month: int) -> None:
    short = plain(filters.thai_date(date(2026, month, 1), "day"))
    long = filters.thai_date(date(2026, month, 1), "long")

    assert short.endswith(".") and short.split()[1][0] == long.split()[1][0]


def test_a_moment_is_shown_on_the_clock_and_day_of_bangkok() -> None:
    assert plain(filters.thai_time(MORNING)) == "๐๘.๓๒ น."
    assert plain(filters.thai_datetime(NEW_YEAR_IN_BANGKOK)) == "๑ ม.ค. ๒๕๗๐ ๐๐.๐๐ น."
    assert filters.buddhist_year(NEW_YEAR_IN_BANGKOK) == "๒๕๗๐"
    assert filters.iso(MORNING) == "2026-11-23T08:32:00+07:00"
    assert filters.iso(date(2026, 11, 23)) == "2026-11-23"


def test_no_moment_is_shown_as_nothing() -> None:
    shown = [show(None) for show in (filters.thai_date, filters.thai_time, filters.thai_datetime, filters.iso)]

    assert shown == ["", "", "", ""]


def test_a_moment_without_a_zone_is_refused_rather_than_guessed() -> None:
    naive = datetime(2026, 11, 23, 8, 32)  # noqa: DTZ001

    for show in (filters.thai_date, filters.thai_time, filters.thai_datetime, filters.iso, filters.buddhist_year):
        with pytest.raises(ValueError, match="zone"):
            show(naive)


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (0, "๐ ไบต์"),
        (999, "๙๙๙ ไบต์"),
        (1000, "๑ KB"),
        (28_400, "๒๘ KB"),
        (999_499, "๙๙๙ KB"),
        (999_999, "๑ MB"),
        (2_300_000, "๒.๓ MB"),
        (25_000_000, "๒๕ MB"),
        (50_000_000_000, "๕๐ GB"),
        (5_400_000_000_000, "๕,๔๐๐ GB"),
    ],
)
def test_sizes_read_like_the_limits_do(octets: int, words: str) -> None:
    assert plain(filters.size(octets)) == words


def test_every_state_of_the_house_has_a_thai_word_and_a_known_shape() -> None:
    letters = "draft submitted endorsed signing part-signed issued dispatched closed returned withdrawn"
    incoming = "held new registered refused superseded answered set-aside forwarded recalled replaced"
    dispatches = "queued sent relayed received invalid undelivered refused forwarded recalled registered completed"

    assert set(filters.LETTER_STATES) == set(letters.split())
    assert set(filters.INCOMING_STATES) == set(incoming.split())
    assert set(filters.DISPATCH_STATES) == set(dispatches.split())
    for words in filters.STATES.values():
        assert all(word.thai and not word.thai.isascii() for word in words.values())
        assert {word.tone for word in words.values()} <= {"", "hot", "wait", "act", "done"}


def test_one_code_may_have_a_word_for_each_kind() -> None:
    assert filters.state_label("registered", "incoming") == "ลงรับแล้ว"
    assert filters.state_label("registered", "dispatch") == "ลงทะเบียนแล้ว"


def test_a_state_without_a_word_is_shown_as_it_is_and_a_wrong_kind_is_refused() -> None:
    assert filters.state_label("mislaid", "letter") == "mislaid"
    with pytest.raises(KeyError):
        filters.state_label("draft", "parcel")


def test_every_step_of_a_receipt_has_a_thai_word() -> None:
    assert [step for step in Step if filters.step_label(step) == step.value] == []


def test_a_rung_that_is_awaited_does_not_read_as_done() -> None:
    assert filters.step_label("received") == "ถึงกล่องแล้ว"
    assert filters.step_label("received", awaited=True) == "ถึงกล่องผู้รับ"


def test_evidence_weighs_most_when_sealed_and_least_by_telephone() -> None:
    weights = [
        filters.evidence_word(kind).weight for kind in ("receipt", "dsn", "smtp-reply", "link", "reply", "phone")
    ]

    assert weights == [4, 3, 3, 2, 1, 1]
    assert filters.evidence_word("rumour").weight == 0


def test_classes_are_read_from_codes_and_from_the_domain() -> None:
    assert filters.urgency_of("very-urgent") is filters.urgency_of(Urgency.VERY_URGENT) is Urgency.VERY_URGENT
    assert filters.urgency_of(None) is Urgency.NORMAL
    assert filters.secrecy_of("secret") is Secrecy.SECRET
    assert filters.form_label(Form.MEMORANDUM) == "หนังสือภายใน"


def test_an_unknown_secrecy_is_never_shown_as_open() -> None:
    with pytest.raises(ValueError, match="top-secret"):
        filters.secrecy_of("top-secret")


def test_flashes_without_a_category_are_good_news() -> None:
    assert filters.flash_tone("message") == "green"
    assert filters.flash_tone("error") == "red"
    assert filters.flash_tone("something else") == "act"


def an_app() -> Flask:
    app = Flask(__name__)
    filters.register_filters(app)
    app.add_url_rule("/letters", "letters.outgoing", lambda: "")
    return app


def test_a_link_to_a_screen_that_is_not_there_leads_nowhere() -> None:
    with an_app().test_request_context("/"):
        assert filters.link("letters.outgoing", q="ว 67") == "/letters?q=%E0%B8%A7+67"
        assert filters.link("letters.missing") == "#"


def test_arguments_of_the_page_are_replaced_and_taken_away() -> None:
    with an_app().test_request_context("/letters?state=new&state=held&page=3"):
        assert filters.with_args(page=4) == "/letters?state=new&state=held&page=4"
        assert filters.with_args(page=None, state=None) == "/letters"


def test_filters_leave_the_escaping_of_what_people_wrote_alone() -> None:
    app = an_app()
    with app.app_context():
        shown = render_template_string("{{ text | thai_digits }} {{ text | letter_number }}", text="<b>1</b>")

    assert shown == "&lt;b&gt;๑&lt;/b&gt; &lt;b&gt;๑&lt;/b&gt;"


def test_an_icon_that_nobody_drew_is_an_error() -> None:
    with pytest.raises(LookupError, match="unicorn"):
        filters.missing_icon("unicorn")


@pytest.mark.parametrize(
    ("name", "letters"), [("พล.ต.อ. เอก ใจดี", "เอ"), ("ว่าที่ร้อยตรีหญิง ปิ่น สุข", "ปิ่"), ("น.ส. กี๋ มา", "กี๋"), ("นาย", "นา")]
)
def test_a_person_is_told_by_two_letters_of_the_given_name(name: str, letters: str) -> None:
    assert filters.initials(name) == letters
