"""The process in which foreign parsers run: requests on stdin, answers on stdout; see `jobs.ingest.guard`.

Sets its own limits before each file and leaves when a file has broken it or has left it fat.
"""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import json
import resource
import signal
import sys
from pathlib import Path
from typing import Any, BinaryIO

from jobs.errors import InputError
from jobs.ingest.formats import FOREIGN, Extracted

_LIBRARIES = {
    ".html": ("trafilatura", "lxml.html"),
    ".htm": ("trafilatura", "lxml.html"),
    ".docx": ("docx",),
    ".pdf": ("pypdf",),
}


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until they end, or until this process had better be replaced."""
    while line := requests.readline():
        head = json.loads(line)
        data = requests.read(head["length"])
        for library in _LIBRARIES[head["suffix"]]:
            importlib.import_module(library)
        answers.write(b"loaded\n")
        answers.flush()
        before = _size()
        _limit(before + head["megabytes"] * 1024 * 1024, head["seconds"])
        answer = _answer(head["suffix"], data)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        if _size() - before > head["megabytes"] * 1024 * 1024 // 3:
            answer["last"] = True
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()
        if answer.get("last"):
            return


def _size() -> int:
    """Return the bytes of address space in use; 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return 0
    return pages * resource.getpagesize()


def _limit(ceiling: int, seconds: float) -> None:
    """Let this process grow to `ceiling` bytes and use `seconds` more of the processor."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime + seconds) + 1
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
    if _size():
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_AS, (ceiling, resource.RLIM_INFINITY))


def _answer(suffix: str, data: bytes) -> dict[str, Any]:
    try:
        return {"articles": [_to_json(item) for item in FOREIGN[suffix](data)]}
    except InputError as error:
        return {"error": error.message, "status": error.status}
    except MemoryError:
        return {"error": "needs too much memory to be parsed", "status": "failed", "last": True}
    except Exception as error:  # noqa: BLE001 - parsers of foreign formats fail in their own ways on hostile files
        reason = f"cannot be parsed: {type(error).__name__}: {error}"
        return {"error": reason[:300], "status": "failed", "last": True}


def _to_json(item: Extracted) -> dict[str, Any]:
    return {**dataclasses.asdict(item), "date": item.date.isoformat() if item.date else None}


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides; it closes the pipe
    serve(sys.stdin.buffer, sys.stdout.buffer)
