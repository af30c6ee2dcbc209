"""The network: giving envelopes to a relay (SMTP) and taking mail out of a mailbox (IMAP).

Start in `smtp.py` and `imap.py`, which implement the ports `Transport` and `Mailboxes`; `accounts.py` says where a
mailbox lies and how its connection is protected; `doctor.py` checks a mailbox step by step for the administrator;
`hub/` is the small mail service of the demo. What a mail means is not decided here: bytes go out and come in exactly
as they are, and no table, key or page is known in this room.
"""
