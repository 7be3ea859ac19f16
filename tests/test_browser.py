"""The page in a browser: nothing loaded, nothing run, readable on a phone, at a desk, at night and on paper."""

import io
import json
import re
from pathlib import Path

import pytest
from briefs import everywhere, render, sample
from chromium import BROWSER, Chromium
from pypdf import PdfReader

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine: apt-get install chromium"),
]
PAYLOADS = json.loads((Path(__file__).parent / "data" / "hostile.json").read_text(encoding="utf-8"))

# Text elements with their colour and the background behind them, by the browser's own reckoning.
COLOURS = """
[...document.querySelectorAll('p, a, td, th, h1, h2, h3, span, b, li, figcaption, small, summary, text')]
  .filter(e => e.checkVisibility() && [...e.childNodes].some(n => n.nodeType == 3 && n.data.trim()))
  .map(e => { let b = e;
    while (b && getComputedStyle(b).backgroundColor == 'rgba(0, 0, 0, 0)') b = b.parentElement;
    const s = getComputedStyle(e);
    return [e.tagName + '.' + e.className, e.namespaceURI.endsWith('svg') ? s.fill : s.color,
            b ? getComputedStyle(b).backgroundColor : 'rgb(255, 255, 255)'] })
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with Chromium(tmp_path_factory.mktemp("profile")) as found:
        yield found


def page(folder, data):
    path = folder / "brief.html"
    path.write_bytes(render(data)["brief.html"])
    return path.as_uri()


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    return page(tmp_path_factory.mktemp("page"), sample())


def luminance(colour):
    channels = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("width", [320, 390, 768, 1200])
def test_the_page_fits_and_nothing_is_refused_or_loaded(browser, url, width):
    browser.open(url, width)
    assert browser.ask("document.documentElement.scrollWidth") <= width
    assert browser.ask("getComputedStyle(document.body).maxWidth") != "none", (
        "the style sheet was not applied"
    )
    assert browser.said() == []
    assert {address for address in browser.requested() if address != "about:blank"} == {url}


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1200])
def test_every_text_stands_out_from_its_background(browser, url, width, dark):
    """WCAG 2.2, 1.4.3: 4.5 to 1."""
    browser.open(url + "#a1-s3", width, dark=dark)
    found = browser.ask(COLOURS)
    assert len(found) > 100
    weak = {(name, front, back) for name, front, back in found if contrast(front, back) < 4.5}
    assert weak == set()
    ground = browser.ask("getComputedStyle(document.body).backgroundColor")
    assert (luminance(ground) < 0.1) is dark


def test_a_citation_opens_its_sentence(browser, url):
    browser.open(url, 390)
    hidden = "document.getElementById('a1-s3').checkVisibility({contentVisibilityAuto: true})"
    assert browser.ask(hidden) is False
    browser.ask("document.querySelector('a[href=\"#a1-s3\"]').click()")
    browser.ask("1")
    assert browser.ask("location.hash") == "#a1-s3"
    assert browser.ask(hidden) is True
    assert browser.ask("document.querySelectorAll('details[open]').length") == 1


def test_charts_have_a_name_and_a_description(browser, url):
    browser.open(url, 390)
    named = browser.ask(
        "[...document.querySelectorAll('svg')].map(e => e.getAttribute('role') + ' ' + "
        "e.getAttribute('aria-labelledby').split(' ').map(id => document.getElementById(id).textContent.length > 10))"
    )
    assert named == ["img true,true", "img true,true"]
    inside = browser.ask(
        "[...document.querySelectorAll('svg')].every(s => [...s.querySelectorAll('circle, rect, text')].every(e => {"
        "const a = s.getBoundingClientRect(), b = e.getBoundingClientRect();"
        "return b.left >= a.left - 1 && b.right <= a.right + 1 && b.top >= a.top - 1 && b.bottom <= a.bottom + 1 }))"
    )
    assert inside is True


def test_the_page_prints_on_paper(browser, url):
    browser.open(url, 1200)
    reader = PdfReader(io.BytesIO(browser.pdf()))
    text = " ".join(" ".join(found.extract_text() for found in reader.pages).split())
    for words in ("Ben Vai bridge opened", "E1.K2", "For review", "read 6"):
        assert words in text
    assert "Sentence by sentence" not in text
    assert len(reader.pages) < 6


@pytest.mark.parametrize("part", range(4))
def test_hostile_texts_do_nothing(browser, tmp_path, part):
    address = page(tmp_path, everywhere(" ".join(PAYLOADS[part::4])))
    browser.open(address, 390)
    assert browser.ask("document.documentElement.scrollWidth") <= 390
    assert browser.said() == []
    assert {found for found in browser.requested() if found != "about:blank"} == {address}
    assert not [event for event in browser.events if event.get("method") == "Page.javascriptDialogOpening"]
    assert browser.ask("document.title") == "Press brief · 4 September 2026"
    assert browser.ask("document.querySelectorAll('script, iframe, form, img, base, link').length") == 0
