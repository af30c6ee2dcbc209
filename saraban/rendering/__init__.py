"""Paper: letters as PDF/A-3a in faultless Thai, the receiving stamp, thumbnails, and the check of uploaded PDFs.

Start with `renderer.py` (the `Renderer` of `usecases.ports`), then `letter.py` (documents of all forms), `forms/`
(what stands where on each), `frame.py` and `pagination.py` (pages), `paper.py` (all measures), `thai.py` (digits,
dates, where a line may end), `shaping.py` and `paragraph.py` (glyphs and lines). `body.py` reads the text of a letter,
a small subset of Markdown, for the page, for DOCX (`docx_letter.py`) and for what differs between two versions
(`redline.py`). `foreign.py` is all that ever touches a PDF that we did not make ourselves, `foreign_docx.py` a Word
file; they run in child processes that `quarantine.py` keeps, with limits of memory and time.

Nothing here knows the database, the network or the clock, and nothing is asked about permission: what is given is
drawn.
"""
