"""The files of a run: they agree with each other, cite what exists, and nothing from outside becomes markup."""

import base64
import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import jsonschema
import pytest
from briefs import FIXED, PHRASES, everywhere, render, sample, strings
from docx import Document
from lxml import etree, html
from markdown_it import MarkdownIt

from jobs.brief.render.charts import axis, coverage
from jobs.brief.render.numbers import amount, days, period
from jobs.brief.render.text import clean, formula_free, markdown, web_address
from jobs.brief.render.view import view
from jobs.records import Brief, press_brief_schema
from jobs.store import to_json
from jobs.translate.tmx import read_tmx

HERE = Path(__file__).resolve().parent
PAYLOADS = json.loads((HERE / "data" / "hostile.json").read_text(encoding="utf-8"))
PLAIN = "zzqx"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def files():
    return render(sample())


@pytest.fixture(scope="module")
def plain():
    return render(everywhere(PLAIN))


def tokens_of(data):
    """Return (structure, text) of Markdown as a CommonMark reader with tables sees it."""
    shape, words = [], []
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(data.decode()):
        shape.append((token.type, token.tag, token.nesting, sorted(token.attrs.items())))
        for child in token.children or ():
            if child.type == "text":
                words.append(child.content)
                if shape[-1] == "text":
                    continue  # a backslash escape splits a text, it does not add to the structure
                shape.append("text")
            else:
                shape.append((child.type, child.tag, child.nesting, sorted(child.attrs.items())))
                shape.append(child.content if child.type in ("html_inline", "code_inline") else "")
        if token.type in ("html_block", "code_block", "fence"):
            words.append(token.content)
    return shape, "".join(words)


def elements_of(root):
    """Return (structure, text) of a tree; attribute values that show text count as text."""
    shape, words = [], []
    for element in root.iter():
        shape.append((element.tag, sorted(element.attrib)))
        words += [
            element.text or "",
            *(element.get(name, "") for name in ("title", "content")),
            element.tail or "",
        ]
    return shape, "\n".join(words)


def docx_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        tree = etree.fromstring(archive.read("word/document.xml"))
        links = archive.read("word/_rels/document.xml.rels")
    words = "\n".join(text.text or "" for text in tree.iter(f"{W}t"))
    return [(element.tag, sorted(element.attrib)) for element in tree.iter()], words, links


@cache
def attacked(payload):
    return render(hostile(payload))


def hostile(payload):
    data = everywhere(payload)
    for article in data["articles"]:
        if web_address(payload):  # an address may be a link; that has its own test
            article["url"] = PLAIN
    return data


def test_every_text_field_is_attacked():
    fields = {key for key, text in strings(everywhere("{payload}")) if text == "{payload}"}
    every = {key for key, _ in strings(sample())}
    assert len(fields) >= 20
    assert every - fields == FIXED


def test_there_are_enough_payloads():
    assert len(set(PAYLOADS)) >= 80


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_becomes_markup(payload, plain):
    files = attacked(payload)
    shown = clean(payload)
    assert set(files) == set(plain)
    for name in files:
        if name.endswith(".md"):
            shape, text = tokens_of(files[name])
            want, pattern = tokens_of(plain[name])
            assert shape == want, name
            url = PLAIN if web_address(payload) else shown
            assert text.replace(url, shown) == pattern.replace(PLAIN, shown), name
    shape, text = elements_of(html.document_fromstring(files["brief.html"].decode()))
    want, pattern = elements_of(html.document_fromstring(plain["brief.html"].decode()))
    assert shape == want
    assert text.replace(PLAIN, shown) == pattern.replace(PLAIN, shown)
    shape, text, links = docx_of(files["brief.docx"])
    want, pattern, no_links = docx_of(plain["brief.docx"])
    assert shape == want
    assert text.replace(PLAIN, shown) == pattern.replace(PLAIN, shown)
    assert links == no_links
    assert json.loads(files["brief.json"]) == hostile(payload)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_cell_is_a_formula_and_pairs_stay_pairs(payload):
    files = attacked(payload)
    rows = list(csv.reader(io.StringIO(files["discrepancies.csv"].decode("utf-8-sig"), newline="")))
    assert [len(row) for row in rows] == [9, 9, 9]
    for row in rows[1:]:
        assert row[4] in (clean(payload), f"'{clean(payload)}")
        assert not [cell for cell in row if re.match(r"\s*[=+\-@|%＝＋－＠\t\r]", cell)]
    pairs = list(read_tmx(files["review.tmx"], "review.tmx"))
    assert len(pairs) == 13
    assert all(vi == en for vi, en in pairs)
    if clean(payload) == payload:
        assert pairs[0][0] == payload


@pytest.mark.parametrize(
    "payload", ["https://evil.example/x", "www.evil.example", "a@evil.example", "mailto:a@b.example"]
)
def test_bare_addresses_are_not_linked_by_readers_that_would(payload):
    """GitHub links bare addresses; a backslash before the colon, the dot or the at sign keeps it from that."""
    escaped = markdown(f"see {payload} now")
    assert not re.search(r"\w://|www\.\w|\w@\w|mailto:", escaped)
    assert tokens_of(escaped.encode())[1] == f"see {payload} now"


@pytest.mark.parametrize(
    ("url", "result"),
    [
        ("https://a.example/x?y=1#z", "https://a.example/x?y=1#z"),
        ("HTTP://a.example/", "HTTP://a.example/"),
        ("https://a.example/(x)", "https://a.example/%28x%29"),
        ('https://a.example/"><b>', "https://a.example/%22%3E%3Cb%3E"),
        ("https://a.example/cầu", "https://a.example/c%E1%BA%A7u"),
        ("javascript:alert(1)", None),
        ("JaVaScRiPt:alert(1)//https://", None),
        ("javascript://a.example/%0aalert(1)", None),
        ("data:text/html,x", None),
        ("//evil.example/x", None),
        ("https:///x", None),
        ("https://a.example/ x", None),
        ("https://a\u202e.example/", None),
        ("java\nscript:alert(1)", None),
        ("http://[::1", None),
        ("https:\\\\evil.example", None),
        ("file:///etc/passwd", None),
        ("", None),
        (None, None),
    ],
)
def test_only_http_addresses_are_links(url, result):
    assert web_address(url) == result


def test_the_address_of_an_article_is_linked_where_it_may_be(files):
    page = html.document_fromstring(files["brief.html"].decode())
    outward = {link for link in page.xpath("//a/@href") if not link.startswith("#")}
    assert outward == {"https://bao-a.example/cau?x=1&y=%282%29"}
    targets = re.findall(r"\]\((\S+?)\)", files["brief.md"].decode())
    assert {link for link in targets if ":" in link} == outward
    assert b"javascript:alert" not in docx_of(files["brief.docx"])[2]
    assert b"https://bao-a.example/" in docx_of(files["brief.docx"])[2]


def test_hidden_characters_are_named():
    assert clean("a\u202eb\x00c\u200bd\ufeff") == "a[U+202E]b[U+0000]c[U+200B]d[U+FEFF]"
    assert clean(" a\r\n\tb\u2028c ") == "a b c"
    assert clean("ba\u0301o 📰") == "ba\u0301o 📰"
    assert clean(None) == ""


def test_formulas_are_text():
    assert [formula_free(cell) for cell in ("=1", "+1", "-1", "@a", " \t=1", "a=1")] == [
        "'=1", "'+1", "'-1", "'@a", "'=1", "a=1",
    ]  # fmt: skip


def test_the_page_loads_nothing_and_its_style_is_the_one_allowed(files):
    text = files["brief.html"].decode()
    page = html.document_fromstring(text)
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert not page.xpath("//script | //link | //img | //iframe | //object | //form | //@src | //@style")
    assert not [name for element in page.iter() for name in element.attrib if name.startswith("on")]
    assert "url(" not in style
    assert "@import" not in style


def test_citations_lead_to_their_sentence(files):
    page = html.document_fromstring(files["brief.html"].decode())
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    cites = page.xpath("//a[contains(@class, 'cite')]")
    assert len(cites) > 20
    for cite in cites:
        target = page.get_element_by_id(cite.get("href")[1:])
        label = cite.text
        assert target.xpath("./span[@class='id']")[0].text == label
        if cite.get("title"):
            assert cite.get("title") == target.xpath("./p[@lang='vi']")[0].text
    folder = {
        name.removeprefix("articles/"): files[name].decode() for name in files if name.startswith("articles/")
    }
    links = re.findall(r"\[\\\[(\d+):(\d+)\\\]\]\(articles/([\w-]+\.md)#s(\d+)\)", files["brief.md"].decode())
    assert len(links) > 20
    for number, label, name, n in links:
        assert label == n
        assert f'<a id="s{n}"></a>**\\[{number}:{n}\\]**' in folder[name]
    with zipfile.ZipFile(io.BytesIO(files["brief.docx"])) as archive:
        tree = etree.fromstring(archive.read("word/document.xml"))
    anchors = {link.get(f"{W}anchor") for link in tree.iter(f"{W}hyperlink")} - {None}
    bookmarks = [mark.get(f"{W}name") for mark in tree.iter(f"{W}bookmarkStart")]
    assert anchors == set(bookmarks)
    assert len(bookmarks) == len(set(bookmarks)) == len(anchors)


# What the renderers put into words themselves.
WORDS = """VND 36 billion|3 September 2026|4 September 2026|December 2026|[1:3]|1 source|2 sources|by Minh An
E1.K1|E1.Q1|E1.F1|E1.T1|E1.D1|E1.S1|E1.P1|near-verbatim copy of [2]|outlet not named
read 6: translated 5, duplicate 1, skipped 0, failed 0|5 articles · 2 events · to check: 2 statements of the brief, \
2 sentences of the articles"""


def shown_texts(files):
    document = Document(io.BytesIO(files["brief.docx"]))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    page = html.document_fromstring(files["brief.html"].decode())
    return {
        "brief.md": tokens_of(files["brief.md"])[1],
        "brief.html": page.text_content(),
        "brief.docx": "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells]),
    }


def test_every_statement_of_the_data_is_in_every_format(files):
    told = {"headline_en", "lead_en", "text_en", "speaker", "role_en", "about_en", "reason_en", "name_en", "detail",
            "title_vi", "title_en", "source", "author", "path", "signature", "text", "code", "run_id"}  # fmt: skip
    data = sample()
    for figure in data["events"][0]["figures"]:
        figure["text_en"] = figure["what_en"]
    wanted = {text for key, text in strings(data) if key in told}
    assert len(wanted) > 30
    for name, shown in shown_texts(files).items():
        assert not {text for text in wanted if text not in shown}, name
        for words in re.split(r"[|\n]", WORDS):
            assert words in shown, (name, words)


def test_sections_come_in_the_order_in_which_they_are_read(files):
    order = "title contents key_points quotes figures timeline discrepancies single_source entities sources"
    heads = [PHRASES.text(f"brief.{name}") for name in f"{order} unclustered articles review inputs".split()]
    found = [line.lstrip("# ") for line in files["brief.md"].decode().splitlines() if line.startswith("#")]
    assert [head for head in dict.fromkeys(found) if head in heads] == heads
    page = html.document_fromstring(files["brief.html"].decode())
    shown = [
        page.xpath("string(//p[@class='kicker'])"),
        *(head.text_content() for head in page.xpath("//h1 | //h2")),
    ]
    assert [head for head in dict.fromkeys(shown) if head in heads] == heads


def test_doubtful_statements_are_marked_and_clean_ones_are_not(files):
    page = html.document_fromstring(files["brief.html"].decode())
    assert page.get_element_by_id("E1.K2").xpath(".//span[@class='mark']/@title") == [
        "“40 phút” is not in the English"
    ]
    marked = {item.get("id") for item in page.xpath("//*[@id][.//span[@class='mark']]")} & set(
        page.xpath("//li/@id")
    )
    assert {identity for identity in marked if identity.startswith("E")} == {"E1.K2", "E1.Q1"}
    lines = files["brief.md"].decode().splitlines()
    marked = {line.split("**")[1] for line in lines if "⚑" in line and line.startswith("- **E1")}
    assert marked == {"E1.K2", "E1.Q1"}
    review = files["brief.md"].decode().partition("## For review")[2].splitlines()
    assert [line.split("**")[1] for line in review if line.startswith("- **E1")] == ["E1.K2", "E1.Q1"]
    assert page.xpath("//section[@class='review']/ul[1]//span[@class='id']/a/@href") == ["#E1.K2", "#E1.Q1"]
    document = Document(io.BytesIO(files["brief.docx"]))
    bold = {paragraph.text.split()[0] for paragraph in document.paragraphs if "⚑" in paragraph.text}
    assert bold == {"E1.K2", "E1.Q1"}
    listed = [
        paragraph.text for paragraph in document.paragraphs if paragraph.text.startswith("figure_missing")
    ]
    assert len(listed) == len([line for line in review if "figure\\_missing" in line]) == 3


def test_the_preferred_value_and_only_it_is_marked(files):
    page = html.document_fromstring(files["brief.html"].decode())
    assert page.xpath("//li[@class='preferred']/b/text()") == ["1,240 m"]
    lines = files["brief.md"].decode().splitlines()
    assert [line for line in lines if "(preferred)" in line] == [
        "| **1,240 m** (preferred) | 1.240 m | [\\[1:2\\]](articles/cau-a.md#s2) |"
    ]
    tables = Document(io.BytesIO(files["brief.docx"])).tables
    assert [
        cell for table in tables for cell in (row.cells[0].text for row in table.rows) if "preferred" in cell
    ] == ["1,240 m (preferred)"]
    rows = list(csv.DictReader(io.StringIO(files["discrepancies.csv"].decode("utf-8-sig"), newline="")))
    assert [(row["item"], row["value"], row["sources"], row["preferred"]) for row in rows] == [
        ("E1.D1", "1,240 m", "[1:2]", "yes"),
        ("E1.D1", "about 1.2 km", "[2:2] [3:2]", ""),
    ]


def test_a_brief_of_one_event_has_short_ids_and_no_contents():
    data = sample()
    data["events"] = data["events"][:1]
    data["unclustered"] = ["lua-d", "thoi-tiet-e"]
    files = render(data)
    for shown in shown_texts(files).values():
        assert "K1" in shown
        assert "E1.K1" not in shown
        assert PHRASES.text("brief.contents") not in shown


def test_a_brief_without_events_and_flags_can_be_read():
    data = sample()
    data["events"], data["unclustered"] = [], [article["id"] for article in data["articles"]]
    for article in data["articles"]:
        article["summary"] = {"vi": [], "en": []}
        for sentence in article["sentences"]:
            sentence["flags"] = []
    for shown in shown_texts(render(data)).values():
        assert PHRASES.text("brief.review_none") in shown
        assert (
            "5 articles · 0 events · to check: 0 statements of the brief, 0 sentences of the articles"
            in shown
        )


def test_written_briefs_hold_to_the_published_schema(files):
    shipped = json.loads((HERE.parent / "jobs" / "data" / "brief.schema.json").read_bytes())
    assert shipped == press_brief_schema(), (
        "write jobs/data/brief.schema.json again from press_brief_schema()"
    )
    validator = jsonschema.Draft202012Validator(shipped)
    validator.check_schema(shipped)
    data = json.loads(files["brief.json"])
    validator.validate(data)
    assert data == sample()
    del data["events"][0]["key_points"][0]["sources"]
    assert not validator.is_valid(data)
    for article in sample()["articles"]:
        assert json.loads(files[f"articles/{article['id']}.json"]) == article


def test_the_same_brief_gives_the_same_bytes():
    seen = set()
    for seed, zone in (("0", "UTC"), ("7", "Asia/Ho_Chi_Minh"), ("random", "America/New_York")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(HERE.parent)}
        done = subprocess.run(
            [sys.executable, str(HERE / "briefs.py")],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        seen.add(done.stdout)
    assert len(seen) == 1
    files = render(sample())
    assert json.loads(seen.pop()) == {name: hashlib.sha256(files[name]).hexdigest() for name in files}


def test_the_word_file_names_no_time_of_writing(files):
    with zipfile.ZipFile(io.BytesIO(files["brief.docx"])) as archive:
        assert {item.date_time for item in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    core = Document(io.BytesIO(files["brief.docx"])).core_properties
    assert core.title == "Press brief 4 September 2026"
    assert core.created == core.modified


def test_json_is_indented_and_readable(files):
    assert files["brief.json"] == to_json(sample())
    assert "Khánh thành cầu".encode() in files["brief.json"]


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        ("3500", "km", "3,500 km"),
        ("91.2", "%", "91.2%"),
        ("36000000000", "USD", "USD 36 billion"),
        ("1250000", None, "1.25 million"),
        ("1234567", None, "1,234,567"),
        ("20000000000000", "VND", "VND 20 trillion"),
        ("0.5", None, "0.5"),
        ("100", "%", "100%"),
        ("1E+3", None, "1,000"),
        ("12-3", "score", "12-3 score"),
        ("-4000000", None, "-4 million"),
    ],
)
def test_figures_are_written_for_readers(value, unit, shown):
    assert amount(value, unit) == shown


@pytest.mark.parametrize(
    ("start", "end", "precision", "shown"),
    [
        ("2026-01-15", None, "day", "15 January 2026"),
        ("2026-01-12", "2026-01-16", "day", "12–16 January 2026"),
        ("2026-01-30", "2026-02-02", "day", "30 January – 2 February 2026"),
        ("2025-12-30", "2026-01-02", "day", "30 December 2025 – 2 January 2026"),
        ("2026-01", None, "month", "January 2026"),
        ("2026-Q3", None, "quarter", "Q3 2026"),
        ("2026", None, "year", "2026"),
        ("2026-01-15T08:30", None, "minute", "15 January 2026, 08:30"),
        ("--01-15", None, "day", "--01-15"),
        ("2026-13", None, "month", "13 2026"),
    ],
)
def test_times_are_written_for_readers(start, end, precision, shown):
    assert period(start, end, precision) == shown


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [
        ("2026-Q3", None, "2026-07-01", "2026-09-30"),
        ("2024-02", None, "2024-02-01", "2024-02-29"),
        ("2026", None, "2026-01-01", "2026-12-31"),
        ("2026-01-12", "2026-01-16", "2026-01-12", "2026-01-16"),
    ],
)
def test_a_period_covers_its_days(start, end, first, last):
    assert tuple(day.isoformat() for day in days(start, end)) == (first, last)


@pytest.mark.parametrize("start", ["--01-15", "2026-02-30", "2026-13", "soon", "0000"])
def test_what_is_no_date_has_no_place_on_the_line(start):
    assert days(start, None) is None


def test_the_coverage_chart_shows_each_citation_once():
    event = view(Brief.model_validate(sample()), PHRASES).events[0]
    matrix = coverage(event)
    assert [row[1] for row in matrix.rows] == ["E1.LEAD", "E1.K1", "E1.K2"]
    assert [column[1] for column in matrix.columns] == ["1", "2", "3"]
    assert [dot.href for dot in matrix.dots] == ["#a1-s2", "#a2-s2", "#a1-s2", "#a2-s2", "#a3-s2", "#a1-s3"]
    assert [dot.copy for dot in matrix.dots] == [False, False, False, False, True, False]
    assert [dot.flagged for dot in matrix.dots] == [False] * 5 + [True]
    assert all(0 < dot.x < matrix.width and 0 < dot.y < matrix.height for dot in matrix.dots)


def test_the_time_line_keeps_order_and_bounds():
    event = view(Brief.model_validate(sample()), PHRASES).events[0]
    line = axis(event)
    day, month = line.bars
    assert (day.x, day.width) == (line.left, 0)
    assert line.left < month.x < month.x + month.width == line.right
    assert (line.first, line.last) == ("3 Sep 2026", "31 Dec 2026")


def test_charts_that_would_say_nothing_are_not_drawn():
    second = view(Brief.model_validate(sample()), PHRASES).events[1]
    assert coverage(second) is None
    assert axis(second) is None
