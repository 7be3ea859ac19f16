"""Why a brief says what it says: a finished run and an item in, everything known about that item out.

An item is a statement (`E1.K1`, `K1` of the first event), an event (`E1`) or a sentence (`1:4`, `<article id>:4`).
The brief says what is printed, the trail of run.json how it was chosen. Raises `UsageError` for what is not there,
naming the nearest.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobs.errors import UsageError

if TYPE_CHECKING:
    from jobs.records import Brief, Event, Flag, PublishedArticle

_SECTIONS = {
    "K": ("key point", "key_points"),
    "Q": ("who said what", "quotes"),
    "F": ("figure", "figures"),
    "T": ("timeline", "timeline"),
    "D": ("difference between sources", "discrepancies"),
    "S": ("reported by one source only", "single_source"),
    "P": ("person or body", "entities"),
}


@dataclass(frozen=True)
class Run:
    """A finished run: where it is, its brief and its manifest."""

    folder: Path
    brief: Brief
    manifest: dict[str, Any]


def open_run(name: str, outputs: Path) -> Run:
    """Return the run of a folder, a run id, the begin of one, or `latest`.

    Raises:
        UsageError: no such run, or a folder that holds none.

    """
    from pydantic import ValidationError

    from jobs.records import Brief
    from jobs.store import read_manifest

    folder = _find(name, outputs)
    manifest = read_manifest(folder)
    if manifest is None:
        raise UsageError(f"{folder}: no run.json in it: not the folder of a finished run")
    try:
        brief = Brief.model_validate_json((folder / "brief.json").read_bytes())
    except (OSError, ValidationError) as error:
        reason = str(error).splitlines()[0]
        raise UsageError(f"{folder / 'brief.json'}: cannot be read as a brief: {reason}") from None
    return Run(folder, brief, manifest)


def _find(name: str, outputs: Path) -> Path:
    for folder in (Path(name), outputs / name):
        if (folder / "brief.json").is_file() or (folder / "run.json").is_file():
            return folder.resolve()
    runs = (
        sorted(path.parent.name for path in outputs.glob("*/run.json") if path.parent.name != "latest")
        if outputs.is_dir()
        else []
    )
    begun = [run for run in runs if name and run.startswith(name)]
    if len(begun) == 1:
        return outputs / begun[0]
    near = difflib.get_close_matches(name, [*runs, "latest"] if runs else [], n=1, cutoff=0.4)
    if near:
        hint: str | None = f"Did you mean `{near[0]}`? Runs: {', '.join(runs[-5:])}."
    else:
        hint = f"Runs: {', '.join(runs[-5:])}." if runs else "Make one with `press-brief run`."
    raise UsageError(f"no run `{name}` in {outputs}", hint=hint)


def explain(run: Run, item: str) -> dict[str, Any]:
    """Return what is known about `item` of `run` as JSON values.

    Raises:
        UsageError: the run has no such item.

    """
    asked = item.strip().strip("[]").strip()
    if match := re.fullmatch(r"(.+):(\d+)", asked):
        return _sentence(run, match[1], int(match[2]))
    known = _items(run.brief)
    wanted = asked.upper()
    first = run.brief.events[0].id if run.brief.events else "E1"
    for identity in (wanted, f"{first}.{wanted}"):
        if identity in known:
            return _statement(run, identity, known[identity])
    raise UsageError(f"no item `{item}` in {run.brief.run_id}", hint=_nearest(wanted, first, known))


def _items(brief: Brief) -> dict[str, tuple[Event, str, int]]:
    known: dict[str, tuple[Event, str, int]] = {}
    for event in brief.events:
        known[event.id] = event, "", 0
        known[f"{event.id}.LEAD"] = event, "LEAD", 0
        for letter, (_, name) in _SECTIONS.items():
            for number in range(1, len(getattr(event, name)) + 1):
                known[f"{event.id}.{letter}{number}"] = event, letter, number
    return known


def _nearest(wanted: str, first: str, known: dict[str, tuple[Event, str, int]]) -> str:
    full = wanted if "." in wanted else f"{first}.{wanted}"
    # A number that is too high means the last of its kind, not the one that looks most like it.
    kind = full.rstrip("0123456789")
    same = [identity for identity in known if identity.rstrip("0123456789") == kind and kind != "E"]
    near = same[-1:] or difflib.get_close_matches(full, list(known), n=1, cutoff=0.4)
    guess = f"Did you mean `{near[0]}`? " if near else ""
    ranges = []
    for event in dict.fromkeys(event.id for event, _, _ in known.values()):
        ranges.append(f"{event}, {event}.LEAD")
        for letter in _SECTIONS:
            count = sum(1 for other, kind, _ in known.values() if other.id == event and kind == letter)
            if count:
                ranges.append(f"{event}.{letter}1" + (f"-{letter}{count}" if count > 1 else ""))
    return f"{guess}The run has {', '.join(ranges)}, and sentences such as 1:1."


def _statement(run: Run, identity: str, place: tuple[Event, str, int]) -> dict[str, Any]:
    event, letter, number = place
    trail: dict[str, Any] = run.manifest.get("trail", {}).get(identity, {})
    found: dict[str, Any] = {
        "run": run.brief.run_id,
        "item": identity,
        "event": {"id": event.id, "headline": event.headline_en},
    }
    if letter == "":
        numbers = {article.id: index for index, article in enumerate(run.brief.articles, 1)}
        found |= {
            "section": "event",
            "statement": event.headline_en,
            "articles": [
                {
                    "number": numbers[article.id],
                    "article": article.id,
                    "outlet": article.source,
                    "date": str(article.date),
                }
                for article in run.brief.articles
                if article.id in event.articles
            ],
            "near_misses": [
                miss
                for miss in run.manifest.get("near_misses", [])
                if set(_strings(miss)) & set(event.articles)
            ],
        }
        cited: list[tuple[str, int]] = []
        flags: tuple[Flag, ...] = ()
    elif letter == "LEAD":
        found |= {"section": "lead", "statement": event.lead_en}
        flags = event.lead_flags
        cited = [(source.article, source.sentence) for source in event.lead_sources]
    else:
        section, name = _SECTIONS[letter]
        record = getattr(event, name)[number - 1]
        data = record.model_dump(mode="json")
        found |= {"section": section, "statement": _text(data)}
        found["printed"] = {
            key: value
            for key, value in data.items()
            if key not in ("sources", "values", "flags") and value not in (None, [])
        }
        flags = getattr(record, "flags", ())
        holders = record.values if letter == "D" else (record,)
        cited = [(source.article, source.sentence) for holder in holders for source in holder.sources]
        if letter == "D":
            found["values"] = data["values"]
            found["replay"] = _replay(trail, data)
    found["sources"] = [_shown(run, article, n) for article, n in dict.fromkeys(cited)]
    found["flags"] = [flag.model_dump() for flag in flags]
    found["flagged"] = bool(flags)
    found["trail"] = trail
    return found


def _text(data: dict[str, Any]) -> str:
    for key in ("about_en", "text_en", "name_en"):
        if data.get(key):
            return str(data[key])
    return ""


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [text for item in value for text in _strings(item)] if isinstance(value, list) else []


def _replay(trail: dict[str, Any], printed: dict[str, Any]) -> dict[str, Any]:
    """Decide again from the recorded values alone, and compare with what was decided and with what is printed."""
    from pydantic import ValidationError

    from jobs.reconcile.discrepancies import Value, replay

    try:
        values = [Value.model_validate(value) for value in trail["values"]]
        preferred, reason = replay(values, trail["kind"])
    except (KeyError, TypeError, ValidationError):
        return {"agrees": None, "why": "the run keeps no record that can be replayed"}
    agrees = (preferred, reason) == (trail.get("preferred"), trail.get("reason"))
    return {
        "preferred": preferred,
        "reason": reason,
        "recorded": {"preferred": trail.get("preferred"), "reason": trail.get("reason")},
        "agrees": agrees and preferred == printed["preferred"],
    }


def _sentence(run: Run, name: str, n: int) -> dict[str, Any]:
    articles = run.brief.articles
    index = int(name) - 1 if name.isdigit() else -1
    article = next((item for item in articles if item.id == name.lower()), None)
    if article is None and 0 <= index < len(articles):
        article = articles[index]
    if article is None:
        near = difflib.get_close_matches(name.lower(), [item.id for item in articles], n=1, cutoff=0.3)
        guess = f"Did you mean `{near[0]}:{n}`? " if near else ""
        raise UsageError(
            f"no article `{name}` in {run.brief.run_id}",
            hint=f"{guess}Articles are numbered 1 to {len(articles)} as in Sources.",
        )
    if not any(item.n == n for item in article.sentences):
        last = max((item.n for item in article.sentences), default=0)
        near_n = min(max(n, 1), last)
        raise UsageError(
            f"no sentence {n} in article {article.id}",
            hint=f"It has sentences 1 to {last}; the nearest is {articles.index(article) + 1}:{near_n}.",
        )
    shown = _shown(run, article.id, n)
    return {
        "run": run.brief.run_id,
        "item": shown["label"],
        "section": "sentence",
        "statement": shown["en"],
        "sources": [shown],
        "flagged": bool(shown["flags"]),
        "cited_by": _cited_by(run.brief, article.id, n),
        "title_vi": article.title_vi,
        "url": article.url,
        "trail": {},
    }


def _cited_by(brief: Brief, article: str, n: int) -> list[str]:
    found = []
    for event in brief.events:
        if any((source.article, source.sentence) == (article, n) for source in event.lead_sources):
            found.append(f"{event.id}.LEAD")
        for letter, (_, name) in _SECTIONS.items():
            for number, record in enumerate(getattr(event, name), 1):
                holders = record.values if letter == "D" else (record,)
                sources = [source for holder in holders for source in holder.sources]
                if any((source.article, source.sentence) == (article, n) for source in sources):
                    found.append(f"{event.id}.{letter}{number}")
    return found


def _shown(run: Run, identity: str, n: int) -> dict[str, Any]:
    article: PublishedArticle
    number, article = next(
        (number, item) for number, item in enumerate(run.brief.articles, 1) if item.id == identity
    )
    sentence = next(item for item in article.sentences if item.n == n)
    return {
        "label": f"{number}:{n}",
        "article": article.id,
        "sentence": n,
        "outlet": article.source,
        "date": None if article.date is None else article.date.isoformat(),
        "path": article.path,
        "copy_of": article.near_duplicate_of,
        "role": sentence.role,
        "start": sentence.start,
        "end": sentence.end,
        "vi": sentence.vi,
        "en": sentence.en,
        "flags": [flag.model_dump() for flag in sentence.flags],
        "translated": _origin(run.manifest, article.id, n, translated=bool(sentence.en)),
    }


def _origin(manifest: dict[str, Any], identity: str, n: int, *, translated: bool) -> str:
    if not translated:
        return "not translated"
    origin = manifest.get("origins", {}).get(f"{identity}:{n}")
    model = manifest.get("model", {}).get("name", "the model")
    if origin == "human":
        return "correction by a person, from the translation memory"
    return f"{model}, repaired: {origin}" if origin else f"{model}, the engine's first choice"
