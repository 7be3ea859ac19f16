"""No bytes whatever make reading raise: mutated files of every format, from a fixed seed."""

import json
import random

import ingest_files as files
import pytest

from jobs.ingest import input_file, read_file

ORIGINALS = {
    ".txt": f" date 2026-01-15 {files.TEXT}\n\nÔng Pao bên hồ. Ảnh: AN\n\nMinh Khuê".encode(),
    ".md": f"---\ntitle: {files.TITLE}\n---\n# A\n\n{files.TEXT}\n\n* ấ\n* [b](c)\n".encode(),
    ".json": json.dumps([{"title": files.TITLE, "text": files.TEXT, "date": "2026-01-15"}] * 2).encode(),
    ".jsonl": (json.dumps({"text": files.TEXT}) + "\n").encode() * 3,
    ".html": files.page([files.LEAD, *files.BODY], head="<meta name=description content=x>").encode(),
    ".docx": files.word([files.LEAD, *files.BODY], title=files.TITLE),
    ".pdf": files.pdf([files.LEAD, *files.BODY]),
}
PIECES = [
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"<!--", b"<p>", b"</", b"&#0;", b"&#xD800;", b'"', b"\\ud800", b"{", b"[",
    b"\n\n", b"\r", b"\xe2\x80\xae", b"date 9999-99-99 ", "Ảnh: ".encode(), b"1e999999", b"\xcc\xa3" * 40, b"NaN",
]  # fmt: skip
ROUNDS = 45


def mutated(data, dice):
    """Return `data` cut, doubled, overwritten or enriched at a few places."""
    out = bytearray(data)
    for _ in range(dice.randint(1, 6)):
        place = dice.randrange(len(out) + 1)
        length = dice.choice([1, 3, 40, 400])
        kind = dice.randrange(5)
        if kind == 0:
            out[place : place + length] = b""
        elif kind == 1:
            out[place:place] = dice.choice(PIECES)
        elif kind == 2:
            out[place : place + length] = dice.randbytes(length)
        elif kind == 3:
            out[place:place] = out[place : place + length] * dice.randint(1, 20)
        else:
            out = out[: max(1, place)]
    return bytes(out)


@pytest.mark.parametrize("suffix", ORIGINALS)
def test_reading_never_raises(tmp_path, suffix):
    dice = random.Random(suffix)
    original = ORIGINALS[suffix]
    path = tmp_path / f"a{suffix}"
    articles = 0
    for number in range(ROUNDS):
        path.write_bytes(mutated(original, dice) if number else original)
        for outcome in read_file(input_file(path)):
            assert (outcome.article is None) == (outcome.status is not None)
            assert outcome.article is not None or outcome.reason
            outcome.model_dump_json().encode()
            if outcome.article is not None:
                articles += 1
                check(outcome.article)
    assert articles > 0  # else nothing of the format was exercised


def check(article):
    last = 0
    for number, item in enumerate(article.sentences, 1):
        assert item.n == number
        assert last <= item.start < item.end <= article.chars
        assert item.text == item.text.strip() != ""
        assert "\n" not in item.text
        last = item.end
