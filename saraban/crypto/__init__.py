"""Seals, signatures, certificates and passwords: the equipment that makes and checks them.

In here: keys in files (`keys.py`), the seal of an agency (`seal.py`), the CMS that it makes (`cms.py`), the check of
what others made (`verify.py`), signatures inside pages by officers (`pades.py`, keys in `officer_keys.py`) and agencies
(`page_seal.py`) with what proves them (`timestamp.py`, `page_proof.py`), the verdicts on signatures inside pages, ours
and foreign ones (`page_check.py`, `page_trust.py`, `page_changes.py`; `page_task.py` does it in a process apart),
password hashes (`passwords.py`) and certificates for demonstrations (`demo_pki.py`). Start with `cms.py`, then
`verify.py`, then `page_check.py`.

This room knows `saraban.domain`, `saraban.exchange` and the ports; it knows no database, no mail and no web, and
draws nothing by itself. Time is always given. Only the files about pages import pyHanko, which is heavy, so a process
that has nothing to do with signed pages should not import them.
"""
