"""The mail service of the demo: submission (SMTP) and mailboxes (IMAP) in a process of its own, on loopback.

It stands in for the mail service of the government so that a laptop can show the whole way of a letter. What it has
said 250 to is on the disk; it survives a kill at any moment. It relays to nobody: every recipient is an account of its
own. Start in `service.py`; then `submission.py` and `imap_session.py` (the two doors), `delivery.py` and `store.py`.
"""

from saraban.mail.hub.service import Hub, run_hub
from saraban.mail.hub.settings import HubAccount, HubPorts, HubSettings

__all__ = ["Hub", "HubAccount", "HubPorts", "HubSettings", "run_hub"]
