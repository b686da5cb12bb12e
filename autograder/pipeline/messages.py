"""What a kernel says, read with suspicion: it is the student's process, and holds the key that signs its messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jupyter_client.session import Session
from nbformat import NotebookNode
from nbformat.v4 import output_from_msg
from traitlets import Any as AnyTrait

_SHOWN = ("stream", "display_data", "execute_result", "error")
_MAX_OUTPUTS = 1_000  # of one cell


class GuardedSession(Session):
    """A session that never fails on what it reads, and that counts it.

    `on_bytes` is called with the size of every message that comes. What is no proper message becomes one that nobody
    waits for; the reply to an execution says that it is over, nothing more.
    """

    on_bytes: Callable[[int], None] = AnyTrait(lambda size: None)

    def feed_identities(self, msg_list, copy=True):
        self.on_bytes(sum(len(frame) for frame in msg_list))
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
    """The cell output that a message carries, as plain text values, or None where it carries none."""
    if message["msg_type"] not in _SHOWN:
        return None
    try:
        message["header"]["msg_type"] = message["msg_type"]
        return _plain(output_from_msg(message))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return None


def _plain(output: NotebookNode) -> NotebookNode | None:
    """Only what a notebook file can hold: texts by name. Metadata and richer values are dropped."""
    if output.output_type == "stream":
        output.name, output.text = ("stderr" if output.name == "stderr" else "stdout"), _text(output.text)
    elif output.output_type == "error":
        output.ename, output.evalue = _text(output.ename), _text(output.evalue)
        output.traceback = [_text(line) for line in output.traceback]
    else:
        output.metadata = NotebookNode()
        output.data = NotebookNode({_text(kind): _text(value) for kind, value in output.data.items()})
        if "execution_count" in output and not isinstance(output.execution_count, int):
            output.execution_count = None
    return output


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
