"""No cookies: who calls is told by the `Authorization` header alone, and nothing is remembered between requests."""

from __future__ import annotations

from flask import Flask, Request, Response
from flask.sessions import NullSession, SessionInterface, SessionMixin


class NoCookies(SessionInterface):
    """Flask's session, of which there is none: reading it finds nothing, writing to it is an error."""

    def open_session(self, app: Flask, request: Request) -> NullSession:
        """The empty one."""
        return NullSession()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Nothing to keep."""
