"""Reads a page of the site as a browser would."""

from __future__ import annotations

from html.parser import HTMLParser


class Reader(HTMLParser):
    """What a browser would see of a page: tags in order, text, and which text lies in a closed <details>."""

    VOID = {"meta", "link", "img", "input", "br", "hr", "wbr"}

    def __init__(self, markup: str):
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.open: list[str] = []
        self.seen = ""  # outside of <details>, but for summaries
        self.folded = ""
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> in {self.open[-3:]}"
        self.open.pop()

    def handle_data(self, data):
        inside = "details" in self.open and "summary" not in self.open and "nav" not in self.open
        self.folded += data if inside else ""
        self.seen += "" if inside else data

    def all(self, tag: str) -> list[dict]:
        return [attributes for name, attributes in self.tags if name == tag]
