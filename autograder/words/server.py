"""The page on this machine alone: an address with a secret in it, and grades that are saved by its own requests only.

A page of another origin does not know the secret, and could not save anything with it: each request must name this
machine, and one that saves must come from the page itself.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from urllib.parse import quote

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from ..course import CourseError
from ..statuses import ByHand
from . import page
from .desk import Card, Desk, Refused
from .questions import Question

HOST = "127.0.0.1"
_NAMES = {HOST, "localhost"}  # by which a browser here may call this machine; a port may be forwarded from another
_MAX_BODY = 1_000_000
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def serve(name: str, questions: Mapping[str, Question], desk: Desk, port: int, on_start: Callable[[str], None]) -> None:
    """Serve the pages until Ctrl-C; `on_start` hears the address, which has a question's id to be added to it.
    Raises CourseError if the port is taken."""

    async def run() -> None:
        try:
            sockets = bind_sockets(port, HOST)
        except OSError as error:
            raise CourseError(f"port {port} cannot be used ({error.strerror}): name another with --port") from error
        token = secrets.token_urlsafe(32)
        server = HTTPServer(application(name, questions, desk, token), max_body_size=_MAX_BODY)
        server.add_sockets(sockets)
        on_start(f"http://{HOST}:{sockets[0].getsockname()[1]}/{token}/")
        await asyncio.Event().wait()

    asyncio.run(run())


def application(name: str, questions: Mapping[str, Question], desk: Desk, token: str) -> Application:
    """What answers requests for the pages of these questions."""
    known = {"name": name, "questions": questions, "desk": desk, "token": token}
    routes = [
        (r"/([^/]*)/words\.css", _Style, known),
        (r"/([^/]*)/words\.js", _Script, known),
        (r"/([^/]*)/([^/]*)/", _Page, known),
        (r"/([^/]*)/([^/]*)/grade", _Give, known),
        (r"/([^/]*)/([^/]*)/undo", _Undo, known),
        (r"/([^/]*).*", _Handler, known),
    ]
    return Application(routes, log_function=lambda handler: None)  # the secret is in every line of a log


class _Handler(RequestHandler):
    """Checks each request before anything else is done. Without methods of its own: nothing is found here."""

    def initialize(self, name: str, questions: Mapping[str, Question], desk: Desk, token: str) -> None:
        self.name, self.questions, self.desk, self._token = name, questions, desk, token

    def set_default_headers(self) -> None:
        for header, value in _HEADERS.items():
            self.set_header(header, value)

    def prepare(self) -> None:
        if self.request.host.partition(":")[0] not in _NAMES:
            return self.refuse(403, f"Open the page at http://{HOST}, not by another name.")
        if not hmac.compare_digest(self.path_args[0].encode(), self._token.encode()):
            return self.refuse(403, "Open the whole address that `autograder words` has printed.")
        if len(self.path_args) > 1 and self.path_args[1] not in self.questions:
            return self.refuse(404, f"{self.name} has no such question.")
        if self.request.method == "POST" and not self._is_from_the_page():
            return self.refuse(403, "Grades are saved from the page itself alone.")
        return None

    def _is_from_the_page(self) -> bool:
        headers = self.request.headers
        return (
            headers.get("Origin") == f"http://{self.request.host}"
            and headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
            and headers.get("Content-Type", "").partition(";")[0] == "application/json"
        )

    def refuse(self, status: int, sentence: str) -> None:
        self.set_status(status)
        if self.request.method == "POST":
            self.finish({"error": sentence})
        else:
            self.set_header("Content-Type", "text/plain; charset=utf-8")
            self.finish(f"{sentence}\n")

    def write_error(self, status_code: int, **_) -> None:
        failed = "This failed, and nothing was saved. The terminal may say why."
        self.refuse(status_code, failed if status_code >= 500 else "There is nothing here.")

    def get(self, *_) -> None:
        self.refuse(404, "There is nothing here.")


class _Style(_Handler):
    def get(self, *_) -> None:
        self.set_header("Content-Type", "text/css; charset=utf-8")
        self.finish(page.style())


class _Script(_Handler):
    def get(self, *_) -> None:
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        self.finish(page.SCRIPT.read_bytes())


class _Page(_Handler):
    def get(self, _: str, question: str) -> None:
        try:
            cards, unread = self.desk.cards(question)
            tallies = {id: self.desk.tally(id) for id in self.questions}
        except Refused as refused:
            return self.refuse(refused.status, f"{refused} Load the page again.")
        left = {id: tally.to_grade for id, tally in tallies.items()}
        self.finish(page.render(self.name, self.questions[question], left, cards, unread, tallies[question]))


class _Post(_Handler):
    """A request that saves something."""

    def post(self, _: str, question: str) -> None:
        try:
            card = self.save(question)
            tally = self.desk.tally(question)
        except Refused as refused:
            return self.refuse(refused.status, str(refused))
        grade = card.grade
        self.finish(
            {
                "grades": card.versions,
                "points": grade.points,
                "by_hand": grade.by_hand.name,
                "comment": grade.comment or "",
                "standing": page.standing(card),
                "tally": page.tally_of(tally),
                "left": {one.name: tally.left[one] for one in ByHand},
            }
        )

    def save(self, question: str) -> Card:
        raise NotImplementedError


class _Give(_Post):
    def save(self, question: str) -> Card:
        return self.desk.give(question, **_given(self.request.body))


class _Undo(_Post):
    def save(self, question: str) -> Card:
        return self.desk.undo(question)


def _given(body: bytes) -> dict:
    """What is to be saved, of a request's body. Raises Refused if it has another form."""
    try:
        said = json.loads(body)
        seen, points, comment = said["grades"], said.get("points"), said.get("comment")
        if not isinstance(seen, dict) or not isinstance(comment, str | None):
            raise TypeError
        if isinstance(points, bool) or not isinstance(points, int | float | None):
            raise TypeError
        points = None if points is None else float(points)
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError):
        raise Refused(400, "Points are a number and a comment is text. Nothing was saved.") from None
    return {"seen": seen, "points": points, "comment": comment}


def address(base: str, question: str) -> str:
    """The page of a question, below the address that `serve` tells."""
    return f"{base}{quote(question, safe='')}/"
