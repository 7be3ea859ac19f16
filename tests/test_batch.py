"""What a scheduler relies on: same input same bytes, no work twice, resumable, disks that fill, exit codes."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from articles import ARTICLES, write_articles

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent


def tree(folder):
    """Every file of a run by its path; of run.json all but what the clock and the cache decide."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
    manifest = json.loads(found["run.json"])
    assert set(manifest["timings"]) >= {"started", "finished", "seconds"}
    del manifest["timings"]
    found["run.json"] = manifest
    return found


class Place:
    """A folder with seeds, a configuration, a cache and outputs of its own."""

    def __init__(self, folder, **translation):
        self.folder = folder
        self.seeds, self.outputs, self.cache = folder / "seeds", folder / "outputs", folder / "cache"
        self.config = folder / "config.yaml"
        folder.mkdir(parents=True, exist_ok=True)
        self.write_config(**translation)

    def write_config(self, **translation):
        settings = {"cache": str(self.cache), "translation": {"threads": 1, **translation}}
        self.config.write_text(json.dumps(settings), encoding="utf-8")

    def command(self, *more):
        base = [sys.executable, "-m", "jobs", "run", "--config", self.config]
        return [*map(str, [*base, "--seeds", self.seeds, "--outputs", self.outputs, *more])]

    def run(self, *more, env=None, code=0, limits=None):
        done = subprocess.run(
            self.command(*more),
            env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", **(env or {})},
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
            preexec_fn=limits,
        )
        assert done.returncode == code, done.stderr
        return done

    def start(self):
        return subprocess.Popen(
            self.command(),
            env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @property
    def latest(self):
        return self.outputs / "latest"

    def manifest(self):
        return json.loads((self.latest / "run.json").read_text(encoding="utf-8"))

    def visible(self):
        if not self.outputs.exists():
            return []
        return sorted(path.name for path in self.outputs.iterdir() if not path.name.startswith("."))


@pytest.fixture(scope="module")
def warm(tmp_path_factory):
    """A finished run of all three articles, cold; others compare with it and copy its cache."""
    place = Place(tmp_path_factory.mktemp("warm"))
    write_articles(place.seeds)
    place.run()
    return place


@pytest.fixture
def place(tmp_path, warm):
    """A place with the converted model, but an empty translation memory."""
    fresh = Place(tmp_path / "place")
    shutil.copytree(warm.cache / "converted", fresh.cache / "converted")
    write_articles(fresh.seeds)
    return fresh


@pytest.fixture
def remembering(place, warm):
    """A place whose translation memory knows every sentence."""
    shutil.copy(warm.cache / "memory.sqlite", place.cache / "memory.sqlite")
    return place


# ---- the same bytes --------------------------------------------------------------------------------


def test_a_run_is_the_same_whatever_surrounds_it(warm, tmp_path):
    """Two threads, other hashes, zone, language and order of creation, and another place on the disk."""
    other = Place(tmp_path / "elsewhere" / "ứng dụng", threads=2, batch_tokens=512)
    write_articles(other.seeds, reverse=True)
    other.run(
        env={
            "PYTHONHASHSEED": "12345",
            "TZ": "Pacific/Apia",
            "LANG": "C",
            "LC_ALL": "C",
            "OMP_NUM_THREADS": "2",
        }
    )
    assert tree(other.latest) == tree(warm.latest)
    assert other.visible() == warm.visible()


def test_a_run_without_its_memory_of_translations_is_the_same(warm, place):
    place.run("--force", env={"PYTHONHASHSEED": "7"})
    assert tree(place.latest) == tree(warm.latest)
    counts = place.manifest()["timings"]["sentences"]
    assert counts == warm.manifest()["timings"]["sentences"]
    assert counts["from_memory"] == 0


# ---- work is done once ---------------------------------------------------------------------------------


def test_a_second_run_does_nothing_and_says_so(warm):
    before = {path: path.stat().st_mtime_ns for path in warm.outputs.rglob("*")}
    again = warm.run(env={"PYTHONPATH": f"{ROOT}"})
    assert "nothing has changed" in again.stderr
    assert again.stdout.strip() == str(warm.latest.resolve())
    after = {path: path.stat().st_mtime_ns for path in warm.outputs.rglob("*")}
    assert {path: at for path, at in after.items() if path.name != ".lock" and path != warm.outputs} == {
        path: at for path, at in before.items() if path.name != ".lock" and path != warm.outputs
    }


def test_a_remembered_run_loads_no_model(remembering, warm):
    """Weights that cannot be loaded would stop a run that needed them."""
    for weights in (remembering.cache / "converted").rglob("model.bin"):
        weights.write_bytes(b"damaged")
    remembering.run()
    assert tree(remembering.latest) == tree(warm.latest)
    counts = remembering.manifest()["timings"]["sentences"]
    assert counts["translated_now"] == 0
    assert counts["from_memory"] == warm.manifest()["timings"]["sentences"]["translated_now"] > 10


def test_a_new_article_costs_only_itself(place, warm):
    (place.seeds / "gia-lua.txt").unlink()
    place.run()
    first = place.manifest()["timings"]["sentences"]["translated_now"]
    write_articles(place.seeds)
    place.run()
    counts = place.manifest()["timings"]["sentences"]
    assert counts["translated_now"] + first <= warm.manifest()["timings"]["sentences"]["translated_now"]
    assert 0 < counts["translated_now"] <= 6
    assert tree(place.latest) == tree(warm.latest)
    assert len(place.visible()) == 3


# ---- interruptions ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "code", "word"), [(signal.SIGTERM, 143, "terminated"), (signal.SIGINT, 130, "interrupted")]
)
def test_an_interrupted_run_says_so_and_is_resumed_to_the_same_bytes(place, warm, number, code, word):
    process = place.start()
    lock = place.outputs / ".lock"
    while process.poll() is None and not (lock.exists() and lock.read_text()):
        time.sleep(0.01)
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == code, errors
    assert word in errors
    assert "run again" in errors
    assert "Traceback" not in errors
    assert place.visible() == []
    place.run()
    assert tree(place.latest) == tree(warm.latest)


def test_runs_killed_at_random_moments_leave_nothing_half_written(remembering, warm):
    """Thirty SIGKILLs at moments spread over a whole run, each beside what the one before it left; then none."""
    command = [HERE / "kills.py", remembering.config, remembering.seeds, remembering.outputs, 30, 20261124]
    done = subprocess.run(
        [sys.executable, *map(str, command)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    control, *kills, last = [json.loads(line) for line in done.stdout.splitlines()]
    assert control["events"] > 300
    assert len(kills) == 30
    assert {record["code"] for record in kills} == {-signal.SIGKILL}
    assert sum(record["visible"] == [] for record in kills) >= 20
    for finished in remembering.folder.glob("seen-*/[0-9]*"):
        assert tree(finished) == tree(warm.latest)
    assert last == {"code": 0, "visible": warm.visible()}
    assert tree(remembering.latest) == tree(warm.latest)


def test_a_run_killed_while_it_translates_goes_on_where_it_stopped(place, warm, monkeypatch):
    """Every chunk that was finished is remembered: the writer is killed after its first one."""
    program = (
        "import os, signal, sys\n"
        "import jobs.translate.translator as t\n"
        "from jobs.translate.memory import Memory\n"
        "t.CHUNK = 4\n"
        "put = Memory.put\n"
        "def once(self, *a, **k):\n"
        "    put(self, *a, **k); os.kill(os.getpid(), signal.SIGKILL)\n"
        "Memory.put = once\n"
        "sys.argv = ['press-brief', *sys.argv[1:]]\n"
        "from jobs.cli import main; main()\n"
    )
    command = [sys.executable, "-c", program, *place.command()[3:]]
    killed = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert place.visible() == []
    place.run()
    counts = place.manifest()["timings"]["sentences"]
    assert counts["from_memory"] == 4
    assert tree(place.latest) == tree(warm.latest)


def test_a_second_run_at_the_same_time_gives_way_at_once(place):
    hold = (
        "import sys, time; from pathlib import Path; from jobs.store import Outputs\n"
        "with Outputs(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", hold, place.outputs],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        assert holder.stdout.readline() == "held\n"
        refused = place.run(code=11)
        assert f"process {holder.pid})" in refused.stderr
        assert refused.stdout == ""
    finally:
        holder.kill()
        holder.communicate()
    place.run()


# ---- the disk ----------------------------------------------------------------------------------------------


def limit_files(size):
    import resource

    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_no_room_for_the_converted_model_is_exit_7(tmp_path):
    place = Place(tmp_path / "place")
    write_articles(place.seeds)
    failed = place.run(code=7, limits=limit_files(1_000_000))
    assert "cannot keep the converted model" in failed.stderr
    assert "Free some space" in failed.stderr
    assert "Traceback" not in failed.stderr
    assert not list(place.cache.glob("converted/*/model.bin"))
    place.run()


def test_no_room_for_the_results_is_exit_7_and_leaves_the_old_ones(remembering, warm):
    remembering.run("--only", warm.manifest()["inputs"][0]["id"])
    before, old = remembering.visible(), tree(remembering.latest)
    # Nothing is to be translated, so that the results are all there is to write.
    failed = remembering.run(code=7, limits=limit_files(9_000))
    assert "cannot publish the run" in failed.stderr
    assert remembering.visible() == before
    assert tree(remembering.latest) == old
    remembering.run()
    assert tree(remembering.latest) == tree(warm.latest)


def test_a_small_disk_that_fills_up_is_exit_7_and_loses_nothing(remembering, tmp_path, warm):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no right to mount a file system here")
    try:
        remembering.outputs = disk / "outputs"
        remembering.run()
        old = tree(remembering.latest)
        filler = disk / "filler"
        with filler.open("wb", buffering=0) as stream:
            try:
                while True:
                    stream.write(b"x" * 4096)
            except OSError:
                pass
        failed = remembering.run("--force", "--only", next(iter(old["run.json"]["inputs"]))["id"], code=7)
        assert "Free some space" in failed.stderr
        assert tree(remembering.latest) == old
        filler.unlink()
        remembering.run("--only", next(iter(old["run.json"]["inputs"]))["id"])
    finally:
        subprocess.run(["umount", disk], check=True)


# ---- options and codes -----------------------------------------------------------------------------------------


def test_quiet_says_nothing_and_prints_the_folder(remembering):
    done = remembering.run("--quiet")
    assert done.stderr == ""
    assert Path(done.stdout.strip()) == remembering.latest.resolve()


def test_json_prints_the_manifest(remembering):
    done = remembering.run("--json", "--verbose")
    assert json.loads(done.stdout) == remembering.manifest()
    assert "read 3: translated 3, duplicate 0, skipped 0, failed 0" in done.stderr


def test_since_and_only_choose_and_account(remembering):
    remembering.run()
    ids = {entry["path"]: entry["id"] for entry in remembering.manifest()["inputs"]}
    remembering.run("--only", ids["gia-lua.txt"])
    manifest = remembering.manifest()
    assert manifest["accounting"] == {"read": 3, "translated": 1, "duplicate": 0, "skipped": 2, "failed": 0}
    assert {entry["reason"] for entry in manifest["inputs"] if entry["status"] == "skipped"} == {
        "not asked for with --only"
    }
    remembering.run("--only", "nothing-like-this", code=4)
    remembering.run("--since", "yesterday", code=2)


def test_since_leaves_out_what_is_older(remembering):
    dated = {"title": "Tin", "text": ARTICLES["gia-lua.txt"].replace("14/3", "hôm nay"), "source": "Báo A"}
    rows = [{**dated, "date": date, "source": date} for date in ("2026-03-01", "2026-03-20")]
    for name in ARTICLES:
        (remembering.seeds / name).unlink()
    (remembering.seeds / "two.jsonl").write_text(
        "".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8"
    )
    remembering.run("--since", "2026-03-10")
    inputs = remembering.manifest()["inputs"]
    assert [entry["status"] for entry in inputs] == ["skipped", "translated"]
    assert "before --since 2026-03-10" in inputs[0]["reason"]


def test_a_dry_run_tells_and_does_nothing(remembering, warm):
    told = remembering.run("--dry-run")
    assert not remembering.outputs.exists()
    assert told.stdout.splitlines() == [f"{name}: read and translate: new" for name in sorted(ARTICLES)]
    remembering.run()
    (remembering.seeds / "gia-lua.txt").write_text("Đổi.", encoding="utf-8")
    (remembering.seeds / "photo.jpg").write_bytes(b"\xff\xd8")
    lines = {row["path"]: row["plan"] for row in json.loads(remembering.run("--dry-run", "--json").stdout)}
    assert "unchanged since" in lines["cau-song-hau.txt"]
    assert lines["gia-lua.txt"] == "read and translate: changed"
    assert "not supported" in lines["photo.jpg"]
    kept = next(
        entry["id"] for entry in remembering.manifest()["inputs"] if entry["path"] == "cau-song-hau.txt"
    )
    told = remembering.run("--dry-run", "--only", kept).stdout
    assert "cau-song-hau.txt: unchanged" in told
    assert "khoi-cong-cau.txt: skip: not asked for with --only" in told
    assert len(remembering.visible()) == 2


def test_a_dry_run_knows_the_dates_of_unchanged_articles(remembering, warm):
    row = {"title": "Giá lúa", "text": ARTICLES["gia-lua.txt"], "date": "2026-03-01"}
    (remembering.seeds / "gia-lua.txt").unlink()
    (remembering.seeds / "lua.json").write_text(json.dumps(row), encoding="utf-8")
    remembering.run()
    told = remembering.run("--dry-run", "--since", "2026-03-10").stdout
    assert "lua.json: skip: dated 2026-03-01, before --since 2026-03-10" in told
    assert "lua.json: unchanged" in remembering.run("--dry-run", "--since", "2026-03-01").stdout
    (remembering.seeds / "lua.json").write_text(json.dumps({**row, "author": "An"}), encoding="utf-8")
    told = remembering.run("--dry-run", "--since", "2026-03-10").stdout
    assert "lua.json: read and translate: changed, unless dated before 2026-03-10" in told


def test_an_input_that_cannot_be_used_is_code_3_and_the_others_are_published(remembering, warm):
    (remembering.seeds / "empty.txt").write_bytes(b"")
    done = remembering.run(code=3)
    assert "empty.txt: failed" in done.stderr or "empty.txt: skipped" in done.stderr
    brief = json.loads((remembering.latest / "brief.json").read_text(encoding="utf-8"))
    expected = json.loads((warm.latest / "brief.json").read_text(encoding="utf-8"))
    assert brief["events"] == expected["events"]
    again = remembering.run(code=3)
    assert "nothing has changed" in again.stderr


def test_no_input_is_code_4(place):
    shutil.rmtree(place.seeds)
    assert "seeds" in place.run(code=4).stderr
    place.seeds.mkdir()
    assert "no articles in" in place.run(code=4).stderr
    (place.seeds / "english.txt").write_text(
        "The bridge was opened on Sunday by the minister. " * 20, encoding="utf-8"
    )
    failed = place.run(code=4)
    assert "english.txt" in failed.stderr
    assert place.visible() == []
