"""Saraban: the open e-Saraban (ระบบสารบรรณอิเล็กทรอนิกส์) for Thai government agencies.

It registers, numbers, routes, signs, exchanges and keeps official letters, and proves every step with signed receipts.
Start reading in `saraban.domain` (what things are), then `saraban.usecases` (what people do), then `saraban.bootstrap`
(how the parts are put together).
"""

__version__ = "0.1.0"
