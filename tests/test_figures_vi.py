"""Figures and dates of Vietnamese and English text: every mention with span, value, unit, precision, English."""

import csv
import datetime as dt
from pathlib import Path

import pytest

from jobs.english import figures as figures_en
from jobs.vietnamese import figures

DATA = Path(__file__).parent / "data/figures"
ANCHOR = dt.date(2026, 1, 15)


def rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        lines = [
            row
            for row in csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
            if not row[0].startswith("#")
        ]
    for number, (label, status, text, *mentions) in enumerate(lines, 1):
        known = pytest.mark.xfail(strict=True, reason="known failure")
        marks = [known] if status == "xfail" else []
        yield pytest.param(text, mentions, id=f"{label}-{number}", marks=marks)


def shown(mention, *, english):
    """Write a mention as the data files do."""
    if mention.unit == "lunar":
        return "term lunar"
    parts = [mention.kind, mention.value]
    parts += [mention.unit] if mention.unit else []
    parts += [f"@{mention.precision}"] if mention.precision else []
    if english:
        parts += [f"~{mention.approx}"] if mention.approx else []
        parts += [f"= {mention.english}"] if mention.english is not None else []
    return " ".join(parts)


def marked(text, mentions):
    for mention in reversed(mentions):
        assert text[mention.start : mention.end] == mention.text
        text = f"{text[: mention.start]}⟦{mention.text}⟧{text[mention.end :]}"
    return text


@pytest.mark.parametrize(("text", "expected"), list(rows("vi.tsv")))
def test_vietnamese_figures(text, expected):
    found = figures(text.replace("⟦", "").replace("⟧", ""), ANCHOR)
    assert marked(text.replace("⟦", "").replace("⟧", ""), found) == text
    assert [shown(item, english=True) for item in found] == expected


@pytest.mark.parametrize(("text", "expected"), list(rows("en.tsv")))
def test_english_figures(text, expected):
    found = figures_en(text.replace("⟦", "").replace("⟧", ""), ANCHOR)
    assert marked(text.replace("⟦", "").replace("⟧", ""), found) == text
    assert [shown(item, english=False) for item in found] == expected


def test_without_the_articles_date_a_day_has_no_year_and_yesterday_no_value():
    (day,) = figures("Hôm qua, 15/1, hội nghị khai mạc.")
    assert (day.value, day.precision) == ("--01-15", "day")


@pytest.mark.parametrize(
    "text", ["", "1" * 5000, "1/" * 2000, "mười " * 1500, "tháng " * 2000, "9.999.999" * 300]
)
def test_hostile_text_is_read_without_error(text):
    figures(text, ANCHOR)
    figures_en(text, ANCHOR)


def test_the_cases_are_many_and_of_every_class():
    cases = list(rows("vi.tsv"))
    classes = {case.id.rsplit("-", 1)[0] for case in cases}
    assert len(cases) >= 450
    assert {"cardinal", "decimal", "words", "money", "percent", "measure", "age", "score", "time"} <= classes
    assert {
        "day",
        "range",
        "month",
        "quarter",
        "year",
        "relative",
        "lunar",
        "ordinal",
        "roman",
        "fraction",
        "none",
    } <= classes
