"""Claims: what several articles say in other words is one claim; other occasions and other speakers stay apart."""

import datetime as dt

import pytest

from jobs.evaluate.clustering import article_from_text
from jobs.reconcile.claims import group_claims

DAY = dt.date(2026, 3, 20)


def article(identity, *sentences):
    return article_from_text(identity, " ".join(sentences), date=DAY)


def grouped(*articles, speakers=None):
    """Return the claims as sets of (article, sentence)."""
    claims = group_claims(articles, copies={}, speakers=speakers or {}, doubt={})
    return {frozenset(claim.places()) for claim in claims}


OPENING = (
    (
        "Ngày 20/3/2026, Lễ khai mạc Diễn đàn Cảng xanh châu Á (AGPF) lần thứ 4 do Việt Nam đăng cai đã được tổ chức "
        "trang trọng tại Hải Phòng."
    ),
    (
        "Ngày 20/3, Lễ khai mạc Diễn đàn Cảng xanh châu Á lần thứ 4 (AGPF) đã diễn ra trang trọng tại Hải Phòng, mở "
        "đầu tuần lễ hàng hải lớn nhất của khu vực trong năm."
    ),
    (
        "Sáng 20/3, Phó Thủ tướng Nguyễn Văn Lâm dự lễ khai mạc Diễn đàn Cảng xanh châu Á (AGPF) lần thứ 4 do Việt "
        'Nam đăng cai tổ chức với chủ đề "Cảng xanh: Từ cam kết đến hành động".'
    ),
)
OTHERS = (
    "Khoảng 40 hãng tàu đã gửi đăng ký tham gia khu trưng bày thiết bị bốc dỡ chạy điện.",
    "Thành phố bố trí thêm xe buýt đưa đón khách từ sân bay Cát Bi về trung tâm hội nghị.",
    "Ban tổ chức cho biết các phiên thảo luận kỹ thuật sẽ được truyền hình trực tiếp.",
)


def test_an_opening_told_by_three_articles_is_one_claim():
    sides = [article(f"a{n}", OPENING[n], OTHERS[n]) for n in range(3)]
    claims = grouped(*sides)
    assert frozenset({("a0", 1), ("a1", 1), ("a2", 1)}) in claims
    assert {frozenset({(f"a{n}", 2)}) for n in range(3)} <= claims


def test_one_article_more_changes_no_claim_of_the_others():
    sides = [article(f"a{n}", OPENING[n], OTHERS[n]) for n in range(3)]
    before = grouped(*sides)
    for repeats in (1, 12):
        more = article("more", *(f"Diễn đàn Cảng xanh châu Á bàn về đội tàu số {n}." for n in range(repeats)))
        after = grouped(*sides, more)
        assert before <= {frozenset(place for place in claim if place[0] != "more") for claim in after}


def test_a_lead_and_the_sentence_of_its_own_article_that_repeats_it_are_one_claim():
    lead = "Thành phố Hải Phòng giảm 30% phí cầu bến cho tàu chạy khí hóa lỏng từ tháng 6 năm nay."
    again = (
        "Theo đó, từ tháng 6 năm nay thành phố Hải Phòng giảm 30% phí cầu bến cho các tàu chạy khí hóa lỏng."
    )
    assert frozenset({("one", 1), ("one", 3)}) in grouped(article("one", lead, OTHERS[0], again))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (  # the opening and the closing: two days
            "Lễ khai mạc Diễn đàn Cảng xanh châu Á lần thứ 4 đã diễn ra trang trọng ngày 20/3 tại Hải Phòng.",
            "Lễ bế mạc Diễn đàn Cảng xanh châu Á lần thứ 4 dự kiến diễn ra ngày 22/3 tại Hải Phòng.",
        ),
        (  # one slogan, two things said about it
            'Phó Thủ tướng Nguyễn Văn Lâm mong chủ đề "Cảng xanh: Từ cam kết đến hành động" sớm được đưa vào kế hoạch.',
            'Ban tổ chức đã in chủ đề "Cảng xanh: Từ cam kết đến hành động" lên vé xe buýt của thành phố.',
        ),
        (  # one speaker, two statements
            '"Chúng tôi đã đặt mua hai cần trục chạy điện", bà Vũ Thị Lan, Giám đốc Cảng Bạch Đằng, nói.',
            "Bà Vũ Thị Lan, Giám đốc Cảng Bạch Đằng, cho rằng giá điện giờ cao điểm cần được tính lại.",
        ),
    ],
)
def test_what_only_sounds_alike_stays_apart(left, right):
    one, other = article("one", OTHERS[0], left), article("two", OTHERS[1], right)
    assert grouped(one, other) == {frozenset({(side, n)}) for side in ("one", "two") for n in (1, 2)}


def test_the_same_words_by_two_speakers_are_two_claims():
    said = "Ông cho rằng các cảng nhỏ cần được vay vốn ưu đãi để mua cần trục chạy điện trong năm nay."
    sides = article("one", OTHERS[0], said), article("two", OTHERS[1], said)
    same = frozenset({("one", 2), ("two", 2)})
    assert same in grouped(*sides)
    assert same in grouped(*sides, speakers={("one", 2): "tran an", ("two", 2): "tran an"})
    assert same not in grouped(*sides, speakers={("one", 2): "tran an", ("two", 2): "do minh"})


def test_another_figure_in_the_same_words_is_still_the_same_claim():
    said = "Cảng Bạch Đằng đã bốc dỡ {} tấn hàng trong quý đầu năm, tăng một phần tư so với cùng kỳ."
    one = article("one", OTHERS[0], said.format("410.000"))
    other = article("two", OTHERS[1], said.format("470.000"))
    assert frozenset({("one", 2), ("two", 2)}) in grouped(one, other)
