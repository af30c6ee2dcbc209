"""What anybody sees of the documents of a kind: at the page of a code, and in the public register of its agency.

Legal ground: section 13 of the Act on electronic work of the state 2565, by which licences are published, and sections
22 to 24 of the Personal Data Protection Act, by which no more of a person is shown than that takes.
"""

from __future__ import annotations

from saraban.domain.issued_field import HOLDER, NEVER_PUBLIC, KindField


class ShownToThePublic:
    """The part of a kind's definition that says what anybody sees."""

    fields: tuple[KindField, ...]
    is_public: bool
    holder_public: bool
    may_download: bool
    in_register: bool
    holder_in_register: bool

    @property
    def public_fields(self) -> tuple[KindField, ...]:
        """The fields that the public sees."""
        return tuple(one for one in self.fields if one.public and one.type not in NEVER_PUBLIC)

    @property
    def register_fields(self) -> tuple[KindField, ...]:
        """The fields that the public register shows: some of those that the public sees."""
        return tuple(one for one in self.public_fields if one.in_register)

    @property
    def register_names_holder(self) -> bool:
        """Does the public register show and find holders by their names?"""
        return self.holder_public and self.holder_in_register

    @property
    def register_leads_to_page(self) -> bool:
        """May the register lead to the pages of the codes? Only where these tell no more than it does itself: whoever
        has the register has all its codes, and with them all that stands there, the file too where it may be had."""
        tells_more = self.holder_public and not self.holder_in_register
        return not (self.may_download or tells_more) and self.register_fields == self.public_fields

    @property
    def register_shows(self) -> tuple[str, ...] | None:
        """What the public register shows of a document besides number, days and state; None where it has none."""
        if not (self.in_register and self.is_public):
            return None
        return (*([HOLDER] if self.register_names_holder else []), *(one.shown for one in self.register_fields))
