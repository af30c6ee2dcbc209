"""Seals, signatures, certificates and passwords: the equipment that makes and checks them.

In here: keys in files (`keys.py`), the seal of an agency (`seal.py`), the CMS that it makes (`cms.py`), the check of
what others made (`verify.py`), the officer's signature inside a page (`pades.py`, `page_check.py`), password hashes
(`passwords.py`) and certificates for demonstrations (`demo_pki.py`). Start with `cms.py`, then `verify.py`.

This room knows `saraban.domain`, `saraban.exchange` and the ports; it knows no database, no mail and no web, and
draws nothing by itself. Time is always given. Only `pades.py` and `page_check.py` import pyHanko, which is heavy, so a
process that signs no pages should not import them.
"""
