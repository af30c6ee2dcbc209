"""Where things are kept: SQLAlchemy Core on SQLite or PostgreSQL, and blobs on disk.

Entities of the domain are plain dataclasses; a shelf writes one to its row and reads it back by field name, with
statements that are built once (`shelves.py`). No session, no identity map, no lazy loading: a use case gets, changes
and saves. `unit_of_work.py` is the only place with a commit; `journal.py` chains what happened. Start reading there.
"""
