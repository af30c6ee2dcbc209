"""The demo: two agencies with people, keys and letters, the mail hub, and the processes that serve them.

A composition root of its own kind: it may know everybody, and only `app.py` knows it. `places.py` says who is in it,
`preparing.py` makes it once, `running.py` starts and stops the processes, `handles.py` writes demo.json.
Run it with `python -m saraban.demo`.
"""
