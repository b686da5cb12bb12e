"""The page of one question. Nothing that a student wrote can act in it: all markup is rebuilt by `harmless`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from markupsafe import Markup

from ..harmless.markup import TOKEN_STYLES, left_out
from ..judge.verdict import points_text
from ..statuses import ByHand
from ..templating import templates, visible
from .desk import MAX_COMMENT, Card, Tally, steps
from .questions import Question

MAX_ANSWERS = 30_000_000  # characters of all answers on a page, with their pictures
SCRIPT = Path(__file__).with_name("assets") / "words.js"


def render(
    name: str, question: Question, questions: Mapping[str, int], cards: list[Card], unread: int, tally: Tally
) -> str:
    """The page. `questions` has, by id, how many answers to each are left to a person; `unread` ones cannot be read."""
    most = cards[0].grade.most if cards else 0.0
    page = _PAGES.get_template("words.html.j2").render(
        name=name,
        question=question,
        questions=questions,
        cards=list(zip(cards, _answers(cards), strict=True)),
        unread=unread,
        tally=tally,
        most=most,
        steps=steps(most) if cards else [],
        most_of_comment=MAX_COMMENT,
    )
    return page.encode("utf-8", "replace").decode("utf-8")


def style() -> str:
    """The page's style sheet."""
    return _PAGES.get_template("words.css").render(token_styles=Markup(TOKEN_STYLES))


def tally_of(tally: Tally) -> str:
    """The part of the page that says how far the question is."""
    return _PAGES.get_template("tally.html.j2").render(tally=tally)


def standing(card: Card) -> str:
    """How a card stands: not graded yet; 1.5 points; 1.5 points, to be looked at again."""
    grade = card.grade
    if grade.points is None:
        return str(grade.by_hand)
    points = f"{points_text(grade.points)} {'point' if grade.points == 1 else 'points'}"
    return f"{points}, {grade.by_hand}" if grade.by_hand == ByHand.AGAIN else points


def _answers(cards: list[Card]) -> list[Markup]:
    """The answers as markup, as long as there is room on the page."""
    room, shown = MAX_ANSWERS, []
    for card in cards:
        answer = Markup("") if card.is_blank else card.answer.markup()
        room -= len(answer)
        shown.append(answer if room >= 0 else left_out())
    return shown


_PAGES = templates("autograder.words", finalize=visible)
_PAGES.filters.update(number=points_text, standing=standing)
_PAGES.globals.update(ByHand=ByHand)
