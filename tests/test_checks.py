"""Checks of a pair: right pairs pass, every kind of planted error is found, every code has a detail for people."""

import csv
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from planted_errors import planted

from jobs.translate.checkrules import rules, weight
from jobs.translate.checks import check_pair
from jobs.translate.express import understand
from jobs.translate.glossary import TermBase, TermEntry

DATA = Path(__file__).parent / "data/checks"
NO_TERMS = TermBase([], "none")
CASES = tomllib.loads((DATA / "cases.toml").read_text(encoding="utf-8"))["case"]
with (DATA / "pairs.tsv").open(encoding="utf-8", newline="") as stream:
    PAIRS = [tuple(row) for row in csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)]
PLANTED = [(vi, item) for vi, en in PAIRS for item in planted(vi, en)]


def check(vi, en, terms=NO_TERMS):
    return check_pair(vi, en, understand(vi, terms))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_a_finding_has_its_code_and_says_what_is_wrong(case):
    flags = check(case["vi"], case["en"])
    assert [flag.code for flag in flags] == case["codes"]
    for part in case.get("says", []):
        assert any(part in flag.detail for flag in flags)


def test_every_code_has_a_weight_and_a_case():
    # A missing term needs a term base, an unsure sentence an engine: both have tests of their own.
    codes = {code for case in CASES for code in case["codes"]} | {"term_missing", "unsure"}
    assert codes == set(rules()["weights"])


@pytest.mark.parametrize(("vi", "en"), PAIRS, ids=range(1, len(PAIRS) + 1))
def test_a_right_pair_raises_no_flag(vi, en):
    assert check(vi, en) == ()


def test_there_are_enough_pairs_and_errors_of_every_kind():
    kinds = Counter(item.kind for _, item in PLANTED)
    assert len(PAIRS) >= 60
    assert set(kinds) == {
        "dropped_figure",
        "altered_figure",
        "changed_date",
        "changed_magnitude",
        "changed_unit",
        "swapped_name",
        "dropped_name",
        "invented_number",
        "lost_negation",
    }
    assert min(kinds.values()) >= 12


@pytest.mark.parametrize("kind", sorted({item.kind for _, item in PLANTED}))
def test_planted_errors_are_found(kind):
    """At least 97 of 100 of every kind; the few others change a figure into one that the sentence has too."""
    errors = [item for _, item in PLANTED if item.kind == kind]
    missed = [item for item in errors if weight(check(item.vi, item.en)) == 0]
    assert len(missed) <= 0.03 * len(errors), missed


def test_a_missing_term_says_how_it_should_read():
    entry = TermEntry(vi="Bộ Tài chính", en="Ministry of Finance", kind="body", note="", place="here:1")
    terms = TermBase([entry], "one")
    (flag,) = check("Bộ Tài chính công bố số liệu.", "The treasury released the data.", terms)
    assert flag.code == "term_missing"
    assert "Ministry of Finance" in flag.detail
    assert check("Bộ Tài chính công bố số liệu.", "The Ministry of Finance released the data.", terms) == ()


def test_a_lunar_date_is_shown_but_costs_nothing():
    flags = check(
        "Lễ hội diễn ra ngày 10 tháng 3 âm lịch.",
        "The festival falls on the 10th day of the third lunar month.",
    )
    assert [flag.code for flag in flags] == ["lunar_date"]
    assert weight(flags) == 0
