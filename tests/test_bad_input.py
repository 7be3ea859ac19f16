"""Bad input: each file ends in the documented state with its reason, and the other articles are unharmed."""

import json
import os
import subprocess
import sys
import time
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import ingest_files as files
import pytest

from jobs.errors import InputError
from jobs.ingest import input_file, read_file
from jobs.ingest.guard import Guard

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 8
BOMB = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a0 "nước">' + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
)
PARAGRAPH = "<w:p><w:r><w:t>nước</w:t></w:r></w:p>"


# What cannot be used: content (or how to make it), status, and a piece of the reason.
SPOILT = {
    "empty.txt": (b"", "failed", "empty file"),
    "spaces.txt": (b" \n\t\r\n", "failed", "empty file"),
    "only-marks.txt": ("\u200b\u202e\ufeff".encode(), "failed", "no text in it"),
    "picture.txt": (PNG, "failed", "binary file"),
    "nul.txt": (files.TEXT.encode().replace(b"15/1", b"15\x00/1"), "failed", "NUL bytes"),
    "noise.txt": (bytes(range(128, 256)) * 40, "failed", "no known Vietnamese encoding"),
    "half-utf16.txt": (
        b"\xff\xfe" + files.TEXT.encode("utf-16-le")[:-1],
        "failed",
        "starts as utf-16 but is not",
    ),
    "ten-megabytes.txt": (lambda: (files.TEXT + "\n") * 10_000, "failed", "not one article"),
    "english.txt": (files.ENGLISH, "skipped", "not Vietnamese (en)"),
    "no-accents.txt": (lambda: plain(files.TEXT), "skipped", "Vietnam"),
    "short.txt": ("Mưa lớn ở Hòa Bình.", "skipped", "ingest.min_syllables"),
    "table.xlsx": (b"PK", "skipped", "file type .xlsx is not supported"),
    "no-suffix": (files.TEXT, "skipped", "file type (none) is not supported"),
    "nested.json": ('{"text":' * 50_000, "failed", "not valid JSON"),
    "arrays.json": ("[" * 900_000, "failed", "too many values"),
    "nan.json": ('{"text": NaN}', "failed", "no `text`"),
    "types.json": ('{"text": {"text": ["x"]}, "title": 5}', "failed", "no `text`"),
    "number.json": ("7", "failed", "must be an object"),
    "broken.jsonl#1": ('{"text": "x', "failed", "not valid JSON"),
    "many.jsonl": ("1\n" * 30_000, "failed", "more than 20000 records"),
    "deep.html": ("<html><body>" + "<div>" * 20_000 + f"<p>{files.LEAD}</p>", "failed", "too deeply"),
    "dense.html": ("<html><body>" + "<b>x</b>" * 60_000, "failed", "too deeply"),
    "long.html": (lambda: f"<html><body><p>{files.LEAD * 12_000}</p>", "failed", "not one article"),
    "menu.html": ("<html><body><nav><a href='/'>Trang chủ</a></nav>", "failed", "no article text"),
    "cut.docx": (lambda: files.word(files.BODY)[:3000], "failed", "not a readable .docx"),
    "entities.docx": (
        lambda: files.word_of("<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>", before=BOMB + "]>"),
        "failed",
        "not a readable .docx",
    ),
    "zip-bomb.docx": (lambda: files.word_of(PARAGRAPH * 500_000), "failed", "unpacks to"),
    "swollen.docx": (lambda: files.word_of("<w:p/>" * 1_500_000), "failed", "too much memory"),
    "text.docx": (files.TEXT, "failed", "not a readable .docx"),
    "cut.pdf": (lambda: files.pdf([files.TEXT])[:400], "failed", "not a readable PDF"),
    "bomb.pdf": (lambda: files.pdf_of(b"BT /F1 12 Tf " + b"(a) Tj " * 12_000_000 + b"ET"), "failed", "PDF"),
    "scan.pdf": (lambda: files.pdf_of(b"0 0 m 10 10 l S"), "failed", "no text layer"),
    "text.pdf": (files.TEXT, "failed", "not a readable PDF"),
}


@dataclass
class Runs:
    """The two processes, where their results are, and which files were what."""

    done: dict
    latest: dict
    good: dict
    copies: dict
    broken: dict

    def read(self, name, file):
        return json.loads((self.latest[name] / file).read_text(encoding="utf-8"))


def plain(text):
    marks = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in marks if not unicodedata.combining(char))


def write(folder, cases):
    folder.mkdir(exist_ok=True)
    for name, (data, *_) in cases.items():
        content = data() if callable(data) else data
        (folder / name.split("#")[0]).write_bytes(content if isinstance(content, bytes) else content.encode())


def odd_files(folder):
    """What is no article and no file either; returns the broken links, which must be accounted for."""
    (folder / "folder.html").mkdir()
    os.mkfifo(folder / "pipe.txt")
    (folder / "zero.txt").symlink_to("/dev/zero")
    (folder / "loop.txt").symlink_to("loop.txt")
    (folder / "nowhere.txt").symlink_to("nothing")
    (folder / "circle").symlink_to(folder, target_is_directory=True)
    return {"loop.txt": "cannot be read", "nowhere.txt": "cannot be read"}


@pytest.fixture(scope="module")
def runs(tmp_path_factory, press_brief, shared_cache):
    """Two runs of the real command: three good articles alone, and the same among every kind of bad file."""
    folder = tmp_path_factory.mktemp("bad")
    (folder / "config.yaml").write_text(
        "ingest: {max_file_mb: 12}\ntranslation: {beam: 1}\n", encoding="utf-8"
    )
    text = (SEEDS / "duong-sat-tan-lap.txt").read_text(encoding="utf-8")
    good = {
        "-rf.txt": text.encode(),
        "20260118_metro.txt": (SEEDS / "20260118_metro-thai-nguyen.txt").read_bytes(),
        "nuoc.txt": files.TEXT.encode(),
    }
    copies = {
        "copy.txt": text.encode(),
        "utf16.txt": text.encode("utf-16"),
        "windows.txt": files.cp1258(text),
        "tcvn3.txt": files.tcvn3(files.TEXT),
        "decomposed.txt": unicodedata.normalize("NFD", text).encode(),
        "with-mark.json": b"\xef\xbb\xbf" + json.dumps({"text": files.TEXT}).encode(),
        "x" * 251 + ".txt": text.encode(),
        "<img src=x onerror=alert(1)>.txt": text.encode(),
        "line\nbreak.txt": text.encode(),
    }
    for name in ("alone", "among"):
        (folder / name).mkdir()
        for path, data in good.items():
            (folder / name / path).write_bytes(data)
    among = folder / "among"
    write(among, SPOILT)
    broken = odd_files(among)
    with (among / "sparse.txt").open("wb") as stream:
        stream.truncate(2**30)
    for path, data in copies.items():
        (among / path).write_bytes(data)
    done = {
        name: press_brief(
            "run",
            "--config",
            folder / "config.yaml",
            "--seeds",
            folder / name,
            "--outputs",
            folder / f"out-{name}",
        )
        for name in ("alone", "among")
    }
    return Runs(done, {name: folder / f"out-{name}" / "latest" for name in done}, good, copies, broken)


@pytest.fixture(scope="module")
def entries(runs):
    return {entry["path"]: entry for entry in runs.read("among", "run.json")["inputs"]}


def test_exit_codes_and_publication(runs):
    among = runs.done["among"]
    assert (runs.done["alone"].returncode, among.returncode) == (0, 3), among.stderr
    assert among.stdout.strip() == str(runs.latest["among"].resolve())
    assert "Traceback" not in among.stderr


@pytest.mark.parametrize("name", SPOILT)
def test_each_spoilt_file_has_its_state_and_reason(runs, entries, name):
    _, status, reason = SPOILT[name]
    assert entries[name]["status"] == status
    assert reason in entries[name]["reason"]
    assert f"{name}: {status}" in " ".join(runs.done["among"].stderr.split())


def test_links_that_lead_nowhere_are_accounted_for(runs, entries):
    for name, reason in runs.broken.items():
        assert entries[name]["status"] == "failed"
        assert reason in entries[name]["reason"]
    assert not {"pipe.txt", "zero.txt", "folder.html"} & set(entries)


def test_a_sparse_gigabyte_is_refused_unread(entries):
    assert entries["sparse.txt"]["status"] == "failed"
    assert entries["sparse.txt"]["reason"] == "1074 MB, more than the limit of 12 MB (ingest.max_file_mb)"
    assert entries["sparse.txt"]["sha256"] == ""


def test_copies_in_any_encoding_under_any_name_are_duplicates(runs, entries):
    assert {name: entries[name]["status"] for name in runs.copies} == dict.fromkeys(runs.copies, "duplicate")
    assert {name: entries[name]["status"] for name in runs.good} == dict.fromkeys(runs.good, "translated")


def test_the_accounts_add_up(runs, entries):
    count = runs.read("among", "brief.json")["accounting"]
    expected = len(SPOILT) + len(runs.broken) + len(runs.copies) + len(runs.good) + 1
    assert count["read"] == len(entries) == expected
    assert count["translated"] == len(runs.good)
    assert count["duplicate"] == len(runs.copies)
    assert count["skipped"] == sum(status == "skipped" for _, status, _ in SPOILT.values())
    assert count["failed"] == count["read"] - count["translated"] - count["duplicate"] - count["skipped"]


def test_the_good_articles_are_unharmed(runs):
    alone, among = (runs.read(name, "brief.json") for name in ("alone", "among"))
    assert alone["accounting"]["translated"] == 3
    for part in ("articles", "events", "unclustered"):
        assert alone[part] == among[part]


def test_memory_stays_bounded(runs):
    peaks = [runs.read(name, "run.json")["timings"]["peak_memory_mb"] for name in ("alone", "among")]
    assert peaks[1] - peaks[0] < 300


# ---- nothing usable, nowhere to write ------------------------------------------------------


def test_missing_folder(press_brief, tmp_path):
    done = press_brief("run", "--seeds", tmp_path / "no", "--outputs", tmp_path / "out")
    assert done.returncode == 4
    assert f"the seeds folder {tmp_path / 'no'} does not exist" in done.stderr
    assert "--seeds" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_file_for_a_folder(press_brief, tmp_path):
    (tmp_path / "a.txt").write_text(files.TEXT, encoding="utf-8")
    done = press_brief("run", "--seeds", tmp_path / "a.txt", "--outputs", tmp_path / "out")
    assert done.returncode == 4
    assert "is not a folder" in done.stderr


def test_empty_folder(press_brief, tmp_path):
    (tmp_path / "seeds").mkdir()
    done = press_brief("run", "--seeds", tmp_path / "seeds", "--outputs", tmp_path / "out")
    assert done.returncode == 4
    assert "no articles in" in done.stderr


def test_only_bad_files_publish_nothing(press_brief, tmp_path):
    write(tmp_path / "seeds", {"a.txt": (b"",), "b.txt": (files.ENGLISH,), "c.bin": (PNG,)})
    done = press_brief("run", "--seeds", tmp_path / "seeds", "--outputs", tmp_path / "out")
    assert done.returncode == 4
    for reason in (
        "a.txt: failed, empty file",
        "b.txt: skipped, not Vietnamese (en)",
        "c.bin: skipped, file type",
    ):
        assert reason in done.stderr
    assert not (tmp_path / "out" / "latest").exists()


def one_article(folder):
    write(folder, {"a.txt": (files.TEXT,)})
    return folder


def test_outputs_is_a_file(press_brief, tmp_path):
    (tmp_path / "out").write_text("mine")
    done = press_brief("run", "--seeds", one_article(tmp_path / "seeds"), "--outputs", tmp_path / "out")
    assert done.returncode == 7
    assert str(tmp_path / "out") in done.stderr
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a file system that nobody can write to")
def test_outputs_where_nobody_can_write(press_brief, tmp_path):
    done = press_brief("run", "--seeds", one_article(tmp_path / "seeds"), "--outputs", "/proc/press-brief")
    assert done.returncode == 7
    assert "/proc/press-brief" in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_outputs_without_permission(press_brief, tmp_path):
    (tmp_path / "out").mkdir(mode=0o500)
    done = press_brief("run", "--seeds", one_article(tmp_path / "seeds"), "--outputs", tmp_path / "out")
    assert done.returncode == 7
    assert "permission" in done.stderr.lower()


# ---- hostile texts take no time and no memory ----------------------------------------------

VIETNAMESE = (files.TEXT + "\n") * 20
LENGTH = 90_000  # characters; twice the work of quadratic time would take minutes
PATTERNS = [
    "<!--", "<script>", "<p ", "- (", "Ấ", "Ấ ", "Ảnh: Ấ ấ ", "Ảnh: ẤẤ ", ". ", '."ấ', ". (", "v.v. Ấn ", "TP. Ấ",
    '... "ấ ', "\u0323\u0302", "ấ\u200b", "ấ\n", "Các đại biểu dự hội nghị lớn.\n", "- ấn ấn ấn ấn\n", "1/1/2026 ",
    "\U000e0041", "(Ấ", "1:1 ", "ngày ấ ",
]  # fmt: skip
MARKDOWN = ["*ấ ", "[", "![[", "`ấ``", "[ấ](", "**ấ *ấ ", "> ", "# ấ\n", "[ấ]: b\n"]


READ_ALL = """
import resource, sys
from pathlib import Path
from jobs.ingest import input_file, read_file
from jobs.ingest.language import identify

identify("trước")  # its table is loaded once, for whatever file
pages = int(Path("/proc/self/statm").read_text().split()[0])
ceiling = pages * resource.getpagesize() + 300 * 2**20
resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))
for path in sorted(Path(sys.argv[1]).iterdir()):
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 11, resource.RLIM_INFINITY))
    print(path.name, flush=True)
    (outcome,) = read_file(input_file(path))
    assert outcome.article or not (outcome.reason or "").startswith(("not Vietnamese", "Vietnamese without")), path
    assert "MemoryError" not in (outcome.reason or "")
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="limits are set by what /proc tells")
def test_hostile_texts_stay_within_ten_seconds_and_300_megabytes(tmp_path):
    """The system stops the process at the first file that needs more than 10 s of processor or 300 MB."""
    for suffix, patterns in ((".txt", PATTERNS), (".md", MARKDOWN)):
        for number, pattern in enumerate(patterns):
            half = pattern * (LENGTH // 2 // len(pattern))
            text = f"{half}\n{VIETNAMESE}\n{half}"  # some rules look at the first line only
            (tmp_path / f"{number:02}{suffix}").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", READ_ALL, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=400,
        env={**os.environ, "PYTHONPATH": str(SEEDS.parent)},
        check=False,
    )
    assert done.returncode == 0, (done.stdout[-20:], done.stderr[-2000:])
    assert len(done.stdout.split()) == len(PATTERNS) + len(MARKDOWN)


# ---- the guarded process -------------------------------------------------------------------


@pytest.fixture
def guard():
    guards = []

    def make(**limits):
        guards.append(Guard(**limits))
        return guards[-1]

    yield make
    for one in guards:
        one.close()


def test_a_parser_that_never_ends_is_stopped_and_the_next_file_is_read(guard):
    slow = files.pdf_of(b"BT /F1 12 Tf " + b"(a) Tj 1 0 0 1 5 5 cm " * 3_000_000 + b"ET")
    one = guard(seconds=1)
    with pytest.raises(InputError, match="cannot be parsed within 1 s"):
        one.read(".pdf", slow)
    (found,) = one.read(".html", files.page([files.LEAD, *files.BODY]).encode())
    assert files.LEAD in found.text


def test_a_parser_that_wants_too_much_memory_is_stopped_and_the_next_file_is_read(guard):
    one = guard(megabytes=60)
    with pytest.raises(InputError, match=r"memory|not a readable"):
        one.read(".docx", files.word_of("<w:p/>" * 1_500_000))
    (found,) = one.read(".docx", files.word([files.LEAD]))
    assert found.text == files.LEAD


def test_a_parser_that_dies_is_buried_and_the_next_file_is_read(guard):
    one = guard()
    one.read(".docx", files.word([files.LEAD]))
    one._child.kill()
    one._child.wait()
    (found,) = one.read(".docx", files.word([files.LEAD]))
    assert found.text == files.LEAD


def test_the_guarded_process_ends_with_its_owner(tmp_path):
    (tmp_path / "a.docx").write_bytes(files.word([files.TEXT]))
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from jobs.ingest import guard, input_file, read_file\n"
        "read_file(input_file(Path(sys.argv[1])))\n"
        "print(guard._guard._child.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "a.docx")],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(SEEDS.parent)},
        check=False,
    )
    assert done.returncode == -9
    child = int(done.stdout)
    for _ in range(200):
        if gone(child):
            return
        time.sleep(0.05)
    pytest.fail(f"process {child} still lives")


def gone(process):
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
    except OSError:
        return True
    return state == "Z"


# ---- one file at a time ---------------------------------------------------------------------


def test_a_file_that_became_a_pipe_is_not_waited_for(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(files.TEXT, encoding="utf-8")
    item = input_file(path)
    path.unlink()
    os.mkfifo(path)
    (outcome,) = read_file(item)
    assert outcome.reason == "cannot be read: not a regular file"


def test_a_file_that_grew_is_refused(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(files.TEXT, encoding="utf-8")
    item = input_file(path)
    path.write_text(files.TEXT * 50, encoding="utf-8")
    (outcome,) = read_file(item, max_bytes=5000)
    assert "more than the limit" in outcome.reason


def test_a_file_that_vanished(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(files.TEXT, encoding="utf-8")
    item = input_file(path)
    path.unlink()
    (outcome,) = read_file(item)
    assert (outcome.status, outcome.article) == ("failed", None)
    assert outcome.reason.startswith("cannot be read")


def test_half_characters_in_json_cannot_stop_the_writers(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"text": files.TEXT + " \ud800", "title": "Ba tỉnh \udfff"}), encoding="utf-8")
    (outcome,) = read_file(input_file(path))
    outcome.article.model_dump_json().encode()
    assert outcome.article.title == "Ba tỉnh"
    assert "U+D800" in outcome.article.warnings[0]
