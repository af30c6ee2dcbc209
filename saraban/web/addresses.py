"""The administrator's page of the agency's address, and of the telephones and mail addresses of its units."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.errors import BadInput
from saraban.domain.numbering import arabic_digits
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.reading import people
from saraban.usecases import addresses
from saraban.usecases.addresses import Reach
from saraban.web.filters import official_digits, thai_digits

bp = Blueprint("addresses", __name__, url_prefix="/admin/address")


@bp.get("")
def index() -> ResponseReturnValue:
    """What is printed now."""
    address, units = addresses.addresses(services(), actor=actor())
    typed = {f"{name}.{unit.code}": getattr(unit, name) for unit in units for name in ("phone", "email")}
    return _page("\n".join(map(thai_digits, address)), typed | {"address": ""})


@bp.post("")
def save() -> ResponseReturnValue:
    """Write down what was typed."""
    address = request.form.get("address", "").replace("\r\n", "\n")
    lines = [" ".join(arabic_digits(line).split()) for line in address.split("\n")]
    _, units = addresses.addresses(services(), actor=actor())
    reach = {
        unit.code: Reach(_line(f"phone.{unit.code}", unit.phone), _line(f"email.{unit.code}", unit.email))
        for unit in units
    }
    try:
        addresses.set_addresses(services(), actor=actor(), address=[line for line in lines if line], units=reach)
    except BadInput as error:
        return _page(address, dict(request.form), error.fields), 422
    refresh_reader()
    flash("บันทึกแล้ว ใช้กับหนังสือที่ออกต่อจากนี้", "green")
    return redirect(url_for(".index"))


def _line(name: str, kept: str) -> str:
    return " ".join(arabic_digits(request.form.get(name, kept)).split())


def _page(address: str, typed: dict[str, str], errors: dict[str, str] | None = None) -> str:
    _, units = addresses.addresses(services(), actor=actor())
    words = {name: official_digits(text) for name, text in (errors or {}).items()}
    names = {f"phone.{unit.code}": f"โทรศัพท์ {unit.name}" for unit in units}
    names |= {f"email.{unit.code}": f"ไปรษณีย์อิเล็กทรอนิกส์ {unit.name}" for unit in units} | {"address": "ที่อยู่"}
    return render_template(
        "admin/address.html",
        agency=people.agency(reader(), actor().agency_id),
        address=address,
        units=units,
        typed=typed,
        errors=words,
        error_rows=[(name, names.get(name, name), text) for name, text in words.items()],
    )
