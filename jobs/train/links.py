"""Word links: rows of ids in, for each target id the source place it translates out (-1: none).

eflomal (optional, the `train` extra) is the better aligner and takes minutes for half a million pairs; where it is
not installed our own stands in, IBM model 1 with the diagonal prior of fast_align (Dyer, Chahuneau and Smith 2013),
estimated on a sample. Guided attention and the warm start of the embeddings are built on the links.
"""

from __future__ import annotations

import importlib.util
import tempfile
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from jobs.errors import ConfigError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jobs.train.config import LinksConfig
    from jobs.train.rows import Rows

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

# fast_align's published values: sharpness of the diagonal and chance of no source word.
_SHARPNESS, _NULL = 4.0, 0.08
_SMOOTHING = 1e-3
_UNSEEN = 1e-7
_CHUNK = 4_000
_NONE = -1


def chosen_aligner(settings: LinksConfig) -> str:
    """Return `eflomal`, `own` or `none`.

    Raises:
        ConfigError: eflomal is asked for by name and not installed.

    """
    installed = importlib.util.find_spec("eflomal") is not None
    if settings.aligner == "eflomal" and not installed:
        raise ConfigError(
            "`links.aligner: eflomal`: eflomal is not installed",
            hint='Type: pip install "press-brief[train]"   or set `links: {aligner: auto}`.',
        )
    if settings.aligner == "auto":
        return "eflomal" if installed else "own"
    return settings.aligner


def link(rows: Rows, settings: LinksConfig, *, seed: int) -> Rows:
    """Return `rows` with their links."""
    aligner = chosen_aligner(settings)
    if aligner == "none" or not len(rows):
        return rows
    found = _eflomal(rows) if aligner == "eflomal" else _own(rows, settings, seed)
    return replace(rows, links=found.astype(np.int16))


def _eflomal(rows: Rows) -> Ints:
    import eflomal

    def lines(flat: NDArray[np.uint16], at: Ints) -> list[str]:
        return [" ".join(map(str, flat[at[row] : at[row + 1]])) + "\n" for row in range(len(rows))]

    with tempfile.TemporaryDirectory() as folder:
        forward, reverse = Path(folder) / "forward", Path(folder) / "reverse"
        eflomal.Aligner(model=3, n_samplers=1).align(
            lines(rows.source, rows.source_at),
            lines(rows.target, rows.target_at),
            links_filename_fwd=str(forward),
            links_filename_rev=str(reverse),
        )
        found = np.full(rows.target.size, _NONE, np.int64)
        with forward.open(encoding="ascii") as one, reverse.open(encoding="ascii") as other:
            for row, (line, back) in enumerate(zip(one, other, strict=True)):
                start = rows.target_at[row]
                there, again = line.split(), back.split()
                # Where the directions disagree the forward one counts, and above it what both say.
                for item in [*again, *there, *set(there).intersection(again)]:
                    source, _, target = item.partition("-")
                    found[start + int(target)] = int(source)
    return found


def _own(rows: Rows, settings: LinksConfig, seed: int) -> Ints:
    table = _Table.estimate(rows, settings, seed)
    found = np.full(rows.target.size, _NONE, np.int64)
    for chunk in np.array_split(np.arange(len(rows)), max(1, len(rows) // _CHUNK)):
        grid = _Grid.of(rows, chunk)
        score = grid.prior * table.of(grid.keys)
        best = np.maximum.reduceat(score, grid.starts)
        hits = np.flatnonzero(score >= np.repeat(best, grid.sizes))
        _, first = np.unique(np.repeat(np.arange(grid.starts.size), grid.sizes)[hits], return_index=True)
        found[grid.targets] = grid.places[hits[first]]
    return found


class _Grid:
    """Every (source place or none, target place) of some rows, flat and grouped by target place."""

    def __init__(self, parts: list[tuple[Ints, Floats, Ints]], sizes: Ints, targets: Ints) -> None:
        self.keys: Ints = np.concatenate([part[0] for part in parts])
        self.prior: Floats = np.concatenate([part[1] for part in parts])
        self.places: Ints = np.concatenate([part[2] for part in parts])
        self.sizes, self.targets = sizes, targets
        self.starts: Ints = np.concatenate([[0], np.cumsum(sizes)[:-1]])

    @classmethod
    def of(cls, rows: Rows, chosen: Ints) -> _Grid:
        parts, sizes, targets = [], [], []
        for row in chosen:
            source, target = rows.source_of(row), rows.target_of(row)
            if not target.size:
                continue
            # Ids fit 16 bits: source id + 1 (0 is none) above, target id below.
            heads = np.concatenate([[0], source.astype(np.int64) + 1]) << 16
            keys = (heads[None] + target.astype(np.int64)[:, None]).ravel()
            places = np.tile(np.arange(-1, source.size), target.size)
            parts.append((keys, _diagonal(source.size, target.size), places))
            sizes.append(np.full(target.size, source.size + 1))
            targets.append(np.arange(rows.target_at[row], rows.target_at[row + 1]))
        return cls(parts, np.concatenate(sizes), np.concatenate(targets))


@lru_cache(maxsize=4096)
def _diagonal(source: int, target: int) -> Floats:
    """Return the prior of each source place for each target place, flat; the first of each group is none."""
    if source == 0:
        return np.ones(target)
    distance = np.abs((np.arange(target)[:, None] + 0.5) / target - (np.arange(source)[None] + 0.5) / source)
    near = np.exp(-_SHARPNESS * distance)
    near *= (1 - _NULL) / near.sum(1, keepdims=True)
    return np.concatenate([np.full((target, 1), _NULL), near], axis=1).ravel()


class _Table:
    """p(target id | source id) for the pairs of ids that were met together."""

    def __init__(self, keys: Ints, chances: Floats) -> None:
        self._keys, self._chances = keys, chances

    def of(self, keys: Ints) -> Floats:
        """Return the chances of `keys`, a small constant for what was not met."""
        at = np.minimum(np.searchsorted(self._keys, keys), self._keys.size - 1)
        chances: Floats = np.where(self._keys[at] == keys, self._chances[at], _UNSEEN)
        return chances

    @classmethod
    def estimate(cls, rows: Rows, settings: LinksConfig, seed: int) -> _Table:
        """Run `iterations` of expectation and maximisation over a sample of `rows`."""
        size = min(len(rows), settings.sample)
        sample = np.random.default_rng(seed).choice(len(rows), size, replace=False)
        grid = _Grid.of(rows, np.sort(sample))
        keys, which = np.unique(grid.keys, return_inverse=True)
        heads = keys >> 16
        chances = np.ones(keys.size)
        for _ in range(settings.iterations):
            score = grid.prior * chances[which]
            score /= np.repeat(np.add.reduceat(score, grid.starts), grid.sizes)
            counts = np.bincount(which, score, minlength=keys.size) + _SMOOTHING
            chances = counts / np.bincount(heads, counts)[heads]
        return cls(keys, chances)


def linked_share(rows: Rows) -> float:
    """Return the share of target ids that have a link."""
    return float((rows.links >= 0).mean()) if rows.links.size else 0.0
