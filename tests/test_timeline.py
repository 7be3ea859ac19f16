"""Lines of the timeline: the clause that the date dates, short enough, and nothing of it cut away with the scene."""

from __future__ import annotations

import pytest

from jobs.brief.details import _happening, _unit
from jobs.brief.differences import _differing
from jobs.english import figures
from jobs.vietnamese import figures as vietnamese_figures


@pytest.mark.parametrize(
    ("english", "line"),
    [
        (
            "On March 3, the bridge over the Lach opened to traffic.",
            "The bridge over the Lach opened to traffic.",
        ),
        ("The chain lasts until the end of March 3.", "The chain lasts until the end of March 3."),
        (
            "The port is ready for the pact, signed in March 2024.",
            "The port is ready for the pact, signed in March 2024.",
        ),
        (
            (
                "Within the framework of the forum on green ports that takes place in the city, from March 3 to 5, "
                "senior officials met in Da Nang."
            ),
            "Senior officials met in Da Nang.",
        ),
        (
            (
                "In the two days left the ministers are expected to adopt the plan for green ports and to hear a "
                "report on the pact on ports, launched in March 2024."
            ),
            "…adopt the plan for green ports and to hear a report on the pact on ports, launched in March 2024.",
        ),
        (
            "On March 3, the talks opened in Hue with the participation of the heads of nine delegations.",
            "The talks opened in Hue",
        ),
    ],
)
def test_a_line_tells_what_the_date_dates(english, line):
    date = next(item for item in figures(english) if item.kind == "date")
    assert _happening(english, date) == line


def test_differing_words_alone_are_named():
    assert _differing(["Từ cảng đến biển", "từ cảng sang biển"]) == "“đến” / “sang”"


@pytest.mark.parametrize(
    ("vi", "unit"),
    [
        ("Quy mô gấp 3 lần năm ngoái.", "times"),
        ("Đầu tư 36 tỷ USD.", "USD"),
        ("Có 3 lần thứ trưởng đến.", None),
        ("Có 3 tàu.", None),
    ],
)
def test_a_multiple_is_shown_as_one(vi, unit):
    (mention,) = vietnamese_figures(vi)
    assert _unit(mention, vi) == unit
