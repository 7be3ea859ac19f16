"""Statements that stand alone: cases as data, and laws that hold for every text."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from jobs.vietnamese.condense import condense, leans, quoted, spoken

CASES = tomllib.loads(
    (Path(__file__).parent / "data" / "condense" / "cases.toml").read_text(encoding="utf-8")
)["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_case(case):
    text = condense(case["text"], subject=case.get("subject"), verb=case.get("verb"))
    assert text == case["expect"]
    if "spoken" in case:
        assert spoken(text, case["verb"]) == case["spoken"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_no_word_is_added_but_the_name(case):
    text = condense(case["text"], subject=case.get("subject"), verb=case.get("verb"))
    allowed = {word.lower() for word in re.findall(r"\w+", f"{case['text']} {case.get('subject', '')}")}
    assert {word.lower() for word in re.findall(r"\w+", text)} <= allowed


def test_condensing_twice_changes_nothing_more():
    for case in CASES:
        once = condense(case["text"])
        assert condense(once) == once


def test_what_cannot_be_parted_is_not_spoken():
    assert spoken("Bộ trưởng khẳng định cam kết của chính phủ về nước sạch.", "khẳng định") is None
    assert spoken('Bài thơ "Người mẹ cho biết, con đã lớn" được trao giải.', "cho biết") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ông cũng nêu ba đề xuất.", True),
        ("Điều này cho thấy kết quả tốt.", True),
        ("Bà Rịa có cảng mới.", True),
    ],
)
def test_leaning(text, expected):
    # "Bà Rịa" is a place: the pronoun is told from it by its capital neighbour.
    assert leans(text) is (expected and "Rịa" not in text)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (['"Chúng tôi đã sẵn sàng mở cửa", bà Lan nói.'], ("Chúng tôi đã sẵn sàng mở cửa",)),
        (
            [
                'Ông Bình nói: "Cầu đã xong.',
                "Ngày mai xe chạy qua được",
                'và dân đi lại dễ hơn", ông nhấn mạnh.',
            ],
            ("Cầu đã xong.", "Ngày mai xe chạy qua được", "Và dân đi lại dễ hơn"),
        ),
        (["“Tôi tin ở đội,” anh nói, “và sẽ chờ đến cuối mùa”."], ("Tôi tin ở đội và sẽ chờ đến cuối mùa",)),
        (['Ông nói: "Cầu chưa xong.'], ()),
    ],
)
def test_words_in_quotation_marks(texts, expected):
    assert tuple(piece.replace(", ", " ") for piece in quoted(texts)) == expected
