"""What a hostile kernel may say: nothing that is read raises, and only plain outputs are kept."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.pipeline.messages import GuardedSession, add_output, read_output

SESSION = GuardedSession(key=b"key")
NUMBERS = itertools.count()


def frames(*parts: bytes, sign: bool = True) -> list[bytes]:
    signature = SESSION.sign(list(parts)) if sign else b"forged"
    return [signature, *parts]


def signed(header: dict, parent: object, metadata: object, content: object) -> dict:
    header = {**header, "msg_id": str(next(NUMBERS))}  # a message that comes again is refused
    parts = [json.dumps(part).encode() for part in (header, parent, metadata, content)]
    return SESSION.deserialize(frames(*parts))


HEADER = {"msg_id": "1", "msg_type": "stream", "version": "5.3", "date": "2026-01-01T00:00:00Z"}
DEEP = b"[" * 100_000 + b"]" * 100_000

BROKEN = {
    "nothing": [],
    "too few frames": [b"", b"{}"],
    "unsigned": frames(b"{}", b"{}", b"{}", b"{}", sign=False),
    "no JSON": frames(b"{", b"{}", b"{}", b"{}"),
    "no text": frames(b"\xff\xfe", b"{}", b"{}", b"{}"),
    "nested too deep": frames(json.dumps(HEADER).encode(), b"{}", b"{}", b'{"a": ' + DEEP + b"}"),
    "no header": frames(b"{}", b"{}", b"{}", b"{}"),
    "a list": frames(json.dumps(HEADER).encode(), b"[]", b"{}", b"{}"),
    "a number": frames(json.dumps(HEADER).encode(), b"{}", b"{}", b"3"),
    "null": frames(b"null", b"null", b"null", b"null"),
    "a kind that is no text": frames(json.dumps({**HEADER, "msg_type": 3}).encode(), b"{}", b"{}", b"{}"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_message_becomes_one_that_nobody_waits_for(name):
    message = SESSION.deserialize(BROKEN[name])
    assert (message["msg_type"], message["parent_header"], message["content"]) == ("nonsense", {}, {})
    assert read_output(message) is None


@pytest.mark.parametrize("frames", [[], [b"no delimiter"], None, [3]])
def test_identities_are_fed_without_an_error(frames):
    identities, rest = SESSION.feed_identities(frames)
    assert SESSION.deserialize(rest)["msg_type"] == "nonsense" and not identities


def test_the_reply_to_an_execution_says_that_it_is_over_and_no_more():
    reply = signed({**HEADER, "msg_type": "execute_reply"}, {"msg_id": "0"}, {}, {"status": 3, "payload": [{"x": 1}]})
    assert reply["content"] == {"status": "ok"} and reply["parent_header"]["msg_id"] == "0"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
contents = st.dictionaries(
    st.sampled_from(["name", "text", "data", "metadata", "ename", "evalue", "traceback", "execution_count"]),
    json_values,
)


@given(kind=st.sampled_from(["stream", "display_data", "execute_result", "error", "comm_open"]), content=contents)
def test_any_content_gives_a_plain_output_or_none(kind, content):
    outputs: list = []
    output = read_output(signed({**HEADER, "msg_type": kind}, {}, {}, content))
    if output is not None:
        add_output(outputs, output)
        json.dumps(outputs).encode("utf-8")
        texts = [output.get("text", ""), *output.get("data", {}).values(), *output.get("traceback", [])]
        assert all(isinstance(text, str) for text in texts)


def test_texts_with_halves_of_characters_can_be_written_down():
    content = {"name": "stdout", "text": "\ud800 done"}
    output = read_output(signed(HEADER, {}, {}, content))
    assert output.text.encode("utf-8") == b"? done"


def test_text_of_one_stream_is_joined_and_outputs_are_counted():
    outputs: list = []
    for name in ("stdout", "stdout", "stderr"):
        add_output(outputs, read_output(signed(HEADER, {}, {}, {"name": name, "text": "a"})))
    assert [(output.name, output.text) for output in outputs] == [("stdout", "aa"), ("stderr", "a")]
    shown = {"data": {"text/plain": "x"}, "metadata": {"deep": {}}}
    for _ in range(2_000):
        add_output(outputs, read_output(signed({**HEADER, "msg_type": "display_data"}, {}, {}, shown)))
    assert len(outputs) == 1_000 and outputs[-1].metadata == {}
