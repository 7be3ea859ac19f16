"""Code-switched copies: every English span comes from the job's own grammars and stands in the target."""

import random
import re

import pytest
from train_pairs import pairs as grammar_pairs

from jobs.train.augment import certain, copies, switched
from jobs.train.config import CodeSwitchConfig
from jobs.translate.express import express, understand
from jobs.translate.glossary import load_glossary

ALL = CodeSwitchConfig(share=1, figure=1, date=1, name=1, term=1, most=20)


@pytest.fixture(scope="module")
def terms():
    return load_glossary()


CASES = [
    ("Doanh thu đạt 3.500 tấn.", "Output was 3,500 tonnes.", {"3,500"}, set()),
    ("Doanh thu đạt 3.500 tấn.", "Output was 13,500 tonnes.", set(), {"3,500"}),
    ("Doanh thu đạt 3.500 tấn.", "Output was 3,500,000 kilos.", set(), {"3,500"}),
    ("Tỷ lệ là 91,2%.", "The rate was 91.2%.", {"91.2%"}, set()),
    ("Tỷ lệ là 91,2%.", "The rate was 91.25%.", set(), {"91.2%"}),
    ("Ông đến ngày 15/1/2026.", "He came on January 15, 2026.", {"January 15, 2026"}, set()),
    ("Ông đến ngày 15/1/2026.", "He came on 15 January 2026.", set(), {"January 15"}),
    ("Ông Phạm Minh Chính phát biểu.", "Pham Minh Chinh spoke.", {"Pham Minh Chinh"}, set()),
    ("Ông Phạm Minh Chính phát biểu.", "The Prime Minister spoke.", set(), {"Pham Minh Chinh"}),
    ("Bộ Tài chính họp.", "The Ministry of Finance met.", {"Ministry of Finance"}, set()),
    ("Bộ Tài chính họp.", "The finance ministry met.", set(), {"Ministry"}),
    ('Chủ đề là "Số hóa vì dân".', 'The theme is "Digital for all."', {'"Digital for all"'}, set()),
    ('Phim "Ngày xưa ơi" và "Đêm".', '"Night" and "Once" are films.', set(), {"Night", "Once"}),
    ('Chủ đề là "Số hóa vì dân".', "Its theme is digital for all.", set(), {"igital"}),
]  # fmt: skip


@pytest.mark.parametrize(("vi", "en", "there", "absent"), CASES)
def test_a_span_is_replaced_only_where_its_english_stands_in_the_target(terms, vi, en, there, absent):
    copy = switched(vi, en, terms, ALL, random.Random(0))
    assert (copy is None) == (not there)
    for span in there:
        assert span in copy
        assert span not in vi
    for span in absent:
        assert span not in (copy or "")


def test_with_every_chance_one_a_copy_is_what_the_job_itself_would_express(terms):
    same = 0
    for vi, en in grammar_pairs(200, seed=11):
        wanted = express(vi, understand(vi, terms))
        if (
            all(re.search(rf"(?<!\w){re.escape(span.english)}(?!\w)", en) for span in wanted.spans)
            and wanted.spans
        ):
            assert switched(vi, en, terms, ALL, random.Random(0)) == wanted.text
            same += 1
    assert same > 100


def test_spans_agree_with_both_sides(terms):
    kinds = set()
    for vi, en in grammar_pairs(300, seed=5):
        for kind, mention in certain(vi, en, terms):
            kinds.add(kind)
            assert vi[mention.start : mention.end] == mention.text
            assert mention.english.casefold() in en.casefold()
    assert kinds == {"figure", "date", "name", "term"}


def test_one_english_form_serves_one_span(terms):
    vi, en = "Từ 3.500 tăng lên 3.500 rồi 4.100.", "It rose from 3,500 to 4,100."
    assert [mention.english for _, mention in certain(vi, en, terms)] == ["3,500", "4,100"]


@pytest.mark.parametrize("kind", ["figure", "date", "name", "term"])
def test_a_kind_with_chance_zero_is_left_alone(terms, kind):
    vi = "Ngày 15/1/2026, ông Phạm Minh Chính thăm Bộ Tài chính và trao 3.500 suất quà."
    en = "On January 15, 2026, Pham Minh Chinh visited the Ministry of Finance and gave 3,500 gifts."
    vietnamese = {"date": "15/1/2026", "name": "Phạm Minh Chính", "term": "Bộ Tài chính", "figure": "3.500"}
    copy = switched(vi, en, terms, ALL.model_copy(update={kind: 0.0}), random.Random(0))
    assert {name for name, text in vietnamese.items() if text in copy} == {kind}


def test_no_more_spans_than_allowed_and_the_chances_are_kept(terms):
    vi = "Các mức là 1.100, 1.200, 1.300, 1.400 và 1.500."
    en = "The levels are 1,100, 1,200, 1,300, 1,400 and 1,500."
    copy = switched(vi, en, terms, ALL.model_copy(update={"most": 2}), random.Random(0))
    assert len(re.findall(r"\d,\d{3}", copy)) == 2
    rng = random.Random(0)
    half = ALL.model_copy(update={"figure": 0.5})
    taken = sum(len(re.findall(r"\d,\d{3}", switched(vi, en, terms, half, rng) or "")) for _ in range(400))
    assert 0.45 < taken / 2000 < 0.55


def test_weights_are_expected_copies():
    rng = random.Random(1)
    assert [copies(weight, rng) for weight in (0, 1, 3)] == [0, 1, 3]
    assert 0.25 < sum(copies(0.3, rng) for _ in range(2000)) / 2000 < 0.35
    assert {copies(1.5, rng) for _ in range(50)} == {1, 2}
