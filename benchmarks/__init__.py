"""Figures of speed, each beside a reference that is measured in the same run: `make bench`, `make bench NAME=register`.

A benchmark is a module of this package with three names:

- `SIZE`: the default size, a whole number that the module explains;
- `ROUNDS` (optional): how many rounds, at least five, which is the default;
- `figures(size, databases)`: yields a `Figure` for each thing to measure. It may set things up before a `yield` and
  tidy up after it, for each figure is measured before the next one is asked for.

Absolute speed belongs to a machine; a ratio to what the same machine does with nothing of ours in between can be
promised. Goals are therefore ratios. Start reading in `frame`.
"""
