"""Who said what: cases as data."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from jobs.vietnamese.quotes import speeches, verbs

CASES = tomllib.loads((Path(__file__).parent / "data" / "quotes" / "cases.toml").read_text(encoding="utf-8"))[
    "case"
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_case(case):
    found = [[list(item.sentences), item.speaker_en, item.direct] for item in speeches(case["sentences"])]
    assert found == case["speech"]


def test_direct_speech_holds_its_words_only():
    (found,) = speeches(CASES[1]["sentences"])
    assert found.content == "Cây cầu sẽ thông xe trước Tết để bà con đi lại dễ dàng"
    assert found.verb_en == verbs()["cho biết"] == "said"


def test_the_same_words_by_two_speakers_are_two_speeches():
    words = "khẳng định tuyến đường sẽ hoàn thành trong năm nay."
    found = speeches([f"Ông Lê Văn Tám {words}", f"Bà Đỗ Thị Lan {words}"])
    assert [item.speaker for item in found] == ["le van tam", "do thi lan"]
