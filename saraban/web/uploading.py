"""Forms whose files are sent by script, which shows how far they have come (static/js/uploading.js): a redirect is told
to it in a header, for a browser that follows one behind the page would use the message up that the next page shows."""

from __future__ import annotations

from flask import Flask, Response, request

ASKED, GO_TO = "X-Upload", "X-Go-To"


def install(app: Flask) -> None:
    """Answer these forms by the header."""

    @app.after_request
    def tell(answer: Response) -> Response:
        if (
            request.method == "POST"
            and request.headers.get(ASKED) == "1"
            and answer.location
            and answer.status_code < 400
        ):
            answer.headers[GO_TO] = answer.location
            del answer.headers["Location"]
            answer.status_code = 200
            answer.set_data(b"")
        return answer
