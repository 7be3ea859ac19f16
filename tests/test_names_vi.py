"""Persons, short forms and carried words of Vietnamese text; bodies, places and events are none."""

import csv
from pathlib import Path

import pytest

from jobs.english.names import name_present
from jobs.vietnamese.carried import carried
from jobs.vietnamese.names import names
from jobs.vietnamese.roster import Roster

DATA = Path(__file__).parent / "data/names"


def rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        lines = [
            row
            for row in csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
            if not row[0].startswith("#")
        ]
    known = pytest.mark.xfail(strict=True, reason="known failure")
    return [
        pytest.param(text, found, id=f"{number}", marks=[known] if status == "xfail" else [])
        for number, (status, text, *found) in enumerate(lines, 1)
    ]


def marked(text, mentions):
    for mention in reversed(mentions):
        text = f"{text[: mention.start]}⟦{mention.text}⟧{text[mention.end :]}"
    return text


@pytest.mark.parametrize(("text", "expected"), rows("persons.tsv"))
def test_persons(text, expected):
    found = names(text.replace("⟦", "").replace("⟧", ""))
    assert marked(text.replace("⟦", "").replace("⟧", ""), found) == text
    assert [f"{item.english or '?'} | {item.role or '-'}" for item in found] == expected


@pytest.mark.parametrize(("text", "expected"), rows("carried.tsv"))
def test_carried_words(text, expected):
    plain = text.replace("⟦", "").replace("⟧", "")
    found = carried(plain, names(plain))
    assert marked(plain, found) == text
    assert [item.english for item in found] == expected


def test_there_are_enough_cases_of_both_kinds():
    cases = rows("persons.tsv")
    assert len(cases) >= 80
    assert sum(1 for case in cases if not case.values[1]) >= 20


def test_a_short_form_means_the_person_named_before_in_the_same_article():
    roster = Roster(
        [
            "Tổng Thư ký ASEAN Kao Kim Hourn có bài phát biểu.",
            "Thứ trưởng Phạm Đức Long chủ trì phiên họp.",
            "Ông Hourn nhấn mạnh vai trò của dữ liệu, còn ông Long trả lời báo chí.",
        ]
    )
    assert [person.name_en for person in roster.persons()] == ["Kao Kim Hourn", "Pham Duc Long"]
    assert roster.resolve("hourn") == "kao kim hourn"
    assert roster.resolve("long") == "pham duc long"
    assert roster.by_role("Thứ trưởng") == "pham duc long"


def test_a_short_form_that_two_persons_share_means_neither():
    roster = Roster(["Ông Nguyễn Văn Hùng và ông Trần Mạnh Hùng dự lễ.", "Ông Hùng phát biểu."])
    assert roster.resolve("hung") is None


def test_a_chinese_name_is_left_alone_unless_its_spelling_is_known():
    unknown, known = names("Tại Bắc Kinh, ông Hồ Xuân Hoa gặp ông Tập Cận Bình.")
    assert (unknown.english, known.english) == (None, "Xi Jinping")


@pytest.mark.parametrize(
    ("name", "text", "present"),
    [
        ("Pham Minh Chinh", "Prime Minister Pham Minh Chinh spoke.", True),
        ("Pham Minh Chinh", "Prime Minister Minh Chinh spoke.", True),
        ("Pham Minh Chinh", "The Prime Minister spoke.", False),
        ("Trump", "Trumpet players met.", False),
        ("Olympic", "the Olympics opened", True),
        ("Ukraine", "Ukrainian officials said", True),
        ("Lemieux", "Mario Lemiex scored", False),
    ],
)
def test_a_name_is_present_whole_shortened_or_inflected(name, text, present):
    assert name_present(name, text) is present
