"""Work that goes on in this process after the answer was given.

Only for what must not leave the process, such as a key that was opened: it is lost when the process ends, and whoever
ordered it can let it go on. What may be done anywhere is an errand for the worker.
"""

from __future__ import annotations

import threading
from collections.abc import Callable


def in_background(work: Callable[[], None]) -> None:
    """Let the work go on in a thread of its own. It must tell of its failures itself."""
    threading.Thread(target=work, name="background", daemon=True).start()
