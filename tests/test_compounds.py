"""Numbered meetings and titles with their bearers go into English whole."""

from __future__ import annotations

import pytest

from jobs.translate.compounds import ordinal
from jobs.translate.express import express, understand
from jobs.translate.glossary import load_glossary


@pytest.fixture(scope="module")
def terms():
    return load_glossary()


@pytest.mark.parametrize(
    ("vietnamese", "whole"),
    [
        (
            "Hội nghị Bộ trưởng Số ASEAN (ADGMIN) lần thứ 6 khai mạc.",
            "6th ASEAN Digital Ministers' Meeting (ADGMIN)",
        ),
        (
            "Hội nghị Bộ trưởng Số ASEAN lần thứ 6 (ADGMIN) khai mạc.",
            "6th ASEAN Digital Ministers' Meeting (ADGMIN)",
        ),
        ("Đoàn dự Hội nghị ADGMIN lần thứ 3 tại Manila.", "3rd ADGMIN"),
        ("Bộ trưởng Bộ Y tế Trần Thị Bảo An chủ trì.", "Minister of Health Tran Thi Bao An"),
        ("Hội nghị do Việt Nam đăng cai tổ chức tại Huế.", "The conference hosted by Vietnam"),
        ("Hội nghị do Việt Nam đăng cai, quy tụ chín nước.", "The conference, hosted by Vietnam"),
        ("Phiên họp do Bộ Y tế chủ trì sáng nay.", "chaired by Ministry of Health"),
        ("Sáng 15/1, cầu thông xe.", "On the morning of January 15"),
        ("Ngày 3/2/2026, lũ rút.", "On February 3, 2026"),
        (
            "Ông dự lễ khai mạc Hội nghị Bộ trưởng Số ASEAN lần thứ 6 tại Hà Nội.",
            "the opening ceremony of the 6th ASEAN Digital Ministers' Meeting",
        ),
        ("UBND tỉnh Thái Nguyên khởi công dự án.", "Thai Nguyen Provincial People's Committee"),
        ("Chủ tịch UBND xã Tân Lập cho biết.", "Tan Lap Commune People's Committee"),
        ("Chủ tịch UBND xã Tân Lập Hà Minh Nguyệt nói.", "Tan Lap Commune People's Committee"),
        ("Chủ tịch UBND tỉnh Thái Nguyên Nông Văn Tuyên dự.", "Thai Nguyen Provincial People's Committee"),
        ("Công an thành phố Hải Phòng điều tra.", "Hai Phong City Police"),
        ("Mạng 5G phủ trên 91,2% dân số.", "over 91.2%"),
        ("Quy mô đạt khoảng 36 tỷ USD mỗi năm.", "about USD36 billion"),
        ("Tuyến dài gần 19 km qua ba xã.", "nearly 19 km"),
        ("Tổng Thư ký ASEAN Kao Kim Hourn phát biểu.", "ASEAN Secretary-General Kao Kim Hourn"),
    ],
)
def test_compound(vietnamese, whole, terms):
    expressed = express(vietnamese, understand(vietnamese, terms))
    assert whole in expressed.text
    assert [span.english for span in expressed.spans if span.english == whole] == [whole]


@pytest.mark.parametrize("acronym", ["ADGMIN", "QXZRT"])
def test_an_acronym_takes_the_noun_that_it_holds_itself(acronym, terms):
    vietnamese = f"Đoàn dự Hội nghị {acronym} lần thứ 3 tại nhà."
    assert express(vietnamese, understand(vietnamese, terms)).text == f"Đoàn dự 3rd {acronym} tại nhà."


@pytest.mark.parametrize(
    "vietnamese",
    [
        "Đây là lần thứ 6 thành phố tổ chức hội chợ.",
        "Xe chạy trên 5 tuyến đường.",
        "Nhà ở gần 3 trường học.",
        "Việt Nam đăng cai hội nghị.",
        "Lũ lớn do Lào xả nước hồ.",
        "Bộ trưởng đã gặp ông Trần Bình.",
    ],
)
def test_what_is_no_compound_is_left(vietnamese, terms):
    assert understand(vietnamese, terms).compounds == ()


def test_ordinals():
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 22, 101, 111)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "101st", "111th",
    ]  # fmt: skip
