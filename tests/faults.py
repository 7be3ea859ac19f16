"""A publishing process that meets its end, or a full disk, at a chosen step. Run as a program by test_store.py.

Steps are every open for writing, write, sync, rename, mkdir, symlink and removal below the outputs folder. Audit
hooks cannot be taken back, so each try is a fork. `attempt` returns the exit code, -9 after a kill, and whether
the chosen step was reached.
"""

import errno
import json
import os
import pathlib
import signal
import sys

from jobs.errors import PressBriefError
from jobs.store import Outputs

EVENTS = {"open", "os.rename", "os.mkdir", "os.symlink", "os.remove", "os.rmdir"}
FILES = {
    "brief.md": b"# brief\n" * 50,
    "brief.json": b"{}\n" * 400,
    "articles/a.md": b"a\n" * 30,
    "articles/a.json": b"[]\n" * 30,
}
OLD, NEW = "2026-01-01-aaaaaaaaaa", "2026-01-02-bbbbbbbbbb"


class Faults:
    """Counts steps and strikes at one of them, and at every later one when the disk is full."""

    def __init__(self, folder, at, action):
        self.folder, self.at, self.action, self.steps = str(folder), at, action, 0

    def step(self, partly=None):
        self.steps += 1
        if self.steps == self.at or (self.steps > self.at and self.action == "full"):
            if partly is not None:
                partly()
            if self.action == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def audit(self, event, arguments):
        if event not in EVENTS or not str(arguments[0]).startswith(self.folder):
            return
        if event == "open" and not (
            isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        ):
            return
        # What gives space back works on a full disk, too.
        if self.action == "full" and event in {"os.remove", "os.rmdir"}:
            return
        self.step()

    def install(self):
        real_sync, real_open = os.fsync, pathlib.Path.open

        def fsync(handle):
            self.step()
            real_sync(handle)

        def opened(path, mode="r", *rest, **options):
            stream = real_open(path, mode, *rest, **options)
            if "w" not in mode or not str(path).startswith(self.folder):
                return stream
            return Stream(stream, self)

        os.fsync, pathlib.Path.open = fsync, opened
        sys.addaudithook(self.audit)


class Stream:
    """A file whose write may stop half way."""

    def __init__(self, stream, faults):
        self.stream, self.faults = stream, faults

    def write(self, data):
        def half():
            self.stream.write(data[: len(data) // 2])
            self.stream.flush()

        self.faults.step(half)
        return self.stream.write(data)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.stream.close()

    def __getattr__(self, name):
        return getattr(self.stream, name)


def publish(folder, run_id, text):
    """Publish one run as the pipeline does."""
    files = {name: text + data for name, data in FILES.items()}
    with Outputs(folder) as outputs:
        outputs.publish(run_id, files, {"run_id": run_id, "fingerprint": run_id[-10:], "text": text.decode()})


def attempt(folder, run_id, text, at, action):
    """Fork, publish with a fault at step `at`, and return (exit code, whether the step was reached)."""
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            faults = Faults(folder, at, action)
            faults.install()
            try:
                publish(folder, run_id, text)
                code = 0
            except PressBriefError as error:
                code = error.exit_code
            os.write(send, b"reached" if faults.steps >= at else b"past")
        finally:
            os._exit(code)
    os.close(send)
    with os.fdopen(receive, "rb") as stream:
        said = stream.read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return code, code == -signal.SIGKILL or said == b"reached"


def look(folder):
    """Return what a reader sees: the visible entries, each run's files, where `latest` leads."""
    runs = {}
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith(".") or entry.is_symlink():
            continue
        runs[entry.name] = {
            path.relative_to(entry).as_posix(): path.read_text()
            for path in sorted(entry.rglob("*"))
            if path.is_file()
        }
    latest = folder / "latest"
    hidden = sorted(path.name for path in folder.iterdir() if path.name.startswith("."))
    return {"runs": runs, "latest": latest.resolve().name if latest.exists() else None, "hidden": hidden}


def main():
    """Try every step; print one JSON record a step."""
    root, action, run_id = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    step = 0
    while True:
        step += 1
        folder = root / f"{step}"
        publish(folder, OLD, b"old\n")
        before = look(folder)
        code, reached = attempt(folder, run_id, b"new\n", step, action)
        after = look(folder)
        publish(folder, run_id, b"new\n")
        print(
            json.dumps(
                {"code": code, "reached": reached, "before": before, "after": after, "end": look(folder)}
            )
        )
        if not reached:
            break


if __name__ == "__main__":
    main()
