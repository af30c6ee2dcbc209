"""The administrator's pages of what the agency decides for itself, a few decisions a page."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from saraban.domain import abbreviations
from saraban.domain.agency import AgencyOptions
from saraban.domain.copying import SHIPPED_CERTIFIERS, certifiers_of
from saraban.domain.deadline import FIELDS
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.links import SHIPPED_HOSTS, listed_hosts
from saraban.domain.lookup import LIMITS
from saraban.domain.numbering import arabic_digits
from saraban.domain.salutations import SHIPPED, table_of, text_of
from saraban.doorway import actor, office, reader, refresh_reader, services
from saraban.reading import bookkeeping as rows
from saraban.reading import people
from saraban.usecases import bookkeeping
from saraban.web.filters import thai_digits
from saraban.web.forms.amending import show_errors
from saraban.web.forms.options import OptionsForm

bp = Blueprint("options", __name__, url_prefix="/admin/options")


@dataclass(frozen=True)
class OptionsPage:
    """A page of decisions: its name in the address, its title, and which fields of `AgencyOptions` it shows."""

    name: str
    title: str
    fields: tuple[str, ...]


PAGES = (
    OptionsPage("salutations", "คำขึ้นต้นและคำลงท้าย", ("salutations",)),
    OptionsPage("digits", "เลขไทยหรือเลขอารบิก", ("arabic_digits",)),
    OptionsPage("certifiers", "ผู้รับรองสำเนา", ("certifiers",)),
    OptionsPage("seals", "ตราประทับในไฟล์", ("seal_issued", "seal_in_file")),
    OptionsPage("verification", "QR ตรวจสอบบนหนังสือ", ("verifiable", "unmarked_forms", "verify_subject")),
    OptionsPage("ordinary-mail", "ตอบไปรษณีย์ธรรมดา", ("answer_mail",)),
    OptionsPage("links", "QR และลิงก์ในหนังสือเข้า", ("link_hosts",)),
    OptionsPage("number-marks", "ตัวอักษรประจำของส่วนราชการ", ("number_marks",)),
    OptionsPage("petitions", "รับเรื่องจากประชาชน", ("petitions", "petition_days")),
    OptionsPage("lookups", "ตรวจเอกสารกับผู้ออก", tuple(LIMITS)),
    OptionsPage("completed", "แจ้งผู้ส่งเมื่อเรื่องเสร็จ", ("tell_completed",)),
    OptionsPage("deadlines", "กำหนดเวลา", FIELDS),
    OptionsPage("notice-mail", "แจ้งเตือนทางอีเมล", ("digest", "digest_at", "urgent_mail")),
    OptionsPage("ministry", "กระทรวงที่สังกัด", ("ministry",)),
    OptionsPage("postage", "ค่าฝากส่งไปรษณีย์", ("postage_permit",)),
)
"""All of them. A new decision: a field of `AgencyOptions`, `OptionsSet` and `OptionsForm`, a name here, a card in
`admin.CARDS`."""


_COUNTS = dict.fromkeys(FIELDS, "วันทำการ") | {
    "petition_days": "วัน",
    "lookup_keep_days": "วัน",
    "lookup_wait_days": "วัน",
    "lookup_most_a_day": "คำขอ",
}
_NOWHERE = "หนังสือที่ออกยังไม่มี QR เพราะผู้ติดตั้งระบบยังไม่ได้ตั้งที่อยู่สาธารณะ (SARABAN_PUBLIC_URL)"


@bp.get("/<name>")
def show(name: str) -> ResponseReturnValue:
    """The decisions of a page as they stand."""
    page = _page(name)
    kept = rows.options(reader(), actor())
    return _shown(page, OptionsForm(formdata=None, **_written(kept)))


@bp.post("/<name>")
def save(name: str) -> ResponseReturnValue:
    """Write down the decisions of a page; those of other pages stay."""
    page = _page(name)
    kept = rows.options(reader(), actor())
    form = OptionsForm()
    typed: dict[str, Any] = {field: form[field].data for field in page.fields}
    try:
        bookkeeping.set_options(services(), actor=actor(), options=replace(kept, **_read(typed)))
    except BadInput as error:
        show_errors(form, error.fields, page.fields[0])
        return _shown(page, form), 422
    refresh_reader()
    flash("บันทึกการตั้งค่าแล้ว", "green")
    return redirect(url_for(".show", name=name))


def _page(name: str) -> OptionsPage:
    found = next((page for page in PAGES if page.name == name), None)
    if found is None:
        raise NotFound
    return found


def _shown(page: OptionsPage, form: OptionsForm) -> str:
    agency = people.agency(reader(), actor().agency_id)
    lacking = "" if office().settings.public_url or "verifiable" not in page.fields else _NOWHERE
    return render_template("admin/options.html", page=page, form=form, agency=agency, lacking=lacking)


def _written(kept: AgencyOptions) -> dict[str, object]:
    """What is kept, as it stands in the fields; what ships with the system where nothing was decided."""
    return asdict(kept) | {
        "postage_permit": thai_digits(kept.postage_permit),
        "digest_at": thai_digits(kept.digest_at),
        "salutations": text_of(table_of(kept.salutations)),
        "certifiers": "\n".join(certifiers_of(kept.certifiers)),
        "link_hosts": "\n".join(listed_hosts(kept.link_hosts)),
        "number_marks": abbreviations.text_of(abbreviations.marks_of(kept.number_marks)),
        "unmarked_forms": kept.unmarked_forms.split(),
        **{field: thai_digits(getattr(kept, field)) for field in _COUNTS},
    }


def _is_count(text: str) -> bool:
    written = arabic_digits(text)
    return written.isascii() and written.isdigit() and len(written) < 6


def _read(typed: dict[str, Any]) -> dict[str, Any]:
    """What was typed, as it is kept. Text that ships with the system is kept as nothing, so that it follows updates."""
    shipped = {
        "salutations": text_of(SHIPPED),
        "certifiers": "\n".join(SHIPPED_CERTIFIERS),
        "link_hosts": "\n".join(SHIPPED_HOSTS),
        "number_marks": abbreviations.text_of(abbreviations.SHIPPED),
    }
    read = dict[str, Any]()
    for field, value in typed.items():
        if isinstance(value, list):
            value = " ".join(value)
        if isinstance(value, str):
            value = value.replace("\r\n", "\n").strip()
            value = "" if value == shipped.get(field) else value
        read[field] = value
    if wrong := {
        field: f"ใส่จำนวน{days}เป็นตัวเลข" for field, days in _COUNTS.items() if not _is_count(read.get(field, "0"))
    }:
        raise BadInput(wrong)
    read |= {field: int(arabic_digits(read[field])) for field in _COUNTS if field in read}
    if "postage_permit" in read:
        read["postage_permit"] = " ".join(arabic_digits(read["postage_permit"]).split())
    return read
