"""Thai words of covers and receipts: digits, dates and sizes as people of the office write them."""

from __future__ import annotations

from datetime import date, datetime

from saraban.domain.calendar import long_date, office_date, office_time

_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def thai_digits(text: str) -> str:
    """The text with Thai digits for Arabic ones."""
    return text.translate(_DIGITS)


def thai_date(day: date) -> str:
    """ "๒๒ พฤศจิกายน ๒๕๖๙"."""
    return thai_digits(long_date(day))


def thai_moment(moment: datetime) -> str:
    """ "๒๒ พฤศจิกายน ๒๕๖๙ เวลา ๐๙.๐๕ น." on the clock of the office."""
    return f"{thai_date(office_date(moment))} เวลา {thai_digits(office_time(moment).strftime('%H.%M'))} น."


def thai_size(octets: int) -> str:
    """A size for a person: bytes, kilobytes or megabytes, in Thai digits."""
    if octets < 1000:
        return thai_digits(f"{octets} ไบต์")
    if octets < 1_000_000:
        return thai_digits(f"{octets / 1000:.0f} กิโลไบต์")
    return thai_digits(f"{octets / 1_000_000:.1f} เมกะไบต์")
