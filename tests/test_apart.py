"""Two values that look like rivals: what beside them says that they answer two questions, and what does not."""

import datetime as dt

import pytest

from jobs.evaluate.clustering import article_from_text
from jobs.reconcile.apart import apart
from jobs.reconcile.facts import Token, statement
from jobs.reconcile.kinds import kind_of_difference

DAY = dt.date(2026, 1, 15)
LIKE, LOOSELY = 0.5, 0.4


def marked(identity, words):
    """Return the statement and the position of the value in brackets."""
    start = words.index("⟦")
    article = article_from_text(identity, words.replace("⟦", "").replace("⟧", ""), date=DAY)
    item = statement(article, article.sentences[0])
    return item, next(at for at, token in enumerate(item.tokens) if token.start <= start < token.end)


def tell_apart(left, right, alike):
    one, i = marked("one", left)
    other, j = marked("two", right)
    found = apart(one, i, other, j, alike)
    assert apart(other, j, one, i, alike) == found
    return found


@pytest.mark.parametrize(
    ("left", "right"),
    [
        # of a week and of a year
        ("Tuần này, quỹ sẽ giải ngân ⟦200 tỷ đồng⟧.", "Cả năm 2026, quỹ sẽ giải ngân ⟦900 tỷ đồng⟧."),
        # of each and of all
        (
            "Vòng chung kết có ⟦144⟧ học sinh tranh tài.",
            "Mỗi đội gồm ⟦3⟧ học sinh tranh tài ở vòng chung kết.",
        ),
        # told of before
        (
            "Từ đầu năm, tỉnh xảy ra ⟦5⟧ vụ cháy rừng lớn.",
            "Cơ quan chức năng chưa kết luận về ⟦2⟧ vụ cháy rừng trên.",
        ),
        # one of a row
        (
            "Nhóm hàng lương thực thực phẩm tăng ⟦1,2%⟧.",
            "Trong nhóm hàng này, gạo lên 3,4%, thịt lên ⟦0,9%⟧ và rau lên 2,5%.",
        ),
        # other things counted
        (
            "Trường trao học bổng cho ⟦12⟧ tân sinh viên nghèo.",
            "Lễ trao học bổng nhận ⟦40⟧ suất quà từ doanh nghiệp.",
        ),
        # a number in words, a unit left out, a figure torn by a space
        (
            "Thỏa thuận giữa ⟦2⟧ hãng tin được ký sáng nay.",
            "Thỏa thuận giữa hai hãng tin kéo dài ⟦7⟧ hãng tin.",
        ),
        (
            "Lũy kế chín tháng, công ty lãi ⟦1.520 tỷ đồng⟧.",
            "Quý này công ty lãi ⟦507 tỷ đồng⟧, lũy kế đạt 1.520, vượt kế hoạch.",
        ),
        ("Vòng thi của mùa ⟦2012⟧ khép lại.", "Vòng thi của mùa 201 ⟦2⟧ khép lại."),
        # ranks of different things
        ("Đây là lần thứ ⟦4⟧ đội vào chung kết.", "Đội đoạt giải thứ ⟦3⟧ ở chung kết."),
    ],
)
def test_figures_that_answer_two_questions(left, right):
    assert tell_apart(left, right, LIKE)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Cả năm 2026, quỹ sẽ giải ngân ⟦200 tỷ đồng⟧.", "Cả năm 2026, quỹ sẽ giải ngân ⟦900 tỷ đồng⟧."),
        ("Mỗi tuần có ⟦4⟧ chuyến bay thẳng.", "Hãng bay thẳng ⟦7⟧ chuyến mỗi tuần."),
        ("Kho rộng ⟦2.500 m2⟧ trên đường ven biển.", "Kho rộng ⟦5.500 m2⟧ chứa đầy hàng."),
        ("Trường trao ⟦12⟧ suất học bổng.", "Trường trao ⟦40⟧ suất học bổng."),
        ("Đây là lần thứ ⟦4⟧ đội vào chung kết.", "Đây là lần thứ ⟦3⟧ đội vào chung kết."),
        ("Triển lãm mừng ⟦55 năm⟧ hợp tác.", "Triển lãm mừng ⟦75 năm⟧ hợp tác bày 55 bức ảnh màu."),
    ],
)
def test_figures_that_stay_rivals(left, right):
    assert not tell_apart(left, right, LIKE)


@pytest.mark.parametrize(
    ("left", "right", "alike"),
    [
        # an airport and its city
        (
            "Hai cửa hàng ở sân bay quốc tế ⟦Nội Bài⟧ được hoạt động.",
            "Hai cửa hàng của ⟦Hà Nội⟧ được hoạt động.",
            0.7,
        ),
        # a country in its region, a province in its country
        (
            "⟦Philippines⟧ đang tranh chấp vùng biển này.",
            "Quốc gia ⟦Đông Nam Á⟧ tranh chấp vùng biển này.",
            0.7,
        ),
        (
            "Đêm nhạc diễn ra tại ⟦Việt Nam⟧ từ năm ngoái.",
            "Đêm nhạc tới Nhà hát Lớn ⟦Hà Nội⟧ vào tuần sau.",
            0.7,
        ),
        ("Diễn đàn mở tại ⟦Hà Nội⟧ sáng nay.", "Chương trình triển khai tại ⟦Việt Nam⟧.", LOOSELY),
        # where somebody is from
        (
            "Nhạc trưởng người ⟦Canada⟧ dẫn dắt dàn nhạc.",
            "Dàn nhạc đến từ ⟦Ba Lan⟧ có truyền thống lâu đời.",
            0.7,
        ),
        # by-lines
        (
            "Phiên tòa hoãn vì hai nét chữ khác nhau ⟦Thanh Nhã⟧",
            "Phiên tòa hoãn vì hai nét chữ khác nhau ⟦Minh Phương⟧ 0",
            0.9,
        ),
    ],
)
def test_names_that_answer_two_questions(left, right, alike):
    assert tell_apart(left, right, alike)


@pytest.mark.parametrize(
    ("left", "right", "alike"),
    [
        (
            "Máy bay hạ cánh xuống sân bay ⟦Nội Bài⟧ lúc rạng sáng.",
            "Máy bay hạ cánh xuống sân bay ⟦Cát Bi⟧ lúc rạng sáng.",
            0.9,
        ),
        ("Đoàn đến thăm ⟦Việt Nam⟧ ba ngày.", "Đoàn đến thăm ⟦Hải Phòng⟧ ba ngày.", 0.9),
        ("Đoàn đến thăm ⟦Lào⟧ ba ngày.", "Đoàn đến thăm ⟦Hải Phòng⟧ ba ngày.", LOOSELY),
        (
            "Đoàn kiểm tra do ông ⟦Lê Văn Tám⟧ dẫn đầu.",
            "Đoàn kiểm tra do ông ⟦Trần Quốc Khải⟧ dẫn đầu.",
            0.9,
        ),
        ("Người trúng cử là ông ⟦Lê Văn Tám⟧", "Người trúng cử là ông ⟦Trần Quốc Khải⟧", 0.9),
    ],
)
def test_names_that_stay_rivals(left, right, alike):
    assert not tell_apart(left, right, alike)


def test_a_title_that_the_other_sentence_gives_in_another_form_has_no_rival():
    left = "Sáng nay, ⟦Phó Thủ tướng Chính phủ⟧ Lê Văn Tám khai mạc hội nghị."
    both = "Sáng nay, ⟦Trưởng ban⟧ Chỉ đạo, Phó Thủ tướng Lê Văn Tám khai mạc hội nghị."
    another = (
        "Sáng nay, ⟦Trưởng ban⟧ Chỉ đạo Lê Văn Tám, cùng Phó Thủ tướng Trần Quốc Khải, khai mạc hội nghị."
    )
    assert tell_apart(left, both, 0.8)
    assert not tell_apart(left, another, 0.8)


def test_the_last_of_a_row_of_offices_is_its_bearers_too():
    left = (
        "Sáng nay, ông Lê Văn Tám, Bí thư Thành ủy, cố vấn cấp cao của hội người cao tuổi, "
        "⟦Trưởng đoàn đại biểu Quốc hội⟧ khai mạc hội nghị."
    )
    right = "Chiều nay, ⟦Phó Thủ tướng⟧, Trưởng đoàn đại biểu Quốc hội Lê Văn Tám khai mạc hội nghị."
    assert tell_apart(left, right, 0.8)
    assert not tell_apart(left, right.replace("Lê Văn Tám", "Trần Quốc Khải"), 0.8)


def name(text):
    return Token(slot="name", key=f"name:{text.lower()}", text=text, start=0, end=len(text))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Bộ LĐTBXH", "Bộ Lao động, Thương binh và Xã hội", None),
        ("Trung ương MTTQ Việt Nam", "Trung ương Mặt trận Tổ quốc Việt Nam", None),
        ("Bộ GTVT", "Bộ Lao động, Thương binh và Xã hội", "wording"),
        ("Norvell", "Norvel", "wording"),
        ("Norvell", "Morwell", "conflict"),
        ("Lan", "Loan", "conflict"),
    ],
)
def test_abbreviated_bodies_and_misspelt_names(one, other, expected):
    assert kind_of_difference(name(one), name(other), 0.8) == expected
    assert kind_of_difference(name(other), name(one), 0.8) == expected
