"""Lists of the archive that every door prints alike: ทะเบียนหนังสือเก็บ of a year and what is lent out."""

from __future__ import annotations

from saraban.domain.agency import ListHead
from saraban.domain.calendar import office_date
from saraban.doorway import actor, reader, services
from saraban.reading import kept_lists, lending, people
from saraban.reading.archive import KeptLine
from saraban.usecases import archive_sheets


def store_register(year: int) -> bytes:
    """ทะเบียนหนังสือเก็บ (form 20) of a Buddhist year as PDF. Raises NotPermitted."""
    lines = [_stored(one) for one in kept_lists.register(reader(), actor(), year) if one.item is not None]
    return archive_sheets.register_pdf(services(), head=list_head(), year=year, lines=lines)


def lent_out() -> bytes:
    """What is lent out now, as PDF with the columns of form 24."""
    found = lending.out(reader(), actor(), office_date(services().clock.now()))
    lines = [(one.loan, called(one.letter)) for one in found]
    return archive_sheets.card_pdf(services(), head=list_head(), lines=lines)


def called(letter: KeptLine) -> str:
    """What stands in รายการ: number and subject, as the reader may know them."""
    return " ".join(filter(None, (letter.line.number, letter.line.subject)))


def _stored(one: KeptLine) -> archive_sheets.StoredLine:
    item = one.item
    assert item is not None
    return archive_sheets.StoredLine(
        item.store_serial or 0,
        item.stored_on,
        f"{one.line.serial}/{one.line.year}" if one.line.kind.incoming else "",
        one.line.number,
        one.line.subject,
        item.file_code,
        one.mark,
        item.state.thai if item.state.gone else item.place.thai,
    )


def list_head() -> ListHead:
    """The head of a list of the archive that is printed today: ministry, agency, and the unit that keeps."""
    return people.list_head(reader(), actor().agency_id, office_date(services().clock.now()))
