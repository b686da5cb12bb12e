"""Sees what pages do unseen: errors in the console, requests that fail or that leave this machine."""

from __future__ import annotations

import re
from collections.abc import Mapping

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, Route, WebError

_ELSEWHERE = re.compile(r"^https?://(?!127\.0\.0\.1[:/])")


class Watch:
    """Collects the complaints of all pages of a context.

    No request leaves this machine. Those to an address that starts with a key of `stand_ins` get that content,
    a pair of type and text; every other one is a complaint.
    """

    def __init__(self, context: BrowserContext, stand_ins: Mapping[str, tuple[str, str]]):
        self.complaints: list[str] = []
        self._stand_ins = stand_ins
        context.route(_ELSEWHERE, self._answer)
        context.on("console", self._on_console)
        context.on("weberror", self._on_exception)
        context.on("response", self._on_response)
        context.on("requestfailed", self._on_failure)

    def check(self) -> None:
        """Fail if there was anything to complain about since the last check."""
        complaints, self.complaints = self.complaints, []
        assert not complaints, "\n".join(complaints)

    def _answer(self, route: Route) -> None:
        for address, (kind, text) in self._stand_ins.items():
            if route.request.url.startswith(address):
                return route.fulfill(content_type=kind, body=text)
        self.complaints.append(f"a request left this machine: {route.request.url}")
        return route.abort()

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"console error: {message.text} ({message.location['url']})")

    def _on_exception(self, error: WebError) -> None:
        self.complaints.append(f"uncaught: {error.error} ({error.page.url if error.page else 'a closed page'})")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400:
            self.complaints.append(f"status {response.status}: {response.url}")

    def _on_failure(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # what a page still asked for when it was left
            self.complaints.append(f"{request.failure}: {request.url}")
