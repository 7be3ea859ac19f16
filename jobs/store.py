"""The only module that writes results: lock, staging, publishing by rename, the `latest` link.

A run folder appears whole or not at all. Order: every file into a hidden staging folder and synced,
`run.json` last, the folder renamed to its id, the parent synced, then `latest` swapped by rename.
Any `OSError` becomes a `StorageError` (exit code 7) and leaves earlier results as they were.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobs.errors import LockedError, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MANIFEST = "run.json"
LATEST = "latest"
LOCK = ".lock"
_STAGING = ".staging-"
_OLD = ".old-"


# Reasons that say of the disk, not of the job, that it cannot go on; the first three: there is no room.
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
DISK = _FULL | {errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO}


def _advice(error: OSError, place: Path) -> str:
    if error.errno in _FULL:
        return f"Free some space on the disk of {place} and run again; finished work is kept."
    if error.errno == errno.EROFS:
        return f"{place} is on a read-only file system; give another folder with --outputs."
    return f"Check the permissions of {place}, or give another folder with --outputs."


@contextlib.contextmanager
def storage(place: Path, doing: str) -> Iterator[None]:
    """Turn any `OSError` inside into a `StorageError` that says what to do about `place`."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise StorageError(f"{doing}: {place}: {reason}", hint=_advice(error, place)) from error


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_file(path: Path, data: bytes) -> None:
    """Write `path` by temporary file, sync and rename; readers see the old or the new content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.tmp-{os.getpid()}")
    try:
        with temporary.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _replace_folder(new: Path, old: Path, aside: Path) -> None:
    """Put folder `new` in the place of `old` in one step where the kernel can, else in two through `aside`."""
    if _exchange(new, old):
        shutil.rmtree(new)
        return
    old.rename(aside)
    new.rename(old)
    shutil.rmtree(aside)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two names by renameat2(2), which Python does not offer; False where the file system cannot."""
    import ctypes

    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE of linux/fs.h
    function = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    return function is not None and function(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0


@dataclass(frozen=True)
class Finished:
    """A published run."""

    folder: Path
    manifest: dict[str, Any]


class Outputs:
    """An outputs folder while its lock is held. Use as a context manager.

    Raises:
        LockedError: another process holds the lock; names it.
        StorageError: the folder cannot be made or written.

    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock: int | None = None

    def __enter__(self) -> Outputs:
        with storage(self.folder, "cannot use the outputs folder"):
            self.folder.mkdir(parents=True, exist_ok=True)
            # The kernel's lock on an open file: it dies with its process, so that none is ever stale. The file
            # itself stays; whether it exists means nothing.
            handle = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = os.pread(handle, 20, 0).decode(errors="replace").strip()
                os.close(handle)
                raise LockedError(
                    f"another run holds {self.folder / LOCK} (process {holder or 'unknown'})",
                    hint="Wait for it to end; a run that was killed leaves no lock behind.",
                ) from None
            except OSError:
                os.close(handle)
                raise
            self._lock = handle
            try:
                os.ftruncate(handle, 0)
                os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
                self._recover()
            except BaseException:
                self._release()
                raise
        return self

    def __exit__(self, *_: object) -> None:
        self._release()

    def _release(self) -> None:
        if self._lock is not None:
            with contextlib.suppress(OSError):
                os.ftruncate(self._lock, 0)
            os.close(self._lock)
            self._lock = None

    def _recover(self) -> None:
        """Remove what a killed run left; put back a result that was being replaced."""
        for entry in sorted(self.folder.iterdir()):
            if entry.name.startswith(_OLD) and entry.is_dir():
                final = self.folder / entry.name.removeprefix(_OLD)
                if final.exists():
                    shutil.rmtree(entry)
                else:
                    entry.rename(final)
            elif entry.name.startswith(_STAGING) and entry.is_dir():
                shutil.rmtree(entry)

    def find(self, fingerprint: str) -> Finished | None:
        """Return the finished run of this fingerprint, or None."""
        for folder in sorted(self.folder.glob(f"*-{fingerprint[:10]}")):
            manifest = read_manifest(folder)
            if manifest is not None and manifest.get("fingerprint") == fingerprint:
                return Finished(folder, manifest)
        return None

    def publish(self, run_id: str, files: Mapping[str, bytes], manifest: dict[str, Any]) -> Path:
        """Write all `files` and then the manifest, and make them visible at once as `run_id`."""
        final, staging = self.folder / run_id, self.folder / f"{_STAGING}{run_id}"
        with storage(self.folder, "cannot publish the run"):
            try:
                if staging.exists():
                    shutil.rmtree(staging)
                staging.mkdir()
                folders = {staging}
                for name in sorted(files):
                    write_file(staging / name, files[name])
                    folders.add((staging / name).parent)
                write_file(staging / MANIFEST, to_json(manifest))
                for folder in sorted(folders):
                    _sync_folder(folder)
                if final.exists():
                    _replace_folder(staging, final, self.folder / f"{_OLD}{run_id}")
                else:
                    staging.rename(final)
                _sync_folder(self.folder)
            except OSError:
                with contextlib.suppress(OSError):
                    shutil.rmtree(staging)
                raise
        self.point_latest(run_id)
        return final

    def point_latest(self, run_id: str) -> None:
        """Let outputs/latest point to `run_id`."""
        with storage(self.folder, "cannot update the link to the latest run"):
            link, temporary = self.folder / LATEST, self.folder / f".{LATEST}.tmp"
            if link.is_symlink() and link.readlink() == Path(run_id):
                return
            temporary.unlink(missing_ok=True)
            temporary.symlink_to(run_id)
            temporary.replace(link)


def read_manifest(run: Path) -> dict[str, Any] | None:
    """Return run.json of a finished run folder, or None when there is none or it is not readable."""
    return read_json(run / MANIFEST)


def read_json(path: Path) -> dict[str, Any] | None:
    """Return the object in a JSON file, or None when there is none or it is not readable."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return data if isinstance(data, dict) else None


def to_json(value: Any) -> bytes:
    """Return indented UTF-8 JSON with a closing newline, the same bytes for the same value."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
