"""The course of a training: a CSV log, and from it a small SVG learning curve."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

from jobs.store import storage, write_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_WIDTH, _HEIGHT, _EDGE = 640, 300, 44
_LOSS, _SCORE = "#b3261e", "#1a5fb4"


@dataclass(frozen=True)
class Entry:
    """One line of the log; `nll` is nats per target subword, `chrf` is there where it was validated."""

    step: int
    epoch: int
    subwords: int
    nll: float
    guidance: float
    rate: float
    norm: float
    chrf: float | None
    seconds: float


class Log:
    """The log of a training, kept whole in memory and on disk."""

    def __init__(self, path: Path, entries: Sequence[Entry] = ()) -> None:
        self._path = path
        self.entries = list(entries)

    @classmethod
    def resumed(cls, path: Path, step: int) -> Log:
        """Return the log as it stood at `step`; later lines will be written again."""
        try:
            rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
            entries = [_entry(row) for row in rows]
        except (OSError, ValueError, KeyError, TypeError):
            entries = []  # the log informs, nothing depends on it
        return cls(path, [entry for entry in entries if entry.step <= step])

    def add(self, entry: Entry) -> None:
        """Append a line; write the log and the curve."""
        self.entries.append(entry)
        stream = io.StringIO()
        writer = csv.DictWriter(stream, [field.name for field in fields(Entry)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(
            {key: "" if value is None else value for key, value in asdict(item).items()}
            for item in self.entries
        )
        with storage(self._path, "cannot write the log"):
            write_file(self._path, stream.getvalue().encode())
            write_file(self._path.with_name("curve.svg"), curve(self.entries).encode())


def _entry(row: dict[str, str]) -> Entry:
    whole = {name: int(row[name]) for name in ("step", "epoch", "subwords")}
    broken = {name: float(row[name]) for name in ("nll", "guidance", "rate", "norm", "seconds")}
    return Entry(**whole, **broken, chrf=float(row["chrf"]) if row["chrf"] else None)  # type: ignore[arg-type]


def curve(entries: Sequence[Entry]) -> str:
    """Return an SVG of the loss (left axis) and the validation chrF (right axis) by step."""
    last = max((entry.step for entry in entries), default=0) or 1
    losses = [(entry.step / last, entry.nll) for entry in entries]
    scores = [(entry.step / last, entry.chrf) for entry in entries if entry.chrf is not None]
    top = max((value for _, value in losses), default=1.0) or 1.0
    best = max((value for _, value in scores), default=0.0)
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
            'font-family="sans-serif" font-size="12">'
        ),
        f"<title>Loss and validation chrF over {last} steps</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        f'<path d="M{_EDGE} {_EDGE}V{_HEIGHT - _EDGE}H{_WIDTH - _EDGE}V{_EDGE}" fill="none" stroke="#888"/>',
        _line(losses, top, _LOSS),
        _line(scores, 100.0, _SCORE),
        *(
            f'<circle cx="{_across(at):.1f}" cy="{_down(value / 100):.1f}" r="2.5" fill="{_SCORE}"/>'
            for at, value in scores
        ),
        _text(_EDGE, _EDGE - 12, "start", f"loss (nats per subword), 0 to {top:.2f}", _LOSS),
        _text(_WIDTH - _EDGE, _EDGE - 12, "end", f"chrF, 0 to 100; best {best:.1f}", _SCORE),
        _text(_EDGE, _HEIGHT - _EDGE + 18, "middle", "0", "#444"),
        _text(_WIDTH - _EDGE, _HEIGHT - _EDGE + 18, "middle", str(last), "#444"),
        _text(_WIDTH // 2, _HEIGHT - 10, "middle", "step", "#444"),
        "</svg>\n",
    ]
    return "\n".join(part for part in parts if part)


def _across(share: float) -> float:
    return _EDGE + share * (_WIDTH - 2 * _EDGE)


def _down(share: float) -> float:
    return _HEIGHT - _EDGE - share * (_HEIGHT - 2 * _EDGE)


def _line(points: Sequence[tuple[float, float]], top: float, colour: str) -> str:
    if len(points) < 2:
        return ""
    places = " ".join(f"{_across(at):.1f},{_down(value / top):.1f}" for at, value in points)
    return f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="1.5"/>'


def _text(x: int, y: int, anchor: str, words: str, colour: str) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{colour}">{words}</text>'
