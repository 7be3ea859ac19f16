"""Merged summaries: what articles share comes first, once, and the length is reached."""

import pytest
from planted import article, load_pairs

from jobs.evaluate.clustering import article_from_text, split_title
from jobs.evaluate.metrics import syllables
from jobs.summarize.merged import merged_summary

SHARED = "Trận lũ quét làm 37 ngôi nhà ở bản Sài Khao bị cuốn trôi hoàn toàn trong đêm."
ARTICLES = [
    article_from_text(
        "one",
        f"Mưa lớn kéo dài suốt hai ngày qua ở vùng núi Thanh Hóa. {SHARED} "
        "Bộ đội dựng lán trại cho các hộ dân mất nhà. Giá rau ở chợ huyện tăng nhẹ so với tuần trước đó. "
        "Trường học trong vùng sẽ mở cửa lại vào thứ hai tới.",
        title="Lũ quét cuốn trôi 37 ngôi nhà ở Sài Khao",
    ),
    article_from_text(
        "two",
        f"Nhiều tuyến đường lên vùng cao vẫn còn bị chia cắt. {SHARED} Đoàn cứu trợ đầu tiên đã mang gạo tới nơi. "
        "Một nhóm bạn trẻ tổ chức đêm nhạc quyên góp ở thành phố. Cơ quan khí tượng dự báo trời sẽ tạnh ráo dần.",
        title="Sài Khao sau trận lũ quét trong đêm",
    ),
]


def said(articles, places):
    texts = {(item.id, sentence.n): sentence.text for item in articles for sentence in item.sentences}
    return [texts[place] for place in places]


def test_what_both_articles_tell_is_chosen_first_and_said_once():
    texts = said(ARTICLES, merged_summary(ARTICLES, syllables=18))
    assert texts[0] == SHARED
    longer = said(ARTICLES, merged_summary(ARTICLES, syllables=90))
    assert longer.count(SHARED) == 1


@pytest.mark.parametrize("length", [1, 20, 45, 80])
def test_the_length_is_reached_and_only_the_last_sentence_passes_it(length):
    texts = said(ARTICLES, merged_summary(ARTICLES, syllables=length))
    counts = [len(syllables(text)) for text in texts]
    assert sum(counts) >= length
    assert sum(counts[:-1]) < length


def test_more_than_there_is_gives_every_new_sentence():
    places = merged_summary(ARTICLES, syllables=10_000)
    assert len(places) == len(set(places)) == 9  # ten sentences, one of them in both articles


def test_whole_sentences_come_in_the_order_of_their_articles():
    places = merged_summary(ARTICLES, syllables=60)
    assert [n for _, n in places[:-1]] == sorted(n for _, n in places[:-1])


def test_the_order_of_articles_decides_nothing_but_ties():
    articles = [article(pair, side) for pair in load_pairs()[:3] for side in "ab"]
    one = set(said(articles, merged_summary(articles, syllables=120)))
    other = set(said(articles, merged_summary(articles[::-1], syllables=120)))
    assert one == other


def test_nothing_in_nothing_out():
    assert merged_summary([], syllables=50) == ()
    assert merged_summary([article_from_text("empty", "")], syllables=50) == ()


def test_captions_and_titles_are_not_summarised():
    items = ARTICLES[0].sentences
    caption = items[1].model_copy(update={"role": "caption"})
    changed = ARTICLES[0].model_copy(update={"sentences": (items[0], caption, *items[2:])})
    assert (changed.id, 2) not in merged_summary([changed], syllables=500)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Lũ quét ở Sài Khao\n\nRạng sáng nay lũ về.", "Lũ quét ở Sài Khao"),
        ("Rạng sáng nay lũ về.\nNhiều nhà bị trôi.", None),
        ("Lũ quét ở Sài Khao", None),
        (" ".join(["rất"] * 40) + "\nRạng sáng nay lũ về.", None),
    ],
    ids=["headline", "sentence", "nothing after it", "too long"],
)
def test_a_first_line_is_a_headline_only_if_it_looks_like_one(text, title):
    assert split_title(text)[0] == title
