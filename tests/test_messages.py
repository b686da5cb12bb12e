"""What a hostile kernel may say: nothing that is read raises, and only plain outputs are kept."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.harmless.kernel_output import GuardedSession, Kept, read_output
from autograder.harmless.markup import MAX_IMAGE, MAX_TEXT

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
        Kept(10_000).add(outputs, output)
        json.dumps(outputs).encode("utf-8")
        texts = [output.get("text", ""), *output.get("data", {}).values(), *output.get("traceback", [])]
        assert all(isinstance(text, str) for text in texts)


def test_texts_with_halves_of_characters_can_be_written_down():
    content = {"name": "stdout", "text": "\ud800 done"}
    output = read_output(signed(HEADER, {}, {}, content))
    assert output.text.encode("utf-8") == b"? done"


MB = 2**20


def keep(*messages: tuple[str, dict], characters: int = 4 * MB) -> list:
    """What is kept of a cell that says all this."""
    kept, outputs = Kept(characters), []
    for kind, content in messages:
        kept.add(outputs, read_output(signed({**HEADER, "msg_type": kind}, {}, {}, content)))
    return outputs


def said(text: str, name: str = "stdout") -> tuple[str, dict]:
    return "stream", {"name": name, "text": text}


def shown(**data: str) -> tuple[str, dict]:
    kinds = {"png": "image/png", "html": "text/html", "plain": "text/plain"}
    return "display_data", {"data": {kinds[kind]: value for kind, value in data.items()}, "metadata": {"deep": {}}}


def failed(value: str) -> tuple[str, dict]:
    return "error", {"ename": "ValueError", "evalue": value, "traceback": ["first", value, "ValueError: last"]}


def test_text_of_one_stream_is_joined_and_outputs_are_counted():
    outputs = keep(said("a"), said("a"), said("a", "stderr"))
    assert [(output.name, output.text) for output in outputs] == [("stdout", "aa"), ("stderr", "a")]
    outputs = keep(*[shown(plain="x")] * 2_000)
    assert len(outputs) == 1_000 and outputs[0].metadata == {}
    assert "rest is left out" in outputs[-1].text


def test_a_text_ends_where_feedback_would_end_it_and_says_so():
    assert keep(said("x" * MAX_TEXT))[0].text == "x" * MAX_TEXT
    (long,) = keep(*[said("x" * (MAX_TEXT // 2))] * 5)
    assert len(long.text) == MAX_TEXT and long.text.endswith("[cut here: the text goes on]")
    after = keep(said("x" * MB), said("on stderr", "stderr"), shown(png="picture"))
    assert [output.output_type for output in after] == ["stream", "stream", "display_data"]


def test_a_student_who_prints_such_a_sentence_is_heard_out():
    for sentence in ("\n[cut here: the text goes on]", "[The rest is left out here: there is too much of it.]"):
        assert [output.text for output in keep(said(sentence), said("b"))] == [f"{sentence}b"]


def test_an_image_that_feedback_would_not_show_is_left_out():
    assert keep(shown(png="x" * MAX_IMAGE))[0].data == {"image/png": "x" * MAX_IMAGE}
    (large,) = keep(shown(png="x" * (MAX_IMAGE + 1)))
    assert large.data == {"text/plain": "[an output that is too large is left out]"}
    (large,) = keep(shown(html="x" * (MAX_TEXT + 1), plain="a table"))
    assert large.data == {"text/plain": "a table"}


def test_a_notebook_keeps_so_much_and_no_more():
    messages = [shown(plain="x" * 1_000, png="y" * 9_000)] * 50
    assert len(keep(*messages, characters=50 * 10_019)) == 50
    outputs = keep(*messages, *messages, characters=50 * 10_019)
    assert len(outputs) == 51 and "rest is left out" in outputs[-1].text
    kept, all_outputs = Kept(20_000), []
    for _ in range(40):  # cells
        all_outputs.append([])
        kept.add(all_outputs[-1], read_output(signed(HEADER, {}, {}, said("\U0001f600" * 7_000)[1])))
    assert [len(outputs) for outputs in all_outputs] == [1] * 40
    assert sum(len(outputs[0].text) for outputs in all_outputs) < 25_000


def test_the_first_error_of_a_cell_is_kept_in_any_case():
    outputs = keep(*[shown(plain="x" * 1_000)] * 100, failed("why"), failed("x" * 1_000), characters=3_040)
    assert [output.output_type for output in outputs] == [*["display_data"] * 3, "stream", "error", "stream"]
    assert (outputs[4].ename, outputs[4].evalue) == ("ValueError", "why")
    (error,) = keep(failed("x" * MB))
    assert len(error.evalue) == MAX_TEXT and error.traceback[-1] == "ValueError: last"
    assert sum(map(len, error.traceback)) <= MAX_TEXT


def test_endless_small_outputs_of_changing_kinds_stay_small():
    outputs = keep(*[failed("x"), said("x"), said("x", "stderr"), shown(plain="x")] * 3_000, characters=100_000)
    assert len(outputs) < 1_010
