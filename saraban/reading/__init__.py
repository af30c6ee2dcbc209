"""What screens and the API show: plain SELECTs to frozen rows.

Nothing here writes. Every function takes a connection for reading first and, where rows belong to somebody, the actor
who looks; `scope.py` holds the one predicate of who sees what. Rows are frozen dataclasses without lazy parts, so a
template cannot send a query by accident.
"""
