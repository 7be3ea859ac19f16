"""Sentence boundaries: hand-made cases as data, and laws that hold for any text."""

import random
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from jobs.ingest.segment import sentences

CASES = tomllib.loads((Path(__file__).parent / "data/ingest/segment.toml").read_text(encoding="utf-8"))[
    "case"
]


def parametrised():
    for case in CASES:
        marks = (
            [pytest.mark.xfail(reason=case["known_failure"], strict=True)] if "known_failure" in case else []
        )
        yield pytest.param(case, id=case["label"], marks=marks)


@pytest.mark.parametrize("case", list(parametrised()))
def test_boundaries(case):
    text = case.get("join", " ").join(case["sentences"])
    assert [text[a:b] for a, b in sentences(text)] == case["sentences"]


def test_labels_are_unique():
    labels = [case["label"] for case in CASES]
    assert len(set(labels)) == len(labels) >= 60


def test_paragraphs_made_of_cases_fall_into_the_same_sentences():
    """Neighbours must not change a case: rejoined at random, at most one boundary in a hundred may move."""
    plain = [case for case in CASES if "join" not in case and "known_failure" not in case]
    whole = [
        one
        for case in plain
        for one in case["sentences"]
        if one.endswith((".", "?", "!")) and one[0].isupper() and '"' not in one
    ]
    dice = random.Random(5)
    wrong = total = 0
    for _ in range(200):
        chosen = dice.sample(whole, 5)
        text = " ".join(chosen)
        found = [text[a:b] for a, b in sentences(text)]
        total += 5
        wrong += len(set(chosen) ^ set(found))
    assert wrong <= total // 100


@pytest.mark.parametrize("seed", range(20))
def test_spans_are_ordered_and_lose_only_space(seed):
    dice = random.Random(seed)
    alphabet = [
        "Ông",
        "nói",
        "TP.",
        "12.",
        "3,5%",
        '"',
        "“",
        "”",
        "...",
        "?",
        "!",
        "./.",
        "(",
        ")",
        " ",
        "\n",
        "v.v.",
    ]
    text = "".join(dice.choice(alphabet) + dice.choice(["", " "]) for _ in range(300))
    spans = sentences(text)
    assert all(a < b for a, b in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    kept = "".join(text[a:b] for a, b in spans)
    assert "".join(kept.split()) == "".join(text.split())
