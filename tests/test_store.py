"""Results appear whole or not at all: a fault at every step of publishing, and the lock."""

import functools
import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from faults import FILES, NEW, OLD

from jobs.errors import LockedError, StorageError
from jobs.store import LOCK, MANIFEST, Outputs, read_manifest, to_json, write_file

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="module")
def tries(tmp_path_factory):
    """Return the records of one series of tries; each series is run once."""
    return functools.cache(lambda action, run_id: series(tmp_path_factory.mktemp("faults"), action, run_id))


def series(tmp_path, action, run_id):
    done = subprocess.run(
        [sys.executable, HERE / "faults.py", tmp_path, action, run_id],
        env={**os.environ, "PYTHONPATH": str(HERE.parent)},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def whole(run, text):
    """The files of a run, all of one making."""
    return (
        set(run) == {*FILES, MANIFEST}
        and all(run[name] == text + data.decode() for name, data in FILES.items())
        and json.loads(run[MANIFEST])["text"] == text
    )


@pytest.mark.parametrize("action", ["kill", "full"])
@pytest.mark.parametrize("run_id", [NEW, OLD], ids=["new run", "the same run again"])
def test_a_fault_at_every_step_leaves_nothing_half_written(tries, action, run_id):
    records = tries(action, run_id)
    # The null control: the last try met no fault and went through.
    assert records[-1]["code"] == 0
    assert not records[-1]["reached"]
    assert len(records) > 4 * len(FILES)
    for record in records[:-1]:
        assert record["code"] in ({-signal.SIGKILL} if action == "kill" else {7, 0}), record
        runs = record["after"]["runs"]
        assert set(runs) <= {OLD, NEW}
        assert whole(runs[OLD], "old\n") or (run_id == OLD and whole(runs[OLD], "new\n"))
        assert NEW not in runs or whole(runs[NEW], "new\n")
        assert record["after"]["latest"] in runs
    # A full disk before the first file is visible leaves what was there.
    if action == "full":
        failed = [record for record in records if record["code"] == 7]
        assert len(failed) > 3 * len(FILES)
        assert all(
            record["after"]["runs"][OLD] == record["before"]["runs"][OLD]
            for record in failed
            if run_id == NEW
        )


@pytest.mark.parametrize("action", ["kill", "full"])
def test_after_a_fault_the_next_run_ends_as_an_undisturbed_one(tries, action):
    records = tries(action, NEW)
    assert all(record["end"] == records[-1]["end"] for record in records)
    end = records[-1]["end"]
    assert end["latest"] == NEW
    assert end["hidden"] == [LOCK]
    assert whole(end["runs"][NEW], "new\n")
    assert whole(end["runs"][OLD], "old\n")


def test_where_names_cannot_be_exchanged_the_old_run_is_put_back(tmp_path, monkeypatch):
    monkeypatch.setattr("jobs.store._exchange", lambda *_: False)
    with Outputs(tmp_path) as outputs:
        outputs.publish("r-1", {"a": b"1"}, {"n": 1})
        outputs.publish("r-1", {"a": b"2"}, {"n": 2})
    assert (tmp_path / "r-1" / "a").read_bytes() == b"2"
    # Killed between the two renames: the old run is aside.
    (tmp_path / "r-1").rename(tmp_path / ".old-r-1")
    (tmp_path / ".staging-r-1").mkdir()
    with Outputs(tmp_path) as outputs:
        assert (tmp_path / "r-1" / "a").read_bytes() == b"2"
        assert sorted(path.name for path in tmp_path.iterdir()) == [LOCK, "latest", "r-1"]
        assert outputs.find("1") is None


def test_a_run_is_found_by_its_whole_fingerprint(tmp_path):
    digest = "0123456789abcdef"
    with Outputs(tmp_path) as outputs:
        outputs.publish(f"2026-01-01-{digest[:10]}", {}, {"fingerprint": digest})
        assert outputs.find(digest).folder.name == f"2026-01-01-{digest[:10]}"
        assert outputs.find(digest[:10] + "ffff") is None


HOLD = """
import sys, time
from pathlib import Path
from jobs.store import Outputs
with Outputs(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(HERE.parent)},
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_the_lock_names_its_holder_and_dies_with_it(tmp_path, holder):
    with pytest.raises(LockedError, match=rf"process {holder.pid}\b"), Outputs(tmp_path):
        pass
    holder.kill()
    holder.wait()
    with Outputs(tmp_path) as outputs:
        outputs.publish("r-1", {}, {})
    assert (tmp_path / "r-1" / MANIFEST).is_file()


RACE = """
import os, sys, time
from pathlib import Path
from jobs.errors import LockedError
from jobs.store import Outputs
folder, start = Path(sys.argv[1]), float(sys.argv[2])
time.sleep(max(0, start - time.time()))
won = 0
for _ in range(60):
    try:
        with Outputs(folder):
            claim = os.open(folder / "claim", os.O_CREAT | os.O_EXCL)  # fails where two are inside
            os.close(claim)
            os.unlink(folder / "claim")
            won += 1
    except LockedError as error:
        assert "process" in str(error)
print(won)
"""


def test_of_racing_processes_only_one_is_inside(tmp_path):
    start = time.time() + 1
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACE, tmp_path, str(start)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(HERE.parent)},
        )
        for _ in range(8)
    ]
    results = [racer.communicate() for racer in racers]
    assert [racer.returncode for racer in racers] == [0] * 8, results
    assert sum(int(out) for out, _ in results) > 0


def test_no_permission_is_a_storage_error_that_says_what_to_do(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.raises(StorageError, match="--outputs") as caught, Outputs(blocked / "outputs"):
        pass
    assert caught.value.exit_code == 7
    if os.geteuid() != 0:
        closed = tmp_path / "closed"
        closed.mkdir(mode=stat.S_IRUSR | stat.S_IXUSR)
        with pytest.raises(StorageError, match="permission"), Outputs(closed / "outputs"):
            pass


def test_files_are_replaced_whole(tmp_path):
    write_file(tmp_path / "a" / "b.txt", b"one")
    write_file(tmp_path / "a" / "b.txt", b"two")
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b.txt"]
    assert (tmp_path / "a" / "b.txt").read_bytes() == b"two"


def test_a_damaged_manifest_is_no_run(tmp_path):
    (tmp_path / MANIFEST).write_text("{half")
    assert read_manifest(tmp_path) is None
    (tmp_path / MANIFEST).write_text("[]")
    assert read_manifest(tmp_path) is None
    (tmp_path / MANIFEST).write_bytes(to_json({"ứng": 1}))
    assert read_manifest(tmp_path) == {"ứng": 1}
