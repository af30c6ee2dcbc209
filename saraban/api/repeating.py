"""POST operations: done once for each Idempotency-Key, answered as JSON in the shape of the document."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import request

from saraban import doorway
from saraban.doorway.idempotency import do_once, once_key
from saraban.usecases.ports import Services

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
_SECRETS = {"passphrase"}
Json = dict[str, Any]


def once(
    work: Callable[[Services], Json], rebuild: Callable[[UUID], Json], *, asked: object = None
) -> tuple[Json, dict[str, str]]:
    """The answer of the work and the headers that go with it; a repeat gets the first answer.

    `asked` takes the place of the JSON body in the fingerprint where the body is not JSON. Passphrases stay out of it:
    a fast hash of one must not lie in the database.
    """
    said = asked if asked is not None else _body()
    query = sorted(request.args.items(multi=True))
    key = once_key(doorway.actor(), request.headers.get(HEADER), request.method, request.path, query, said)
    done = do_once(key, work, rebuild)
    doorway.refresh_reader()
    return done.answer, {REPLAYED: "true"} if done.repeated else {}


def once_made(make: Callable[[Services], UUID], shown: Callable[[UUID], Json]) -> Any:
    """The answer to making something, whose id `make` gives: 201 and how it is shown."""

    def work(office: Services) -> Json:
        made = make(office)
        doorway.refresh_reader()
        return shown(made)

    answer, headers = once(work, shown)
    return answer, 201, headers


def once_done(deed: Callable[[Services], object], id_: UUID, shown: Callable[[UUID], Json], status: int = 200) -> Any:
    """The answer to a deed on what has this id: how it is shown afterwards."""

    def work(office: Services) -> Json:
        deed(office)
        doorway.refresh_reader()
        return shown(id_)

    answer, headers = once(work, lambda _: shown(id_))
    return answer, status, headers


def once_gone(work: Callable[[Services], object], id_: UUID) -> Any:
    """The answer to taking away what has this id: the id (`GoneShape`)."""

    def done(office: Services) -> Json:
        work(office)
        return {"id": str(id_)}

    answer, headers = once(done, lambda gone: {"id": str(gone)})
    return answer, 200, headers


def _body() -> Json:
    data = request.get_data(cache=True)
    sent = json.loads(data) if data.strip() else {}
    return {name: part for name, part in sent.items() if name not in _SECRETS}
