"""Copies: reprints and cuts of one text are one voice, rewrites are not."""

import datetime as dt

import pytest
from planted import article, load_pairs

from jobs.evaluate.clustering import article_from_text
from jobs.reconcile.copies import CopyLink, find_copies, voices

PAIR = load_pairs()[0]
LONG = " ".join(pair["text_a"] for pair in load_pairs()[:4])


def text(identity, words, date=None):
    return article_from_text(identity, words, date=date)


def test_an_exact_reprint_is_a_copy_of_the_earlier_one():
    early, late = dt.date(2026, 1, 14), dt.date(2026, 1, 15)
    assert find_copies([text("late", LONG, late), text("early", LONG, early)]) == {
        "late": CopyLink(original="early", share=1.0)
    }


@pytest.mark.parametrize(
    "edit",
    [
        lambda words: words.replace("khoảng", "chừng"),
        lambda words: words[: len(words) * 2 // 3],
        lambda words: "Theo TTXVN. " + words + " Mời bạn đọc theo dõi tiếp.",
        str.upper,
    ],
    ids=["a word changed", "cut", "framed", "capitals"],
)
def test_edited_reprints_are_copies(edit):
    found = find_copies([text("one", LONG), text("two", edit(LONG))])
    assert len(found) == 1
    assert next(iter(found.values())).share >= 0.7


def test_rewrites_of_one_event_are_no_copies():
    articles = [article(pair, side) for pair in load_pairs() for side in "ab"]
    assert find_copies(articles) == {}


def test_a_chain_of_copies_has_one_original_and_one_voice():
    third = len(LONG) // 8
    articles = [text("a", LONG), text("b", LONG[:-third]), text("c", LONG[: -2 * third])]
    copies = find_copies(articles)
    assert {link.original for link in copies.values()} == {"a"}
    assert set(copies) == {"b", "c"}
    assert voices(["a", "b", "c"], copies) == 1
    assert voices(["a", "b", "other"], copies) == 2


def test_short_texts_are_compared_too():
    assert set(find_copies([text("a", "Mưa lớn ở Huế."), text("b", "Nắng nóng ở Vinh.")])) == set()
