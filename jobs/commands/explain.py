"""`press-brief explain`: why a brief says what it says."""

from __future__ import annotations

import json
import shutil
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jobs.cli import CONTEXT, ExamplesFirst, examples

if TYPE_CHECKING:
    from collections.abc import Iterator

_LABEL = 15
_WIDEST = 110


@examples(
    "press-brief explain latest K1                          the first key point of the first event",
    "press-brief explain latest E2.D1                       a difference between sources, its preference replayed",
    "press-brief explain outputs/2026-01-16-5e3f0c9a71 1:4  a sentence: both languages, place, flags",
    "press-brief explain latest Q2 --json                   all of it, for another program",
)
@click.command(cls=ExamplesFirst, context_settings=CONTEXT)
@click.argument("run")
@click.argument("item")
@click.option("--config", "config_file", type=click.Path(path_type=Path), help="Configuration file.")
@click.option("--outputs", type=click.Path(path_type=Path), help="Folder of finished runs.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def explain(run: str, item: str, config_file: Path | None, outputs: Path | None, as_json: bool) -> None:
    """Print the sentences, slots, scores and rules behind one ITEM of a finished RUN.

    RUN is a run folder, a run id or its begin, or `latest`. ITEM is a statement as it is named in the brief
    (E1.K1; K1 is that of the first event): LEAD, K key point, Q who said what, F figure, T timeline,
    D difference, S one source only, P person or body; an event (E1); or a sentence, [1:4] or ARTICLE-ID:4.
    """
    from jobs.brief.explain import explain as look_up
    from jobs.brief.explain import open_run
    from jobs.config import load_config

    found = look_up(open_run(run, load_config(config_file, outputs=outputs).outputs), item)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    width = min(_WIDEST, shutil.get_terminal_size((100, 24)).columns)
    for line in _lines(found, width):
        click.echo(line)


def _lines(found: dict[str, Any], width: int) -> Iterator[str]:
    trail = found["trail"]
    yield from _row(found["item"], found["section"], width)
    yield from _row("", found["statement"], width)
    if "event" in found and found["section"] != "event":
        yield from _row("event", f"{found['event']['id']} {found['event']['headline']}", width)
    for key, value in found.get("printed", {}).items():
        if value != found["statement"] and key != "preferred":  # which one is said beside the values
            yield from _row(_words(key), _value(value), width)
    if found["flagged"]:
        own = "; ".join(flag["detail"] for flag in found.get("flags", ()))
        yield from _row("to check", own or "the sentence carries a flag, see below", width)
    if found.get("cited_by"):
        yield from _row("cited by", ", ".join(found["cited_by"]), width)
    yield from _why(trail, found.get("printed", {}), width)
    yield from _members(found, width)
    yield from _slots(trail, width)
    yield from _difference(found, width)
    yield from _event(found, width)
    yield from _sources(found, width)


def _why(trail: dict[str, Any], printed: dict[str, Any], width: int) -> Iterator[str]:
    told = {"statement", "sources", "members", "slots", "values", "rule", "articles"} | set(printed)
    facts = {key: value for key, value in trail.items() if key not in told and value is not None}
    if facts or "rule" in trail:
        yield from _section("why")
    if "rule" in trail:
        yield from _row("rule", trail["rule"], width)
    for key, value in facts.items():
        yield from _row(_words(key), _value(value), width)


def _members(found: dict[str, Any], width: int) -> Iterator[str]:
    members = found["trail"].get("members", [])
    if members:
        yield from _section("members of the claim")
    labels = {(source["article"], source["sentence"]): source["label"] for source in found["sources"]}
    for member in members:
        place = tuple(member["place"])
        label = labels.get(place, ":".join(map(str, place)))
        similarity = f"similarity {member['similarity']:.3f}" if "similarity" in member else ""
        yield from _row(f"[{label}]", f"{member.get('relation', '')} · {similarity}", width)


def _slots(trail: dict[str, Any], width: int) -> Iterator[str]:
    slots = trail.get("slots", [])
    if slots:
        yield from _section("slots of the representative")
    for slot in slots:
        yield from _row(slot["slot"], f"{slot['value'].rstrip('|')} · “{slot['text']}”", width)


def _difference(found: dict[str, Any], width: int) -> Iterator[str]:
    if "values" not in found:
        return
    yield from _section("values")
    recorded = found["trail"].get("values", [])
    chosen = found["printed"].get("preferred")
    labels = {(source["article"], source["sentence"]): source["label"] for source in found["sources"]}
    for index, value in enumerate(found["values"]):
        cites = " ".join(f"[{labels[item['article'], item['sentence']]}]" for item in value["sources"])
        mark = "preferred" if index == chosen else f"value {index + 1}"
        yield from _row(mark, f"{value['text_en']} · “{value['text_vi']}” {cites}", width)
        if index < len(recorded):
            scores = [(key, recorded[index].get(key)) for key in ("voices", "exactness", "newest")]
            told = [f"{key} {'unknown' if score in ('', None) else score}" for key, score in scores]
            yield from _row("", ", ".join(told), width)
    replay = found["replay"]
    if replay["agrees"] is None:
        yield from _row("replayed", replay["why"], width)
    else:
        which = "none" if replay["preferred"] is None else f"value {replay['preferred'] + 1}"
        verdict = "agrees with the record" if replay["agrees"] else "DIFFERS from the record"
        yield from _row("replayed", f"{which}, because: {_words(replay['reason'])}; {verdict}", width)


def _event(found: dict[str, Any], width: int) -> Iterator[str]:
    if found["section"] != "event":
        return
    yield from _section("articles")
    for article in found["articles"]:
        outlet = article["outlet"] or "outlet not named"
        yield from _row(
            f"[{article['number']}]",
            f"{article['article']} · {outlet}, {article['date'] or 'undated'}",
            width,
        )
    if found["near_misses"]:
        yield from _section("near misses")
    for miss in found["near_misses"]:
        yield from _row("", ", ".join(f"{_words(key)} {_value(value)}" for key, value in miss.items()), width)


def _sources(found: dict[str, Any], width: int) -> Iterator[str]:
    if found["sources"]:
        yield from _section("sentences")
    for source in found["sources"]:
        outlet, date = source["outlet"] or "outlet not named", source["date"] or "undated"
        yield from _row(f"[{source['label']}]", f"{outlet}, {date}, {source['path']}", width)
        yield from _row("place", f"{source['role']}, characters {source['start']} to {source['end']}", width)
        yield from _row("Vietnamese", source["vi"], width)
        yield from _row("English", source["en"] or "–", width)
        yield from _row("translated", source["translated"], width)
        for flag in source["flags"]:
            yield from _row("flag", f"{flag['code']}: {flag['detail']}", width)
        if source["copy_of"]:
            yield from _row("copy of", source["copy_of"], width)
        yield ""


def _section(name: str) -> Iterator[str]:
    yield ""
    yield name.upper()


def _row(label: str, text: str, width: int) -> Iterator[str]:
    """Yield `text` beside its label, wrapped; control characters of articles do not reach the terminal."""
    from jobs.brief.render.text import clean

    lines = textwrap.wrap(clean(text), max(30, width - _LABEL), break_on_hyphens=False) or [""]
    for index, line in enumerate(lines):
        yield f"{clean(label) if index == 0 else '':<{_LABEL}}{line}".rstrip()


def _words(name: str) -> str:
    return name.replace("_", " ")


def _value(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(map(_value, value))
    if isinstance(value, dict):
        return ", ".join(f"{_words(key)} {_value(item)}" for key, item in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
