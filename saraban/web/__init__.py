"""The screens: a view checks a form, makes one call and chooses a page.

Nothing here knows the equipment (storage, mail, crypto, rendering) and nothing here decides; rules live in the domain,
deeds in the use cases, rows for the eye in `saraban.reading`. Start with `filters.py` (Thai words, dates and digits)
and with `templates/base.html` and `templates/components/` (the kit that every screen is built of).
"""
