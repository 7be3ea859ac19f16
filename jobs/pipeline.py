"""The order of the stages: configuration and seeds in, a published run folder and an exit code out.

read -> translate -> summarise -> reconcile -> compose -> verify -> render -> publish. Only this module knows
the order; only `store` writes results. Raises the documented `PressBriefError`s; nothing is published then.
"""

from __future__ import annotations

import datetime as dt
import resource
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jobs.errors import NoInputError
from jobs.fingerprint import code_hash, fingerprint
from jobs.records import SCHEMA_VERSION, Brief

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from jobs.batch import Batch
    from jobs.brief.prompts import Phrases
    from jobs.config import Config
    from jobs.records import Translation
    from jobs.store import Outputs
    from jobs.terminal import Reporter
    from jobs.translate.glossary import TermBase
    from jobs.translate.memory import Memory
    from jobs.translate.models import ModelFolder
    from jobs.translate.translator import Translator

EXIT_DONE, EXIT_PARTIAL = 0, 3
# How much of the work was found done: differs between a run and its repetition, as times do.
_CACHE_COUNTS = ("translated_now", "from_memory", "from_people")


@dataclass(frozen=True)
class RunOptions:
    """What the command line asks of one run."""

    since: dt.date | None = None
    only: tuple[str, ...] = ()
    force: bool = False


@dataclass(frozen=True)
class RunResult:
    """A finished run: its folder, its manifest and the exit code."""

    folder: Path
    manifest: dict[str, Any]
    exit_code: int


@dataclass
class Clock:
    """Seconds spent in each stage, for run.json; what a stage spends inside another counts for the inner one."""

    seconds: dict[str, float] = field(default_factory=dict)
    _inner: float = 0.0

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time of the block to `name`."""
        begin, outer, self._inner = time.perf_counter(), self._inner, 0.0
        try:
            yield
        finally:
            spent = time.perf_counter() - begin
            self.seconds[name] = round(self.seconds.get(name, 0.0) + spent - self._inner, 3)
            self._inner = outer + spent


@dataclass(frozen=True)
class Resources:
    """Everything that is loaded before the articles: all of it takes part in the fingerprint."""

    phrases: Phrases
    terms: TermBase
    model: ModelFolder
    memory: Memory

    def hashes(self) -> dict[str, str]:
        """Return the hash of each part that can change a result."""
        from jobs.config import PACKAGE

        return {
            "code": code_hash(PACKAGE),
            "model": self.model.sha256,
            "prompts": self.phrases.sha256,
            "glossary": self.terms.sha256,
            "corrections": self.memory.corrections_sha256(),
        }

    def translator(self, config: Config) -> Translator:
        """Return a translator over these; weights are loaded when the first new sentence needs them."""
        from jobs.translate.translator import open_translator

        return open_translator(
            self.model, config.translation, terms=self.terms, memory=self.memory, cache=config.cache_folder
        )


def load_resources(config: Config) -> Resources:
    """Load prompts, term base, model folder (not its weights) and translation memory."""
    from jobs.brief.prompts import load_phrases
    from jobs.store import storage
    from jobs.translate.glossary import load_glossary
    from jobs.translate.memory import Memory
    from jobs.translate.models import resolve

    cache = config.cache_folder
    phrases = load_phrases(config.prompts)
    terms = load_glossary(config.glossary)
    model = resolve(config.model, revision=config.revision, cache=cache)
    with storage(cache, "cannot use the cache folder"):
        cache.mkdir(parents=True, exist_ok=True)
    memory = Memory(cache / "memory.sqlite")
    return Resources(phrases=phrases, terms=terms, model=model, memory=memory)


def run_job(config: Config, options: RunOptions, reporter: Reporter) -> RunResult:
    """Do the whole job once.

    Raises:
        NoInputError: no folder, or nothing usable in it. LockedError, StorageError, ModelError, ConfigError.

    """
    from jobs.ingest import discover
    from jobs.store import Outputs

    clock = Clock()
    started = dt.datetime.now(dt.UTC)
    with clock.stage("prepare"):
        items = discover(config.seeds)
        if not items:
            raise NoInputError(
                f"no articles in {config.seeds}",
                hint="Put .txt .md .html .json .jsonl .docx or .pdf files there, or give a folder with --seeds.",
            )
        resources = load_resources(config)
        parts = resources.hashes()
        digest = fingerprint(config, items, since=options.since, only=options.only, parts=parts)
    with Outputs(config.outputs) as outputs:
        if not options.force:
            done = outputs.find(digest)
            if done is not None:
                reporter.say(f"nothing has changed since {done.folder.name}; --force does it again")
                outputs.point_latest(done.folder.name)
                return RunResult(done.folder, done.manifest, int(done.manifest["exit_code"]))
        return _work(config, options, reporter, outputs, resources, digest, parts, clock, started)


def _work(
    config: Config,
    options: RunOptions,
    reporter: Reporter,
    outputs: Outputs,
    resources: Resources,
    digest: str,
    parts: dict[str, str],
    clock: Clock,
    started: dt.datetime,
) -> RunResult:
    from jobs.batch import read_batch
    from jobs.brief.assemble import assemble
    from jobs.brief.render import render_all

    with clock.stage("read"):
        batch = read_batch(config.seeds, config, since=options.since, only=options.only, reporter=reporter)
    if not batch.articles:
        reasons = "\n".join(f"  {entry.path}: {entry.status}, {entry.reason}" for entry in batch.entries)
        raise NoInputError(f"no usable article in {config.seeds}:\n{reasons}")
    for entry in batch.entries:
        if not entry.usable:
            reporter.problem(f"{entry.path}: {entry.status}: {entry.reason}")
    with clock.stage("translate"):
        translator = resources.translator(config)
        reporter.stage("translating", sum(len(article.sentences) for article in batch.articles))
        translations = translator.translate_articles(
            batch.articles, force=options.force, progress=reporter.advance
        )
    run_id = f"{_as_of(batch)}-{digest[:10]}"
    signature = (
        f"press-brief {parts['code'][:8]}|model {resources.model.name}@{resources.model.revision[:12]}"
        f"|engine {translator.signature}|prompts {parts['prompts'][:8]}"
        f"|glossary {parts['glossary'][:8]}|config {config.sha256[:8]}"
    )

    def put_into_english(texts: Sequence[str]) -> list[Translation]:
        with clock.stage("translate"):
            return translator.translate_texts(texts, force=options.force)

    with clock.stage("reconcile"):
        assembled = assemble(
            batch.articles,
            translations,
            config,
            resources.phrases,
            resources.terms,
            put_into_english,
        )
    brief = Brief(
        schema_version=SCHEMA_VERSION,
        run_id=run_id,
        generated_at=f"{_as_of(batch)}T00:00:00Z",
        signature=signature,
        articles=assembled.articles,
        events=assembled.events,
        unclustered=assembled.unclustered,
        accounting=batch.accounting,
    )
    with clock.stage("render"):
        files = render_all(brief, resources.phrases)
    work = translator.counts()
    exit_code = EXIT_DONE if all(entry.usable for entry in batch.entries) else EXIT_PARTIAL
    manifest = {
        "schema_version": SCHEMA_VERSION,
        "run_id": run_id,
        "fingerprint": digest,
        "signature": signature,
        "exit_code": exit_code,
        "inputs": [entry.model_dump(mode="json") for entry in batch.entries],
        "accounting": brief.accounting.model_dump(mode="json"),
        "model": resources.model.describe(),
        "engine": translator.signature,
        "versions": _versions(),
        "hashes": {"config": config.sha256, **parts},
        "counts": {
            **{name: value for name, value in work.items() if name not in _CACHE_COUNTS},
            **assembled.counts,
        },
        "withheld": list(assembled.withheld),
        "near_misses": list(assembled.near_misses),
        "warnings": [
            f"{article.id}: {warning}" for article in batch.articles for warning in article.warnings
        ],
        "origins": {
            f"{identity}:{n}": "human" if item.origin == "human" else item.repaired
            for identity, sentences in translations.items()
            for n, item in sentences.items()
            if item.repaired or item.origin == "human"  # every other sentence: the engine's first choice
        },
        "trail": assembled.trail,
        "timings": {
            "started": started.isoformat(timespec="seconds"),
            "finished": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "seconds": clock.seconds,
            "sentences": {name: work.get(name, 0) for name in _CACHE_COUNTS},
            "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        },
    }
    folder = outputs.publish(run_id, files, manifest)
    return RunResult(folder, manifest, exit_code)


def _as_of(batch: Batch) -> str:
    """Return the newest article date: the same input names the same day, whatever the clock says."""
    dates = [article.date for article in batch.articles if article.date is not None]
    return max(dates).isoformat() if dates else "1970-01-01"


def _versions() -> dict[str, str]:
    import platform
    from importlib import metadata

    found = {"python": platform.python_version()}
    for name in (
        "press-brief",
        "ctranslate2",
        "sentencepiece",
        "transformers",
        "torch",
        "trafilatura",
        "pydantic",
    ):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def _dates(run: Path) -> dict[str, str]:
    """Return the dates of the articles of a finished run by id; undated ones are left out."""
    from jobs.store import read_json

    brief = read_json(run / "brief.json") or {}
    return {item["id"]: item["date"] for item in brief.get("articles", []) if item.get("date")}


def plan(config: Config, options: RunOptions) -> list[tuple[str, str]]:
    """Return (path, what would be done) for every input, without parsing or translating any.

    Compares content hashes with the newest finished run; loads no model weights.
    """
    from jobs.fingerprint import hash_file
    from jobs.ingest import SUPPORTED, discover
    from jobs.store import LATEST, read_manifest

    before = read_manifest(config.outputs / LATEST) or {}
    known = {entry["path"].split("#")[0]: entry for entry in before.get("inputs", [])}
    # A file of several records cannot be judged by the article that it gave last.
    several = Counter(
        entry["path"].split("#")[0] for entry in before.get("inputs", []) if "#" in entry["path"]
    )
    dates = _dates(config.outputs / LATEST) if options.since else {}
    limit = config.ingest.max_file_mb * 1_000_000
    lines = []
    for item in discover(config.seeds):
        old = known.get(item.path)
        if item.absolute.suffix.lower() not in SUPPORTED:
            what = "skip: file type not supported"
        elif item.size > limit:
            what = f"skip: larger than {config.ingest.max_file_mb:g} MB"
        elif item.size == 0:
            what = "skip: empty file"
        elif options.only and old is not None and old["id"] not in options.only and not several[item.path]:
            what = "skip: not asked for with --only"
        else:
            try:
                same = old is not None and old["sha256"] == hash_file(item.absolute)
            except OSError as error:
                lines.append((item.path, f"fail: {error.strerror}"))
                continue
            dated = dates.get(old["id"], "") if same and old is not None and not several[item.path] else ""
            if options.since and "" < dated < options.since.isoformat():
                what = f"skip: dated {dated}, before --since {options.since}"
            elif same and old is not None:
                reason = f" ({old['reason']})" if old.get("reason") else ""
                what = f"unchanged since {before['run_id']}: {old['status']}{reason}, translation cached"
            else:
                what = "read and translate: " + ("new" if old is None else "changed")
                what += f", unless dated before {options.since}" if options.since else ""
        lines.append((item.path, what))
    return lines
