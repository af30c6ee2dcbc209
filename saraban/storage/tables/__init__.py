"""The tables, by subject. Every row that belongs to an agency carries its `agency_id`."""

<<<<<<< HEAD
from saraban.storage.tables import closing, exchange, journal, letters, people, registers, templates, verification
from saraban.storage.tables.metadata import metadata

__all__ = ["closing", "exchange", "journal", "letters", "metadata", "people", "registers", "templates", "verification"]
=======
from saraban.storage.tables import closing, exchange, journal, letters, mail, people, registers, verification
from saraban.storage.tables.metadata import metadata

__all__ = ["closing", "exchange", "journal", "letters", "mail", "metadata", "people", "registers", "verification"]
>>>>>>> bb4bef5 (Mailboxes can be connected: settings and a locked secret in the database, one or several for an agency, taken up by the running worker)
