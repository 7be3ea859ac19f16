"""Translation memory: keyed by engine, corrections first, formats round trip, killed writers and damaged files."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from jobs.errors import StorageError, UsageError
from jobs.records import Flag, Translation
from jobs.translate.memory import Memory
from jobs.translate.tmx import read_tmx, write_tmx

ROOT = Path(__file__).resolve().parent.parent
VI, EN = "Hội nghị khai mạc sáng 15/1.", "The conference opened on the morning of January 15."
AWKWARD = [
    ("Ông nói: “A & B < C”.", "He said: “A & B < C”."),
    ("Tỷ lệ 91,2% – cao nhất.", "A rate of 91.2% – the highest."),
    ("Dấu 'nháy' và \"ngoặc\"", "'Single' and \"double\" quotes"),
    ("Chữ đ, ơ, ư và 漢字", "Letters and 漢字"),
    ("#không phải chú thích", "#no comment"),
]


@pytest.fixture
def memory(tmp_path):
    return Memory(tmp_path / "memory.sqlite")


def machine(vi=VI, en=EN, **more):
    return Translation(vi=vi, en=en, origin="vi-en@1", **more)


def corrected(memory, tmp_path, pairs, name="corrections.tsv"):
    path = tmp_path / name
    path.write_text("".join(f"{vi}\t{en}\n" for vi, en in pairs), encoding="utf-8")
    return memory.import_file(path)


def test_what_an_engine_made_comes_back_whole_under_its_key_only(memory):
    made = machine(flags=(Flag(code="quotes", detail="one"),), repaired="forced")
    memory.put([made], engine_key="one")
    assert memory.get([VI], engine_key="one") == {VI: made}
    assert memory.get([VI], engine_key="two") == {}
    assert memory.get([VI], engine_key="one", corrections_only=True) == {}


def test_spaces_and_letter_forms_do_not_matter(memory):
    memory.put([machine()], engine_key="one")
    import unicodedata

    spaced = unicodedata.normalize("NFD", f"  {VI.replace(' ', '  ')} ")
    assert memory.get([spaced], engine_key="one")[spaced].en == EN
    assert memory.get([spaced], engine_key="one")[spaced].vi == spaced


def test_a_correction_beats_every_engine_and_is_marked_human(memory, tmp_path):
    memory.put([machine()], engine_key="one")
    assert corrected(memory, tmp_path, [(VI, "The meeting opened on January 15.")])["new"] == 1
    for key in ("one", "two"):
        found = memory.get([VI], engine_key=key)[VI]
        assert (found.en, found.origin, found.flags) == ("The meeting opened on January 15.", "human", ())
    memory.put([machine(en="Something else.")], engine_key="one")
    assert memory.get([VI], engine_key="one")[VI].origin == "human"


def test_a_pair_that_the_engine_made_is_no_correction(memory, tmp_path):
    memory.put([machine()], engine_key="one")
    assert corrected(memory, tmp_path, [(VI, EN)]) == {"new": 0, "changed": 0, "unchanged": 1}
    assert memory.stats()["corrections"] == 0


def test_corrections_change_their_hash_and_machine_results_do_not(memory, tmp_path):
    empty = memory.corrections_sha256()
    memory.put([machine()], engine_key="one")
    assert memory.corrections_sha256() == empty
    corrected(memory, tmp_path, [(VI, "Other.")])
    assert memory.corrections_sha256() != empty


@pytest.mark.parametrize("suffix", ["tmx", "tsv"])
def test_corrections_survive_export_and_import(memory, tmp_path, suffix):
    corrected(memory, tmp_path, AWKWARD)
    path = tmp_path / f"out.{suffix}"
    assert memory.export_file(path) == len(AWKWARD)
    other = Memory(tmp_path / "other.sqlite")
    assert other.import_file(path)["new"] == len(AWKWARD)
    assert other.corrections_sha256() == memory.corrections_sha256()
    again = tmp_path / f"again.{suffix}"
    other.export_file(again)
    assert again.read_bytes() == path.read_bytes()


def test_the_tmx_has_what_1_4b_asks_for():
    from lxml import etree

    root = etree.fromstring(write_tmx([(VI, EN, {"run": "r1", "article": "a"})]))
    assert (root.tag, root.get("version")) == ("tmx", "1.4")
    needed = {"creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang", "datatype"}
    assert needed <= set(root.find("header").attrib)
    unit = root.find("body/tu")
    assert [child.tag for child in unit] == ["prop", "prop", "tuv", "tuv"]
    languages = [tuv.get("{http://www.w3.org/XML/1998/namespace}lang") for tuv in unit.iter("tuv")]
    assert languages == ["vi", "en"]


def test_a_tmx_of_another_tool_is_read():
    text = """<?xml version="1.0"?><!DOCTYPE tmx SYSTEM "tmx14.dtd"><tmx version="1.4"><header/><body>
    <tu><tuv xml:lang="EN-US"><seg>The <bpt i="1"/>meeting<ept i="1"/>
      opened.</seg></tuv><tuv xml:lang="vi-VN"><seg>Hội nghị khai mạc.</seg></tuv></tu>
    <tu><tuv xml:lang="vi"><seg>Không có bản dịch.</seg></tuv></tu></body></tmx>"""
    assert list(read_tmx(text.encode(), "x")) == [("Hội nghị khai mạc.", "The meeting opened.")]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.tmx", b"<tmx", "not well-formed"),
        ("a.tmx", b"", "not well-formed"),
        ("a.tmx", b"<html/>", "not <tmx>"),
        ("a.tmx", b'<!DOCTYPE tmx [<!ENTITY a "b">]><tmx/>', "entities"),
        ("a.tsv", b"only one column\n", "a.tsv:1"),
        ("a.tsv", b"m\xff\xfe\tx\n", "not UTF-8"),
        ("a.xlsx", b"PK", "neither .tmx nor .tsv"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place_and_changes_nothing(memory, tmp_path, name, data, says):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(UsageError, match=says):
        memory.import_file(path)
    assert memory.stats()["corrections"] == 0


def test_a_fault_in_the_last_line_takes_over_nothing(memory, tmp_path):
    path = tmp_path / "a.tsv"
    path.write_text(f"{VI}\t{EN}\nbroken line\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"a\.tsv:2"):
        memory.import_file(path)
    assert memory.stats()["corrections"] == 0


_WRITER = """
import sys
from pathlib import Path
from jobs.records import Translation
from jobs.translate.memory import Memory

memory = Memory(Path(sys.argv[1]))
batch = 0
while True:
    batch += 1
    memory.put([Translation(vi=f"câu {batch} {i}", en=f"{batch}", origin="m") for i in range(50)], engine_key="k")
    print(batch, flush=True)
"""


@pytest.mark.parametrize("finished", [1, 3])
def test_a_killed_writer_leaves_whole_batches(tmp_path, finished):
    path = tmp_path / "memory.sqlite"
    command = [sys.executable, "-c", _WRITER, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as writer:
        for _ in range(finished):
            done = int(writer.stdout.readline())
        os.kill(writer.pid, signal.SIGKILL)
        rest = [int(line) for line in writer.stdout.read().split()]
    assert writer.returncode == -signal.SIGKILL
    memory = Memory(path)
    remembered = memory.stats()["remembered"]
    assert remembered % 50 == 0
    assert remembered >= 50 * max([done, *rest])
    memory.put([machine()], engine_key="k")
    assert memory.get([VI], engine_key="k")[VI].en == EN


def test_a_writer_killed_inside_its_transaction_leaves_the_state_before(tmp_path):
    """The journal of a killed process is rolled back by the next one that opens the file."""
    path = tmp_path / "memory.sqlite"
    Memory(path).put([machine()], engine_key="k")
    script = (
        "import os, signal, sqlite3, sys\n"
        "c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "c.execute('PRAGMA cache_size = 1')\n"
        "c.execute('BEGIN IMMEDIATE')\n"
        "c.execute('DELETE FROM machine')\n"
        "c.executemany('INSERT INTO machine VALUES (?, ?, ?)', [('k', str(i), 'x' * 500) for i in range(2000)])\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert Path(f"{path}-journal").exists()
    assert Memory(path).get([VI], engine_key="k")[VI].en == EN
    assert Memory(path).stats()["remembered"] == 1


@pytest.mark.parametrize("damage", ["not a database", "cut", "overwritten", "other tables", "bad record"])
def test_a_damaged_file_is_a_clear_error_and_stays_as_it_is(tmp_path, damage):
    path = tmp_path / "memory.sqlite"
    memory = Memory(path)
    memory.put([machine(vi=f"câu {i}") for i in range(300)], engine_key="k")
    data = path.read_bytes()
    if damage == "not a database":
        path.write_bytes(b"this is a text file " * 400)
    elif damage == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif damage == "overwritten":
        path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    elif damage == "other tables":
        path.unlink()
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE machine (other TEXT)")
            connection.execute("CREATE TABLE human (other TEXT)")
        connection.close()
    else:
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE machine SET data = '{'")
        connection.close()
    before = path.read_bytes()
    with pytest.raises(StorageError, match=r"memory\.sqlite") as caught:
        memory.get([f"câu {i}" for i in range(300)], engine_key="k")
    assert caught.value.hint
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path):
    memory = Memory(tmp_path / "missing" / "memory.sqlite")
    with pytest.raises(StorageError, match="translation memory"):
        memory.put([machine()], engine_key="k")


def test_the_command_says_what_is_wrong_without_a_traceback(press_brief, tmp_path):
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "memory.sqlite").write_bytes(b"garbage" * 1000)
    (tmp_path / "config.yaml").write_text("cache: cache\n", encoding="utf-8")
    done = press_brief("memory", "stats", cwd=tmp_path)
    assert done.returncode == 7
    assert "damaged" in done.stderr
    assert "Traceback" not in done.stderr
