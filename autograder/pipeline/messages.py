"""What a kernel says, read with suspicion: it is the student's process, and holds the key that signs its messages."""

from __future__ import annotations

from typing import Any

from jupyter_client.session import Session
from nbformat import NotebookNode

_MAX_OUTPUTS = 1_000  # of one cell


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


def add_output(outputs: list[NotebookNode], output: NotebookNode) -> None:
    """Append an output; text of the same stream goes on where it ended."""
    last = outputs[-1] if outputs else None
    if output.output_type == "stream" and last is not None and last.get("name") == output.name:
        last.text += output.text
    elif len(outputs) < _MAX_OUTPUTS:
        outputs.append(output)
