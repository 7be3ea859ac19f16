"""Roles of lines and metadata in running press text: hand-made cases as data, and the law of offsets."""

import random
import tomllib
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest

from jobs.ingest import input_file, read_file
from jobs.ingest.working import make_working

CASES = tomllib.loads((Path(__file__).parent / "data/ingest/layout.toml").read_text(encoding="utf-8"))["case"]


def parametrised():
    for case in CASES:
        marks = (
            [pytest.mark.xfail(reason=case["known_failure"], strict=True)] if "known_failure" in case else []
        )
        yield pytest.param(case, id=case["label"], marks=marks)


def read(folder, text):
    path = folder / "bai.txt"
    path.write_text(text, encoding="utf-8")
    (outcome,) = read_file(input_file(path), min_syllables=0)
    assert outcome.article is not None, outcome.reason
    return outcome.article


@pytest.mark.parametrize("case", list(parametrised()))
def test_roles_and_metadata(case, tmp_path):
    article = read(tmp_path, case["text"])
    assert [[item.role, item.text] for item in article.sentences] == case["lines"]
    found = {key: getattr(article, key) for key in ("title", "date", "source", "author", "url")}
    assert found == {key: case.get(key) for key in found}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_offsets_lead_back_to_the_input(case, tmp_path):
    """The stretch of the input that a sentence names holds the sentence, and stretches do not overlap."""
    text = case["text"]
    article = read(tmp_path, text)
    last = 0
    for item in article.sentences:
        assert last <= item.start < item.end <= len(text)
        last = item.end
        again = make_working(text[item.start : item.end]).text
        assert letters(again) == letters(item.text)


def letters(text):
    return [char for char in unicodedata.normalize("NFC", text) if char.isalnum()]


def test_labels_are_unique():
    labels = [case["label"] for case in CASES]
    assert len(set(labels)) == len(labels) >= 40


@pytest.mark.parametrize("seed", range(30))
def test_working_text_traces_every_character(seed):
    """Whatever markup, entities and invisible characters stand in it: each character knows where it came from."""
    dice = random.Random(seed)
    parts = [
        "Nước",
        " ",
        "\n",
        "<p>",
        "</p>",
        "&amp;",
        "&nbsp;",
        "\u200b",
        "\u202e",
        "ứ",
        "<!--",
        "-->",
        "Ð",
        "\t",
        "<b",
        ".",
    ]
    text = "".join(dice.choice(parts) for _ in range(200))
    working = make_working(text)
    assert len(working.text) == len(working.starts) == len(working.ends)
    assert all(a < b for a, b in zip(working.starts, working.ends, strict=True))
    assert all(a <= b for a, b in pairwise(working.starts))
    assert unicodedata.is_normalized("NFC", working.text)
    assert not set(working.text) & set("\u200b\u202e")
    assert "  " not in working.text
