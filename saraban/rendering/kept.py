"""Pages of drafts that were drawn a moment ago: who looks at a draft has its pages counted, then each of them drawn."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from saraban.usecases.pages import Page, PageLetter

MOST_BYTES = 16 * 2**20


class KeptPages:
    """The last pages of drafts, as many as there is room for; may be shared by threads. What is printed is the key, so
    that a change is another page. Neither what has a number nor what is classified is kept."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._held = 0
        self._lock = threading.Lock()

    def of(self, letter: PageLetter, draw: Callable[[], Page]) -> Page:
        """The page as it was drawn, or drawn now."""
        if letter.number is not None or letter.date is not None or not letter.secrecy.is_open:
            return draw()
        key = repr(letter)
        with self._lock:
            known = self._pages.get(key)
            if known is not None:
                self._pages.move_to_end(key)
                return known
        page = draw()
        with self._lock:
            if key not in self._pages and len(page.pdf) <= self._most:
                self._pages[key] = page
                self._held += len(page.pdf)
            while self._held > self._most:
                self._held -= len(self._pages.popitem(last=False)[1].pdf)
        return page
