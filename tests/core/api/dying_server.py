"""A server that is killed after its first commit and before its answer, for the test of retries."""

from __future__ import annotations

import os
import signal
import sys

from flask import Response
from werkzeug.serving import make_server

from neighbourly.app import create_app


def die(_response: Response) -> Response:
    """What the transaction wrote is true by now; nobody hears of it."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise SystemExit


app = create_app()
app.after_request(die)
server = make_server("127.0.0.1", 0, app)
print(server.server_port, flush=True, file=sys.stdout)
server.serve_forever()
