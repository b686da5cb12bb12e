"""What a kernel says, read with suspicion: it is the student's process, and holds the key that signs its messages."""

from __future__ import annotations

from typing import Any

from jupyter_client.session import Session
from nbformat import NotebookNode

from .markup import LEFT_OUT, MAX_IMAGE, MAX_TEXT

MAX_OUTPUTS = 1_000  # of one cell
_CUT = "\n[cut here: the text goes on]"
_TOO_LARGE = "[an output that is too large is left out]"


class GuardedSession(Session):
    """A session that never fails on what it reads.

    What is no proper message becomes one that nobody waits for; the reply to an execution says that it is over,
    nothing more.
    """

    def feed_identities(self, msg_list, copy=True):
        try:
            return super().feed_identities(msg_list, copy)
        except Exception:  # no delimiter, or no list of bytes
            return [], []

    def deserialize(self, msg_list, content=True, copy=True) -> dict[str, Any]:
        try:
            message = super().deserialize(msg_list, content, copy)
        except Exception:  # unsigned, cut off, no JSON, or nested too deep: each means the same here
            return _nonsense()
        parts = [message.get(part) for part in ("header", "parent_header", "metadata", "content")]
        if not all(isinstance(part, dict) for part in parts) or not isinstance(message["msg_type"], str):
            return _nonsense()
        if message["msg_type"] == "execute_reply":
            message["content"] = {"status": "ok"}
        return message


def _nonsense() -> dict[str, Any]:
    empty = {"msg_id": "", "msg_type": "nonsense"}
    return {**empty, "header": dict(empty), "parent_header": {}, "metadata": {}, "content": {}, "buffers": []}


def read_output(message: dict[str, Any]) -> NotebookNode | None:
    """The cell output that a message carries, or None where it carries none.

    It holds only what a notebook file can hold: texts by name. Metadata and richer values are dropped.
    """
    read = _READERS.get(message["msg_type"])
    try:
        return read and NotebookNode(output_type=message["msg_type"], **read(message["content"]))
    except (KeyError, TypeError, AttributeError):
        return None


def _stream(content: dict) -> dict:
    return {"name": "stderr" if content["name"] == "stderr" else "stdout", "text": _text(content["text"])}


def _error(content: dict) -> dict:
    traceback = [_text(line) for line in content["traceback"]]
    return {"ename": _text(content["ename"]), "evalue": _text(content["evalue"]), "traceback": traceback}


def _display(content: dict) -> dict:
    data = {_text(kind): _text(value) for kind, value in content["data"].items()}
    return {"data": NotebookNode(data), "metadata": NotebookNode()}


def _result(content: dict) -> dict:
    return {**_display(content), "execution_count": None}


_READERS = {"stream": _stream, "error": _error, "display_data": _display, "execute_result": _result}


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value.encode("utf-8", "replace").decode()  # a lone surrogate would stop whoever writes this down


class Kept:
    """What is kept of a notebook's outputs for people to read: no more than feedback shows, however much was said.

    Each output ends where feedback would end it; all of them together have at most `characters`. What is cut says so.
    The first error of a cell is kept in any case: it tells what went wrong.
    """

    def __init__(self, characters: int):
        self._left = characters
        self._last: NotebookNode | None = None  # the output that was added last
        self._is_cut = self._is_the_rest = False  # that one: its text, and whether it stands for all that follows

    def add(self, outputs: list[NotebookNode], output: NotebookNode) -> None:
        """Add an output to those of a cell; text of the same stream goes on where it ended."""
        last = outputs[-1] if outputs else NotebookNode()
        if last is not self._last:  # another cell's
            self._is_cut = self._is_the_rest = False
        goes_on = last.get("name") == output.get("name", 0)
        is_cut, the_rest = len(output.get("text", "")) > MAX_TEXT, False
        output = _shortened(output)
        size = _size(output)
        if output.output_type == "error" and not any(one.output_type == "error" for one in outputs):
            pass
        elif self._is_the_rest or goes_on and self._is_cut:
            return
        elif size > self._left or len(outputs) >= MAX_OUTPUTS - 1:
            output, size, the_rest = NotebookNode(output_type="stream", name="stdout", text=LEFT_OUT), 0, True
        elif goes_on:
            is_cut = len(last.text + output.text) > MAX_TEXT
            last.text = _cut(last.text + output.text)
        self._left -= size
        if the_rest or not goes_on:
            outputs.append(output)
        self._last, self._is_cut, self._is_the_rest = outputs[-1], is_cut, the_rest


def _shortened(output: NotebookNode) -> NotebookNode:
    """An output without what feedback does not show: the rest of long texts, and large images."""
    if output.output_type == "stream":
        return NotebookNode(output, text=_cut(output.text))
    if output.output_type == "error":
        lines: list[str] = []
        room = MAX_TEXT  # of the traceback the last lines: they say most
        for line in reversed(output.traceback[-MAX_OUTPUTS:]):
            lines.insert(0, line[-room:])
            room -= len(line)
            if room <= 0:
                break
        return NotebookNode(output, ename=_cut(output.ename), evalue=_cut(output.evalue), traceback=lines)
    data = NotebookNode()
    for kind, value in output.data.items():
        if len(value) <= (MAX_IMAGE if kind.startswith("image/") else MAX_TEXT) and len(kind) <= MAX_TEXT:
            data[kind] = value
    if len(data) < len(output.data):
        data["text/plain"] = _cut(output.data.get("text/plain", "")) or _TOO_LARGE
    return NotebookNode(output, data=data)


def _cut(text: str) -> str:
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - len(_CUT)] + _CUT


def _size(output: NotebookNode) -> int:
    data = output.get("data", {})
    texts = (output.get("text", ""), output.get("ename", ""), output.get("evalue", ""), *output.get("traceback", []))
    return sum(map(len, (*texts, *data, *data.values())))
