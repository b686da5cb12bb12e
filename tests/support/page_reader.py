"""Reads a page as a browser would, or more strictly."""

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


class Outline(HTMLParser):
    """Reads a page strictly: each tag must be closed in its place. Keeps tags, attributes and text, by section too."""

    VOID = {"meta", "br", "img", "hr", "wbr"}

    def __init__(self, page: str):
        super().__init__()
        self.open, self.tags, self.attributes, self.sections, self.text = [], [], [], {}, ""
        self._section = None
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attributes] or [(tag, "", "")]
        if tag not in self.VOID:
            self.open.append(tag)
        if tag == "section":
            assert self.open == ["html", "body", "main", "section"]
            self._section = dict(attributes).get("id", "")

    def handle_endtag(self, tag):
        assert tag not in self.VOID and self.open.pop() == tag
        if tag == "section":
            self._section = None

    def handle_data(self, data):
        self.text += data
        if self._section is not None:
            self.sections[self._section] = self.sections.get(self._section, "") + data

    def values(self, name: str) -> list[str]:
        """The values of all attributes of this name."""
        return [value for _, other, value in self.attributes if other == name]
