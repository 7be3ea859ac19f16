"""Foreign parsers under guard: bytes of a .html, .docx or .pdf in, `Extracted` out, within 10 s and 300 MB.

The parsers of these formats are large programs of other people, and a hostile file can keep any of them busy for
hours or make it fill the memory. They run in one process of their own, which lives as long as the batch, has no
more memory than it is given, and is killed when a file takes too long; the next file gets a fresh one. The seconds
are those of the processor: on a busy machine a file must not end otherwise than on an idle one. A file that breaks
its parser raises `InputError`; nothing worse leaves this module.

Protocol, both ways over pipes: a line of JSON, then (to the child) as many bytes as the line says.
"""

from __future__ import annotations

import atexit
import contextlib
import datetime as dt
import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from jobs.errors import InputError
from jobs.ingest.formats import Extracted

SECONDS = 10.0
MEGABYTES = 300
_START_SECONDS = 60.0  # importing a parser from a cold disk
_PATIENCE = 12  # by the clock on the wall, this many times the seconds of the processor


class Guard:
    """A child process that parses; started at the first file, started anew after one that broke it."""

    def __init__(self, *, seconds: float = SECONDS, megabytes: int = MEGABYTES) -> None:
        self.seconds = seconds
        self.megabytes = megabytes
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def read(self, suffix: str, data: bytes) -> list[Extracted]:
        """Parse `data` as a file named `suffix`.

        Raises:
            InputError: what the parser says, or that it took too long, too much memory, or fell over.

        """
        with self._lock:
            try:
                answer = self._ask(suffix, data)
            except (OSError, EOFError, ValueError) as error:
                reason = str(error) if isinstance(error, TimeoutError) else self._epitaph()
                self._stop()
                raise InputError(reason) from None
            except BaseException:
                self._stop()  # an interrupt in the middle of an answer: the next answer would be this one's
                raise
        if "error" in answer:
            raise InputError(answer["error"], status=answer["status"])
        return [_from_json(item) for item in answer["articles"]]

    def close(self) -> None:
        """End the child."""
        with self._lock:
            self._stop()

    def _ask(self, suffix: str, data: bytes) -> dict[str, Any]:
        child = self._running()
        assert child.stdin is not None
        head = {"suffix": suffix, "length": len(data), "megabytes": self.megabytes, "seconds": self.seconds}
        child.stdin.write(json.dumps(head).encode() + b"\n" + data)
        child.stdin.flush()
        self._line(_START_SECONDS, "its parser could not be loaded in time")
        answer: dict[str, Any] = json.loads(
            self._line(_PATIENCE * self.seconds, f"cannot be parsed within {self.seconds:g} s")
        )
        if answer.get("last"):
            self._stop()
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._stop()
            package = str(Path(__file__).resolve().parents[2])
            path = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH", "")]))
            self._child = subprocess.Popen(
                [sys.executable, "-m", "jobs.ingest.parser"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": path},
            )
        return self._child

    def _line(self, seconds: float, too_long: str) -> bytes:
        """Return the next line of the child's answer."""
        assert self._child is not None
        assert self._child.stdout is not None
        descriptor = self._child.stdout.fileno()
        until = time.monotonic() + seconds
        parts: list[bytes] = []
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, selectors.EVENT_READ)
            while True:
                if not selector.select(max(0.0, until - time.monotonic())):
                    raise TimeoutError(too_long)
                # Byte by byte up to the newline of `loaded`; the answer is the last line, so larger reads are safe.
                part = os.read(descriptor, 1 if seconds == _START_SECONDS else 65536)
                if not part:
                    raise EOFError
                parts.append(part)
                if part.endswith(b"\n"):
                    return b"".join(parts)

    def _epitaph(self) -> str:
        assert self._child is not None
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(timeout=2)
        code = self._child.returncode
        if code in {-signal.SIGXCPU, -signal.SIGKILL}:
            return f"cannot be parsed within {self.seconds:g} s"
        return f"its parser broke down on it (exit {code})"

    def _stop(self) -> None:
        if self._child is None:
            return
        child, self._child = self._child, None
        child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        child.wait()


_guard = Guard()
atexit.register(_guard.close)


def read_guarded(suffix: str, data: bytes) -> list[Extracted]:
    """Parse `data` in the guarded process of this program; see `Guard.read`."""
    return _guard.read(suffix, data)


def _from_json(item: dict[str, Any]) -> Extracted:
    day = dt.date.fromisoformat(item["date"]) if item["date"] else None
    return Extracted(
        **{**item, "date": day, "captions": tuple(item["captions"]), "notes": tuple(item["notes"])}
    )
