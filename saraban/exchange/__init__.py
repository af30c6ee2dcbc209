"""The wire: letters into bytes and bytes into verdicts, without a network and without a table.

A letter leaves as one mail to one agency::

    headers                                             compose.py, envelope.py
    └─ multipart/signed  (S/MIME by the seal, a courtesy to mail programs)
       ├─ multipart/mixed
       │   ├─ text/plain        the cover for people
       │   ├─ application/pdf   the issued page, then the enclosures
       │   ├─ manifest.json     canonical JSON (RFC 8785): who, what, and the SHA-256 of every file      manifest.py
       │   └─ manifest.json.p7s the evidence: detached CAdES over the bytes of manifest.json
       └─ smime.p7s

and comes back as sealed statements (receipts.py) or as bounces (bounces.py). Two agencies lay their lists side by side
with a sealed question and a sealed answer (reconcile.py); an officer looks a document up at
its issuer in the same way (lookup.py). What arrives is read tolerantly
(parse.py), asked one question at a time (checks.py) and judged by an ordered list (screening.py: the policy).
Sealing and verifying are done by `crypto` through the ports of the use cases; this room only says over which bytes.
"""
