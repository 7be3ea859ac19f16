"""Differences between sources: planted conflicts are found, agreement raises no alarm, copies do not outvote."""

import datetime as dt

import pytest
from planted import article, differences, is_found, load_pairs, plant

from jobs.evaluate.clustering import article_from_text
from jobs.reconcile.claims import group_claims
from jobs.reconcile.copies import CopyLink
from jobs.reconcile.discrepancies import find_differences, replay

CASES = plant()
DAY = dt.date(2026, 1, 15)
FINED = (
    "Trong đêm, tổ công tác đã phạt {} đua xe trái phép trên đại lộ. "
    "Tổ công tác cũng đã phạt {} đua xe trái phép trên đại lộ."
)


def text(identity, words, day=DAY):
    return article_from_text(identity, words, date=day)


def kinds(*articles):
    return sorted((item.slot, item.kind) for item in differences(articles))


def test_the_generator_plants_enough_of_every_kind():
    counts = {kind: sum(case.kind == kind for case in CASES) for kind in {case.kind for case in CASES}}
    assert len(CASES) >= 200
    assert set(counts) == {"figure", "date", "place", "name", "title", "negation"}
    assert min(counts.values()) >= 20


def test_planted_conflicts_are_found_with_both_sources():
    missed = [case.id for case in CASES if not is_found(case, differences(case.articles))]
    assert len(missed) <= 0.05 * len(CASES), missed


@pytest.mark.parametrize("kind", ["figure", "date", "place", "name", "title", "negation"])
def test_a_conflict_inside_a_near_copy_is_always_found(kind):
    copies = [case for case in CASES if case.kind == kind and case.id.endswith(":b")]
    assert [case.id for case in copies if not is_found(case, differences(case.articles))] == []


def test_rewrites_and_copies_without_a_difference_raise_no_alarm():
    alarms = []
    for pair in load_pairs():
        one, other = article(pair, "a"), article(pair, "b")
        reprint = article(pair, "a2", pair["text_a"])
        for sides in ((one, other), (one, reprint), (one, other, reprint)):
            alarms += [
                (pair["id"], item.slot, item.kind) for item in differences(sides) if item.kind == "conflict"
            ]
    assert alarms == []


COVERAGE = {
    "series": "Chuỗi hội nghị số của khu vực diễn ra từ ngày 12-16/1 tại Hà Nội với nhiều phiên họp.",
    "officials": "Hội nghị quan chức cao cấp số diễn ra từ ngày 12-14/1 tại Hà Nội với nhiều phiên họp.",
    "opening": "Sáng 15/1, lễ khai mạc hội nghị số của khu vực diễn ra tại Hà Nội.",
}


def test_a_series_one_of_its_meetings_and_the_opening_do_not_conflict():
    sides = [text(name, words) for name, words in COVERAGE.items()]
    assert [item for item in differences(sides) if item.kind == "conflict"] == []


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (
            'Hội nghị có chủ đề "Biển thích ứng: Từ đánh bắt đến nuôi trồng bền vững".',
            'Hội nghị có chủ đề "Biển thích ứng: Từ đánh bắt sang nuôi trồng bền vững".',
            [("quotation", "wording")],
        ),
        (
            "Doanh nghiệp nhỏ chiếm hơn 97% tổng số doanh nghiệp của cả khu vực.",
            "Doanh nghiệp nhỏ chiếm 97% tổng số doanh nghiệp của cả khu vực.",
            [("figure", "precision")],
        ),
        (
            "Quy mô thương mại điện tử năm ngoái của nước ta đạt khoảng 36 tỷ USD.",
            "Quy mô thương mại điện tử năm ngoái của nước ta đạt 36,2 tỷ USD.",
            [("figure", "precision")],
        ),
        (
            "Quy mô thương mại điện tử năm ngoái của nước ta đạt 31 tỷ USD.",
            "Quy mô thương mại điện tử năm ngoái của nước ta đạt 36 tỷ USD.",
            [("figure", "conflict")],
        ),
        (
            "Tuyến cáp quang trên đất liền dài 3.500 km đã được đưa vào khai thác.",
            "Tuyến cáp quang trên đất liền dài 3.500 km đã được đưa vào khai thác.",
            [],
        ),
        (
            "Hội nghị sẽ bế mạc vào chiều 16/1 với lễ ký tuyên bố chung.",
            "Hội nghị sẽ bế mạc vào chiều 16 tháng 1 với lễ ký tuyên bố chung.",
            [],
        ),
        (
            "Dự án khởi công tháng 9/2023 và sẽ hoàn thành trong năm nay.",
            "Dự án khởi công ngày 5/9/2023 và sẽ hoàn thành trong năm nay.",
            [("date", "precision")],
        ),
        (
            "Phát biểu tại lễ ký, ông Lê Văn Thành cho biết dự án sẽ được mở rộng.",
            "Phát biểu tại lễ ký, ông Thành cho biết dự án sẽ được mở rộng.",
            [],
        ),
        (
            "Bộ trưởng Lê Văn Thành cho biết dự án sẽ được mở rộng trong năm tới.",
            "Thứ trưởng Lê Văn Thành cho biết dự án sẽ được mở rộng trong năm tới.",
            [("title", "conflict")],
        ),
        (
            "Ban quản lý khẳng định không tăng giá vé tàu trong hai năm đầu khai thác.",
            "Ban quản lý khẳng định tăng giá vé tàu trong hai năm đầu khai thác.",
            [("negation", "conflict")],
        ),
    ],
)
def test_kinds(left, right, expected):
    assert kinds(text("one", left), text("two", right)) == expected


@pytest.mark.parametrize(
    ("left", "right"),
    [
        # what is denied of one thing is affirmed of another one
        (
            "Cơ quan điều tra không khởi tố tội trộm cắp mà chỉ khởi tố tội phá hoại tài sản đối với nhóm thanh niên.",
            "Cơ quan điều tra khởi tố tội phá hoại tài sản đối với nhóm thanh niên vào chiều thứ Sáu.",
        ),
        # one negation over two verbs, and said twice
        (
            "Nguyên nhân là các đơn vị chưa thật sự quyết liệt, chưa làm hết trách nhiệm trong việc kiểm tra.",
            "Nguyên nhân là các đơn vị chưa thật sự quyết liệt, làm hết trách nhiệm trong việc kiểm tra.",
        ),
        # the negation stands at another place
        (
            "Báo cáo có nêu kết quả xử lý, nhưng chưa chỉ rõ địa chỉ vi phạm ở ngành nào, địa phương nào.",
            "Báo cáo có nêu kết quả xử lý, nhưng chỉ rõ địa chỉ vi phạm ở ngành nào, địa phương nào thì chưa thấy.",
        ),
        # `không ngừng` denies nothing
        (
            "Nhờ làm muối sạch, thu nhập của diêm dân trong xã không ngừng tăng qua các vụ gần đây.",
            "Nhờ làm muối sạch, thu nhập của diêm dân trong xã ngừng tăng qua các vụ gần đây, rồi lại tăng.",
        ),
        # another region
        (
            "Thủ đô Hà Nội nhiều mây, không mưa, trưa chiều giảm mây trời nắng, đêm trời lạnh.",
            "Vùng núi phía bắc có mưa vài nơi, nhiều mây, trưa chiều giảm mây trời nắng, đêm trời lạnh.",
        ),
        # both tell both numbers
        (
            FINED.format("5 đối tượng tham gia", "17 đối tượng tham gia cổ vũ"),
            FINED.format("17 đối tượng tham gia cổ vũ", "5 đối tượng"),
        ),
    ],
)
def test_what_only_looks_like_a_conflict(left, right):
    assert [item for item in kinds(text("one", left), text("two", right)) if item[1] == "conflict"] == []


@pytest.mark.parametrize(
    ("left", "right"),
    [
        # a mark of tense gives way to the negation
        (
            "Sáng 4/6, tại trụ sở tỉnh, Chủ tịch tỉnh đã tiếp đoàn doanh nghiệp đến khảo sát khu công nghiệp mới.",
            "Sáng 4/6, tại trụ sở tỉnh, Chủ tịch tỉnh chưa tiếp đoàn doanh nghiệp đến khảo sát khu công nghiệp mới.",
        ),
        # the denied words stand once more in both
        (
            "Công ty sẽ đầu tư thêm 4 trang trại mới với tổng vốn đầu tư khoảng 3.000 tỷ đồng tại miền Trung.",
            "Công ty sẽ không đầu tư thêm 4 trang trại mới với tổng vốn đầu tư khoảng 3.000 tỷ đồng tại miền Trung.",
        ),
        # the other sentence denies something else
        (
            "Chủ đầu tư cho biết dự án sẽ bàn giao căn hộ cho người mua vào cuối năm.",
            "Chủ đầu tư cho biết dự án chưa được cấp nước sạch và sẽ không bàn giao căn hộ cho người mua vào cuối năm.",
        ),
        (
            "Chủ đầu tư không nêu lý do nhưng cho biết dự án sẽ bàn giao căn hộ cho người mua vào cuối năm.",
            "Chủ đầu tư cho biết dự án sẽ không bàn giao căn hộ cho người mua vào cuối năm.",
        ),
        # another negation before it does not reach as far
        (
            "Nếu không có gì bất thường thì sẽ tái lập mặt đường để người dân đi lại.",
            "Nếu không có gì bất thường thì sẽ không tái lập mặt đường để người dân đi lại.",
        ),
    ],
)
def test_denials(left, right):
    assert kinds(text("one", left), text("two", right)) == [("negation", "conflict")]


def test_a_title_of_a_bearer_whose_name_is_spelled_otherwise_conflicts():
    said = "{} cho biết mỗi năm trên cả nước có 16 nghìn ca cấp cứu vì bệnh này."
    one = text("one", said.format("Chủ tịch Hội Tim mạch Stephen Davis"))
    other = text("two", said.format("Phó Chủ tịch Hội Tim mạch Stephen Daivis"))
    assert ("title", "conflict") in kinds(one, other)


def test_both_values_carry_their_sentences_and_copies_count_once():
    said = "Đợt mưa lũ tại huyện Tương Dương làm {} ngôi nhà bị sập và nhiều tuyến đường sạt lở."
    sides = [
        text("first", said.format(41)),
        text("second", said.format(47)),
        text("reprint", said.format(47)),
    ]
    copies = {"reprint": CopyLink(original="second", share=1.0)}
    claims = group_claims(sides, copies=copies, speakers={}, doubt={})
    (found,) = find_differences(
        claims, copies=copies, dates=dict.fromkeys(("first", "second", "reprint"), DAY)
    )
    by_value = {value.value: value for value in found.values}
    assert by_value["41"].sources == (("first", 1),)
    assert by_value["47"].sources == (("reprint", 1), ("second", 1))
    assert (by_value["41"].voices, by_value["47"].voices) == (1, 1)
    assert (found.preferred, found.reason) == (None, "none")


def test_more_sources_and_recency_decide_and_can_be_replayed():
    said = "Đợt mưa lũ tại huyện Tương Dương làm {} ngôi nhà bị sập và nhiều tuyến đường sạt lở."
    later = text("late", said.format(47), DAY + dt.timedelta(days=1))
    (found,) = differences([text("first", said.format(41)), later])
    assert found.reason == "more_recent"
    assert found.values[found.preferred].value == "47"
    other = (
        "Nước sông dâng nhanh trong đêm. Theo báo cáo mới nhất, đợt mưa lũ tại huyện Tương Dương làm 41 ngôi nhà bị "
        "sập và nhiều tuyến đường sạt lở. Học sinh các xã vùng cao phải nghỉ học đến cuối tuần."
    )
    first = said.format(41) + " Chính quyền xã đã dựng lều tạm cho các hộ mất nhà."
    three = [text("first", first), text("other", other), later]
    (found,) = differences(three)
    assert found.reason == "more_sources"
    assert found.values[found.preferred].value == "41"
    assert replay(found.values, found.kind) == (found.preferred, found.reason)


def test_many_differing_figures_are_two_occasions():
    said = "Chốt phiên, chỉ số tăng {} điểm lên {} điểm, thanh khoản {} tỷ đồng, khối ngoại mua {} tỷ đồng."
    one, other = (
        text("one", said.format("12,4", "1.643", "32.400", "865")),
        text("two", said.format("8,7", "1.651", "28.900", "1.120")),
    )
    assert kinds(one, other) == []
