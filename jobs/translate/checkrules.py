"""The tables of the checks: what they look for, and how much each finding weighs in the quality estimate."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobs.records import Flag

_RULES = Path(__file__).resolve().parent.parent / "data" / "checks.toml"


@cache
def rules() -> dict[str, Any]:
    """Return the check rules that ship with the job."""
    return tomllib.loads(_RULES.read_text(encoding="utf-8"))


def weight(flags: Iterable[Flag]) -> int:
    """Return the quality estimate of a pair: the sum of its flags' weights, 0 for a clean one."""
    weights: dict[str, int] = rules()["weights"]
    return sum(weights.get(flag.code, 0) for flag in flags)
