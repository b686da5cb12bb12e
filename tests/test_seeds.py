"""A submission's seed: its own, repeatable, and no way back to the class's."""

from __future__ import annotations

from attention_course.exercises import CATALOGUE
from autograder.seeds import LARGEST, draw_seed, seed_of_submission

GIVEN = {"class_seed": 7, "student": "ada", "notebook": "00_feature_maps", "content": b"{}"}
OTHER = {"class_seed": 8, "student": "adb", "notebook": "01_squeeze_excitation", "content": b"{} "}


def test_the_same_submission_has_the_same_seed_and_every_other_one_another():
    seed = seed_of_submission(**GIVEN)
    assert seed == seed_of_submission(**GIVEN)
    others = {seed_of_submission(**{**GIVEN, name: value}) for name, value in OTHER.items()}
    # Where one part ends and the next begins is part of what is hashed.
    others.add(seed_of_submission(**{**GIVEN, "student": "ada0", "notebook": "0_feature_maps"}))
    assert seed not in others and len(others) == len(OTHER) + 1


def test_seeds_fill_all_63_bits():
    """Nobody can try them all, nor change a file until it gets the inputs that were seen before."""
    seeds = {seed_of_submission(**{**GIVEN, "content": bytes([number])}) for number in range(200)}
    drawn = {draw_seed() for _ in range(200)}
    for some in (seeds, drawn):
        assert len(some) == 200 and all(0 <= seed <= LARGEST for seed in some) and max(some) > LARGEST // 2
        ones = [sum(seed >> bit & 1 for seed in some) for bit in range(63)]
        assert min(ones) > 50 and max(ones) < 150


def test_the_largest_seed_asks_questions_of_its_own():
    exercise = CATALOGUE.find("00_feature_maps", "global_average_pool")
    one, other = (exercise.ask(seed)["random"].arguments[0] for seed in (LARGEST, LARGEST - 1))
    assert (one != other).all()
