"""The weights of the evidence: what speaks for one slot raises the chance, what speaks against it lowers it."""

import datetime as dt
import math
import tomllib
from pathlib import Path

import pytest

import jobs.reconcile.evidence as evidence_module
from jobs.evaluate.clustering import article_from_text
from jobs.reconcile import evidence
from jobs.reconcile.compare import differing
from jobs.reconcile.coverage import Coverage
from jobs.reconcile.facts import statement
from jobs.reconcile.features import Pair, features
from jobs.reconcile.kinds import kind_of_difference
from jobs.reconcile.profiles import likeness, profile

TABLE = tomllib.loads(
    (Path(evidence_module.__file__).parents[1] / "data" / "evidence.toml").read_text(encoding="utf-8")
)
DAYS = dt.date(2025, 5, 2), dt.date(2026, 5, 2)
KINDS = ("figure", "date", "place", "person", "name", "title")
STORM = "Cơn bão số 5 đổ bộ vào Quảng Ngãi tối 12/9 làm {} ngôi nhà ở huyện Bình Sơn bị tốc mái."
SENTENCES = {
    "figure": (STORM.format(41), STORM.format(47)),
    "date": (STORM.format(41), STORM.format(41).replace("12/9", "13/9")),
    "place": (STORM.format(41), STORM.format(41).replace("Quảng Ngãi", "Quảng Nam")),
    "person": (
        "Phát biểu tại lễ khánh thành trường học, ông Trần Văn Bình cảm ơn các nhà hảo tâm.",
        "Phát biểu tại lễ khánh thành trường học, ông Lê Quốc Hưng cảm ơn các nhà hảo tâm.",
    ),
    "name": (
        "Hãng Kestrel Motors sẽ mở nhà máy lắp ráp xe điện đầu tiên ở miền Trung vào năm tới.",
        "Hãng Orlando Drive sẽ mở nhà máy lắp ráp xe điện đầu tiên ở miền Trung vào năm tới.",
    ),
    "title": (
        "Thứ trưởng Trần Văn Bình cho biết dự án thủy lợi này sẽ khởi công vào đầu năm sau.",
        "Bộ trưởng Trần Văn Bình cho biết dự án thủy lợi này sẽ khởi công vào đầu năm sau.",
    ),
}


def profiles(identity, words):
    """Return the profiles of an article's sentences."""
    article = article_from_text(identity, words)
    return [profile(statement(article, sentence)) for sentence in article.sentences]


def weighed(left, right, slot):
    """Return the features of the first value of `slot` that differs between the first sentences of two articles."""
    one, other = profiles("one", left), profiles("other", right)
    coverage = Coverage([*one, *other])
    a, b = one[0], other[0]
    i, j = (
        next(
            at
            for at, token in enumerate(x.statement.tokens)
            if token.slot == slot and token.key not in y.values
        )
        for x, y in ((a, b), (b, a))
    )
    pair = Pair.of(a, b, [], [(i, j)], alike=likeness(a, b), standing=1.0)
    return features(pair, i, j, coverage)


def found(left, right):
    """Return the shown words of the slots on which the first sentences of two articles differ."""
    one, other = profiles("one", left), profiles("other", right)
    slots = differing(one[0], other[0], Coverage([*one, *other]), alike=likeness(one[0], other[0]))
    return [
        (one[0].statement.tokens[item.left].text, other[0].statement.tokens[item.right].text)
        for item in slots
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_names_only_features_that_are_measured(kind):
    measured = weighed(*SENTENCES[kind], kind)
    assert set(TABLE[kind]["weights"]) <= set(measured)
    assert all(0 <= value <= 1 for value in measured.values()), measured
    assert 0 < TABLE[kind]["least"] <= TABLE[kind]["sure"] < 1


@pytest.mark.parametrize("kind", KINDS)
def test_two_sentences_that_are_one_but_for_a_value_pass(kind):
    measured = weighed(*SENTENCES[kind], kind)
    assert evidence.chance(kind, measured) >= evidence.least(kind, measured["alike"])
    assert len(found(*SENTENCES[kind])) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_the_chance_is_the_logistic_sum_of_the_weights(kind):
    weights = TABLE[kind]["weights"]
    values = {"alike": 0.5, "standing": 0.25, "of no weight": 1.0}
    total = TABLE[kind]["bias"] + 0.5 * weights["alike"] + 0.25 * weights["standing"]
    assert evidence.chance(kind, values) == pytest.approx(1 / (1 + math.exp(-total)))
    assert evidence.chance(kind, {}) < 0.25


@pytest.mark.parametrize("kind", KINDS)
def test_more_is_asked_of_sentences_that_are_less_alike(kind):
    assert evidence.least(kind, 0.44) == TABLE[kind]["sure"]
    assert evidence.least(kind, 0.45) == TABLE[kind]["least"]
    assert evidence.chance(kind, {"alike": 0.9}) > evidence.chance(kind, {"alike": 0.3})


@pytest.mark.parametrize(
    ("kind", "less", "more"),
    [
        ("figure", "opposed", None),
        ("figure", "contested", None),
        ("figure", "settled", None),
        ("date", "settled", None),
        ("place", "settled", None),
        ("place", "level", None),
        ("person", "other_title", "same_title"),
        ("person", "torn", "flanked"),
        ("figure", None, "close"),
        ("title", None, "akin"),
    ],
)
def test_what_speaks_against_one_slot_lowers_the_chance_and_what_speaks_for_it_raises_it(kind, less, more):
    plain = evidence.chance(kind, {"alike": 0.6})
    assert less is None or evidence.chance(kind, {"alike": 0.6, less: 1.0}) < plain
    assert more is None or evidence.chance(kind, {"alike": 0.6, more: 1.0}) > plain


def test_opposite_words_are_known_in_both_orders():
    assert ("tăng", "giảm") in evidence.opposites()
    assert {(b, a) for a, b in evidence.opposites()} == set(evidence.opposites())
    said = "Trong quý này, lượng gạo xuất khẩu của tỉnh {} {} tấn so với cùng kỳ."
    measured = weighed(said.format("tăng", 320), said.format("giảm", 290), "figure")
    assert measured["opposed"] == 1
    assert weighed(said.format("tăng", 320), said.format("tăng", 290), "figure")["opposed"] == 0


def test_a_value_that_the_other_article_tells_in_a_better_sentence_is_explained():
    left, right = SENTENCES["date"]
    told = right + " Trước đó, tối 12/9, bão số 5 đổ bộ vào Quảng Ngãi, huyện Bình Sơn cấm đường."
    alone, explained = weighed(left, right, "date"), weighed(left, told, "date")
    assert (alone["explained"], alone["settled"], alone["known"]) == (0, 0, 0)
    assert explained["explained"] > 0.3
    assert explained["settled"] > 0.3
    assert explained["known"] == 1
    assert evidence.chance("date", explained) < evidence.chance("date", alone)


def test_figures_of_one_size_are_nearer_than_others_and_days_by_their_distance():
    def close(a, b):
        return weighed(STORM.format(a), STORM.format(b), "figure")["close"]

    assert close(41, 43) > close(41, 90) > close(41, 900) == 0
    left, right = SENTENCES["date"]
    assert (
        weighed(left, right, "date")["close"]
        > weighed(left, right.replace("13/9", "27/9"), "date")["close"]
        > 0
    )


def test_a_name_in_another_form_is_held_and_no_rival():
    one = profiles("one", "Ông Sergei V. Markov phát biểu tại lễ ký biên bản hợp tác với hãng thông tấn.")
    other = profiles(
        "other", "Sáng nay, ông Sergei Markov phát biểu tại lễ ký biên bản hợp tác với hãng thông tấn."
    )
    coverage = Coverage([*one, *other])
    (name,) = [token for token in one[0].statement.tokens if token.slot == "person"]
    assert coverage.holds("other", name)
    assert differing(one[0], other[0], coverage, alike=0.9) == []


@pytest.mark.parametrize(
    ("left", "right"),
    [
        # a ward is no street
        (
            "Trường mới khánh thành sáng 3/10 tại phường An Lạc, thành phố Cần Thơ sau hai năm xây dựng.",
            "Trường mới khánh thành sáng 3/10 tại đường Lê Bình, thành phố Cần Thơ sau hai năm xây dựng.",
        ),
        # two names of one country
        (
            "Đoàn chuyên gia của Mỹ đã đến kiểm tra chất lượng lô hàng thủy sản đầu tiên trong năm.",
            "Đoàn chuyên gia của Hoa Kỳ đã đến kiểm tra chất lượng lô hàng thủy sản đầu tiên trong năm.",
        ),
        # a list in another order and with one more
        (
            "Tàu chở thuyền viên mang quốc tịch Anh, Ba Lan, Chile và Nga đã cập cảng để tiếp nhiên liệu.",
            "Tàu chở thuyền viên mang quốc tịch Anh, Nga, Ba Lan, Chile và Peru đã cập cảng để tiếp nhiên liệu.",
        ),
    ],
)
def test_names_that_are_no_rivals(left, right):
    assert found(left, right) == []


def test_two_names_that_both_articles_give_are_two():
    left = "Hội chợ nông sản ở Cà Mau thu hút đông đảo thương lái các nơi đến đặt hàng."
    right = "Hội chợ nông sản ở Bạc Liêu thu hút đông đảo thương lái các nơi đến đặt hàng."
    assert found(left, right) == [("Cà Mau", "Bạc Liêu")]
    also = " Người trồng tôm từ {} cũng có gian hàng riêng."
    assert found(left + also.format("Bạc Liêu"), right + also.format("Cà Mau")) == []


@pytest.mark.parametrize(
    ("slot", "left", "right", "expected"),
    [
        ("figure", "tỷ số 2-1", "tỷ số 1-2", None),
        ("figure", "tỷ số 2-1", "tỷ số 3-1", "conflict"),
        ("date", "hồi tháng 3", "hồi tháng 3", None),
        ("title", "Chủ tịch Trung Quốc", "Chủ tịch nước", None),
        ("title", "Phó Chủ tịch nước", "Chủ tịch nước", "conflict"),
        ("place", "Thừa Thiên - Huế", "Quảng Ninh", "conflict"),
        ("place", "Nga", "Liên bang Nga", None),
    ],
)
def test_kinds_of_two_values(slot, left, right, expected):
    sides = [
        statement(article, article.sentences[0])
        for article in (
            article_from_text(side, f"Theo báo chí, {words} được nhắc đến nhiều lần.", date=date)
            for side, words, date in (("one", left, DAYS[0]), ("other", right, DAYS[1]))
        )
    ]
    tokens = [next(token for token in side.tokens if token.slot == slot) for side in sides]
    assert kind_of_difference(*tokens, 0.9) == expected


def test_the_day_that_is_spelled_out_is_what_the_sentence_says():
    def days(words):
        article = article_from_text("one", words, date=DAYS[1])
        return [
            token.key for token in statement(article, article.sentences[0]).tokens if token.slot == "date"
        ]

    assert days("Hôm nay (3/6), hội chợ sách mùa hè khai mạc tại công viên.") == ["date:2026-06-03"]
    assert days("Sáng nay, ngày 3/6, hội chợ sách mùa hè khai mạc tại công viên.") == ["date:2026-06-03"]
    assert days("Hôm nay hội chợ sách mùa hè khai mạc tại công viên.") == ["date:2026-05-02"]
