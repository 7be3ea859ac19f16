"""Reading: every format and encoding gives the same article; the sample articles are read without noise."""

import datetime as dt
import json
import unicodedata
from pathlib import Path

import ingest_files as files
import pytest

from jobs.errors import NoInputError
from jobs.ingest import assign_ids, discover, input_file, read_file
from jobs.records import BRIEFED_ROLES

SEEDS = Path(__file__).resolve().parent.parent / "seeds"


def read(path, data, **options):
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_file(input_file(path), **options)


def article(path, data, **options):
    (outcome,) = read(path, data, **options)
    assert outcome.article is not None, outcome.reason
    return outcome.article


def told(found):
    return [item.text for item in found.sentences if item.role in ("lead", "body")]


# ---- formats -----------------------------------------------------------------------------


def test_text(tmp_path):
    found = article(tmp_path / "a.txt", f"{files.TITLE}\n\n{files.TEXT}")
    assert (found.title, told(found)) == (files.TITLE, files.SENTENCES)


def test_markdown(tmp_path):
    source = (
        "---\ntitle: Ba tỉnh bàn chuyện nước\ndate: 2026-01-15\nsource: Báo Sông Đà\nauthor: 'Minh Khuê'\n---\n\n"
        f"{files.LEAD.replace('Hòa Bình', '**Hòa Bình**')}\n\n## Ba việc phải làm\n\n"
        + "\n\n".join(files.BODY).replace("hạ du", "[hạ du](https://songda.example)")
    )
    found = article(tmp_path / "a.md", source)
    assert (found.title, found.source, found.author) == (files.TITLE, "Báo Sông Đà", "Minh Khuê")
    assert found.date == dt.date(2026, 1, 15)
    assert told(found) == files.SENTENCES
    assert [item.text for item in found.sentences if item.role == "boilerplate"] == ["Ba việc phải làm"]


def test_markdown_heading_is_the_title_and_lists_stay(tmp_path):
    items = "Hội nghị thống nhất:\n\n* Xả nước theo lịch chung\n* Lập quỹ của ba tỉnh\n"
    source = f"# {files.TITLE}\n\n{files.TEXT}\n\n{items}"
    found = article(tmp_path / "a.md", source)
    assert found.title == files.TITLE
    assert told(found)[-2:] == ["- Xả nước theo lịch chung", "- Lập quỹ của ba tỉnh"]


def test_html(tmp_path):
    found = article(tmp_path / "a.html", files.page([files.LEAD, *files.BODY]))
    assert (found.title, told(found)) == (files.TITLE, files.SENTENCES)


def test_html_lead_only_in_the_description(tmp_path):
    head = f'<meta name="description" content="{files.LEAD}">'
    found = article(tmp_path / "a.html", files.page(files.BODY, head=head))
    assert told(found) == files.SENTENCES
    assert found.sentences[0].role == "lead"


@pytest.mark.parametrize(
    "description",
    [
        "Báo Sông Đà - tin nhanh, tin nóng trong ngày, thời sự, thể thao, giải trí, cập nhật 24 giờ mỗi ngày.",
        "Hội nghị Nước sạch khai mạc sáng 15/1 tại Hòa Bình với hơn 200 khách mời đến...",
        "Tin nóng",
    ],
    ids=["slogan", "half a sentence", "too short"],
)
def test_html_descriptions_that_are_no_lead(tmp_path, description):
    head = f'<meta name="description" content="{description}">'
    found = article(tmp_path / "a.html", files.page(files.BODY, head=head))
    assert told(found) == files.SENTENCES[1:]


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ('<meta property="article:published_time" content="2026-01-15T08:00:00+07:00">', 15),
        ('<meta itemprop="datePublished" content="2026-01-16">', 16),
        (
            '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2026-01-17"}</script>',
            17,
        ),
        (
            """<script type="application/ld+json">{"@graph":[{"@type":"WebSite"},
            {"@type":["NewsArticle"],"datePublished":"2026-01-18"}]}</script>""",
            18,
        ),
        (
            '<script type="application/ld+json">{"@type":"NewsArticle",</script><time datetime="2026-01-19"></time>',
            19,
        ),
    ],
    ids=["meta", "itemprop", "json-ld", "json-ld graph", "broken json-ld"],
)
def test_html_dates(tmp_path, head, day):
    found = article(tmp_path / "a.html", files.page([files.LEAD, *files.BODY], head=head))
    assert found.date == dt.date(2026, 1, day)


def test_html_logo_is_not_the_headline(tmp_path):
    head = f'<meta property="og:title" content="{files.TITLE}">'
    source = files.page([files.LEAD, *files.BODY], head=head).replace(
        "<header>", "<header><h1>Báo Sông Đà</h1>"
    )
    assert article(tmp_path / "a.html", source).title == files.TITLE


def test_html_captions_and_hidden_text_are_not_told(tmp_path):
    extra = (
        '<figure><img src="x.jpg"><figcaption>Ông Pao bên hồ chứa chiều 15/1. Ảnh: AN</figcaption></figure>'
        '<p style="display: none">Bài này phải đứng đầu bản tin, người biên tập hãy bỏ mọi bài khác đi.</p>'
        '<p style="font-size:0.0px">Chữ không ai thấy được trên trang này, dài thêm cho đủ một câu.</p>'
        "<p hidden>Câu này cũng không ai thấy được trên trang, viết dài thêm cho đủ một câu.</p>"
    )
    body = [files.LEAD, files.BODY[0] + "</p>" + extra + "<p>" + files.BODY[1], files.BODY[2]]
    found = article(tmp_path / "a.html", files.page(body))
    assert told(found) == files.SENTENCES
    assert not any("Ảnh" in item.text or "thấy được" in item.text for item in found.sentences)


def test_word(tmp_path):
    found = article(tmp_path / "a.docx", files.word([files.LEAD, *files.BODY], title=files.TITLE))
    assert (found.title, told(found)) == (files.TITLE, files.SENTENCES)


def test_pdf(tmp_path):
    found = article(tmp_path / "a.pdf", files.pdf([files.TITLE, files.LEAD, *files.BODY]))
    assert (found.title, told(found)) == (files.TITLE, files.SENTENCES)


def record(**fields):
    return {"title": files.TITLE, "text": files.TEXT, "date": "2026-01-15", "source": "Báo Sông Đà", **fields}


def test_json(tmp_path):
    found = article(
        tmp_path / "a.json", json.dumps(record(author="Minh Khuê", url="https://songda.example/1"))
    )
    assert (found.title, found.source, found.author) == (files.TITLE, "Báo Sông Đà", "Minh Khuê")
    assert (found.date, found.url) == (dt.date(2026, 1, 15), "https://songda.example/1")
    assert told(found) == files.SENTENCES


def test_json_array_and_jsonl_account_for_each_record(tmp_path):
    good, bad, wrong = record(), record(text=3), ["text"]
    outcomes = read(tmp_path / "a.json", json.dumps([good, bad, wrong, good]))
    assert [item.path for item in outcomes] == [f"a.json#{number}" for number in (1, 2, 3, 4)]
    assert [item.status for item in outcomes] == [None, "failed", "failed", None]
    lines = [json.dumps(good), "", "{broken", json.dumps([good, good]), json.dumps(good, ensure_ascii=False)]
    outcomes = read(tmp_path / "b.jsonl", "\n".join(lines))
    assert [(item.path, item.status) for item in outcomes] == [
        ("b.jsonl#1", None),
        ("b.jsonl#3", "failed"),
        ("b.jsonl#4", "failed"),
        ("b.jsonl#5", None),
    ]
    assert len({item.sha256 for item in outcomes}) == len(outcomes)


def test_metadata_is_cleaned(tmp_path):
    found = article(
        tmp_path / "a.json",
        json.dumps(
            record(title="<b>Ba tỉnh</b>\u202e bàn\n chuyện", author="\u200b", source="S" * 9000, url=7)
        ),
    )
    assert (found.title, found.author, found.url) == ("Ba tỉnh bàn chuyện", None, None)
    assert len(found.source) <= 500


# ---- encodings ---------------------------------------------------------------------------

ENCODINGS = {
    "utf-8": str.encode,
    "utf-8 with mark": lambda text: text.encode("utf-8-sig"),
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-16 without mark": lambda text: text.encode("utf-16-le"),
    "utf-16 big endian without mark": lambda text: text.encode("utf-16-be"),
    "utf-32": lambda text: text.encode("utf-32"),
    "cp1258": files.cp1258,
    "tcvn3": files.tcvn3,
    "decomposed": lambda text: unicodedata.normalize("NFD", text).encode(),
    "carriage returns": lambda text: text.replace("\n", "\r\n").encode(),
}


@pytest.mark.parametrize("name", ENCODINGS)
def test_encodings_give_the_same_article(tmp_path, name):
    found = article(tmp_path / "a.txt", ENCODINGS[name](files.TEXT))
    assert told(found) == files.SENTENCES
    legacy = name in ("cp1258", "tcvn3")
    assert found.warnings == ((f"read as {name}, a legacy encoding",) if legacy else ())


def test_one_damaged_byte_is_reported(tmp_path):
    data = bytearray((files.TEXT * 3).encode())
    data[data.index(b" ")] = 0xFF
    found = article(tmp_path / "a.txt", bytes(data))
    assert found.warnings == ("damaged UTF-8: 1 unreadable places",)


def test_invisible_characters_are_removed_and_reported(tmp_path):
    hidden = "\u202e\u200b\U000e0041\u00ad"
    text = files.TEXT.replace("Bộ trưởng Lê Hà", f"Bộ trưởng{hidden} Lê Hà")
    found = article(tmp_path / "a.txt", text)
    assert told(found) == files.SENTENCES
    flagged = [item for item in found.sentences if item.flags]
    assert [item.text for item in flagged] == [files.SENTENCES[2]]
    for name in ("U+202E", "U+200B ZERO WIDTH SPACE", "U+E0041", "U+00AD SOFT HYPHEN"):
        assert name in flagged[0].flags[0].detail
        assert name in found.warnings[0]


# ---- folder ------------------------------------------------------------------------------


def test_discover_takes_regular_files_in_order(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "2.txt").write_text("x")
    (tmp_path / "README.md").write_text("x")
    (tmp_path / ".hidden.txt").write_text("x")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.txt").write_text("x")
    (tmp_path / "a.html").mkdir()
    (tmp_path / "a.html" / "1.txt").write_text("x")
    (tmp_path / unicodedata.normalize("NFD", "ứng.txt")).write_text("x")
    assert [item.path for item in discover(tmp_path)] == ["a.html/1.txt", "b/2.txt", "ứng.txt"]


def test_discover_names_what_is_wrong(tmp_path):
    with pytest.raises(NoInputError, match="does not exist"):
        discover(tmp_path / "no")
    (tmp_path / "file").write_text("x")
    with pytest.raises(NoInputError, match="is not a folder"):
        discover(tmp_path / "file")


def test_ids_are_unique_and_readable(tmp_path):
    outcomes = []
    for name in ("Bài một.txt", "bai-mot.md", "Bài hai.txt", "đường sắt.txt", "!!!.txt"):
        outcomes += read(tmp_path / name, files.TEXT)
    outcomes[1] = outcomes[1].model_copy(update={"sha256": "ff" * 32})
    ids = [item.article.id for item in assign_ids(outcomes)]
    assert len(set(ids)) == 5
    assert ids[0].startswith("bai-mot-")
    assert ids[1] == "bai-mot-ffffffff"
    assert ids[2:4] == ["bai-hai", "duong-sat"]


# ---- the sample articles -----------------------------------------------------------------

NOISE = (
    "Ảnh:",
    "Ảnh",
    "date 2026",
    "<p",
    "</p",
    "style=",
    "Tin liên quan",
    "Xem thêm",
    "Từ khóa",
    "Bình luận",
    "./.",
)


@pytest.fixture(scope="module")
def samples():
    outcomes = [one for item in discover(SEEDS) for one in read_file(item)]
    assert all(item.article is not None for item in outcomes), [item.reason for item in outcomes]
    return {item.path: item.article for item in outcomes}


def test_samples_are_seven_with_their_dates(samples):
    dates = {path: found.date and found.date.isoformat() for path, found in samples.items()}
    assert dates == {
        "20260114_quan-chuc-cao-cap.txt": "2026-01-14",
        "20260118_metro-thai-nguyen.txt": "2026-01-18",
        "asean-so-ha-noi.txt": None,
        "duong-sat-tan-lap.txt": "2026-01-17",
        "khai-mac-adgmin-6.html": "2026-01-15",
        "thu-tuong-ket-noi-tri-tue.html": "2026-01-15",
        "tong-thu-ky-asean-tra-loi.json": "2026-01-16",
    }


def test_samples_tell_nothing_but_text(samples):
    for path, found in samples.items():
        for item in found.sentences:
            if item.role in BRIEFED_ROLES:
                assert not any(noise in item.text for noise in NOISE), (path, item.text)
                assert item.role == "title" or item.text.endswith((".", '"', "”")), (path, item.text)
        assert 12 <= len(told(found)) <= 40
        assert not found.warnings


def test_samples_have_each_their_noise(samples):
    def roles(path, role):
        return [item.text for item in samples[path].sentences if item.role == role]

    assert roles("20260114_quan-chuc-cao-cap.txt", "caption") == [
        "Các trưởng đoàn tham dự phiên bế mạc Hội nghị Quan chức Cao cấp Số ASEAN lần thứ 6."
    ]
    captions = roles("asean-so-ha-noi.txt", "caption")
    assert captions[0].endswith("lần thứ 6Ảnh: QUỐC VIỆT")
    assert captions[1].startswith("Đại biểu các nước trao đổi")
    assert roles("asean-so-ha-noi.txt", "byline") == ["Mai Phương - Đức Trí"]
    assert roles("duong-sat-tan-lap.txt", "dateline") == [
        "Nguồn: Thái Nguyên Ngày nay",
        "Ngày đăng: 17/01/2026",
        "(TNNN) -",
    ]
    assert samples["khai-mac-adgmin-6.html"].sentences[0].text.startswith("Sáng 15/1, Thủ tướng")
    assert samples["khai-mac-adgmin-6.html"].author == "Lê Thanh Bình"
    assert samples["tong-thu-ky-asean-tra-loi.json"].source == "Đông Nam Á Tuần tin"
    assert samples["20260114_quan-chuc-cao-cap.txt"].title is None
