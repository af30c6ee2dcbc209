"""Views of lists that people keep, on the shelf."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, select, update

from saraban.domain.agency import PersonId
from saraban.storage.shelves import Shelf, plain_shelf
from saraban.storage.tables.closing import saved_views
from saraban.usecases.views import SavedView

_views: Shelf[SavedView] = plain_shelf(saved_views, SavedView)
_OF_PERSON = (
    select(saved_views)
    .where(saved_views.c.person_id == bindparam("person"), saved_views.c.screen == bindparam("of_screen"))
    .order_by(saved_views.c.made_at, saved_views.c.id)
)


class ViewBooks:
    """Saved views on the shelf (usecases.views.SavedViews)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, person_id: PersonId, screen: str) -> Sequence[SavedView]:
        """The person's views of a screen, the oldest first."""
        return _views.find(self._connection, _OF_PERSON, {"person": person_id, "of_screen": screen})

    def put(self, view: SavedView) -> None:
        """Keep a view; one of the same id is replaced."""
        self.drop(view.id)
        _views.add(self._connection, view)

    def drop(self, view_id: UUID) -> None:
        """Forget a view."""
        self._connection.execute(delete(saved_views).where(saved_views.c.id == view_id))

    def begin_with(self, person_id: PersonId, screen: str, view_id: UUID | None) -> None:
        """The screen opens with this view of the person, or with none."""
        of_screen = (saved_views.c.person_id == person_id, saved_views.c.screen == screen)
        self._connection.execute(update(saved_views).where(*of_screen).values(is_default=False))
        if view_id is not None:
            chosen = update(saved_views).where(*of_screen, saved_views.c.id == view_id)
            self._connection.execute(chosen.values(is_default=True))
