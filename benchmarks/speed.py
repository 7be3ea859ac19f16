"""Speed and memory of the whole job against the plain way of translating, on the same articles: `make bench`.

Ours: `press-brief run` end to end in a process of its own, cache and outputs cold. The plain way: transformers,
float32, beam 4, one sentence at a time, the same weights and the very sentences that ours translated, in a
process of its own. Runs are interleaved, so that whatever else the machine does hits both alike; every figure is
given as min, median and max. Wall time, CPU time and peak memory (of the process, by wait4) are the kernel's.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET_RATIO, TARGET_MEMORY_MB, TARGET_FIDELITY = 20, 700, 0.40
BEAM = 4


def measured(command, folder, name):
    """Run `command`; return its stdout and its wall seconds, CPU seconds and peak memory in MB."""
    out = folder / f"{name}.out"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}
    begin = time.perf_counter()
    with out.open("wb") as stream:
        process = subprocess.Popen(
            command, stdout=stream, stderr=subprocess.PIPE, cwd=folder, env=environment
        )
        errors = process.stderr.read().decode(errors="replace")
        _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 3}:
        sys.exit(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{errors[-2000:]}")
    return out.read_text(encoding="utf-8"), {
        "wall": wall,
        "cpu": usage.ru_utime + usage.ru_stime,
        "memory": usage.ru_maxrss / 1024,
    }


def run_ours(folder, seeds, name, *, model, threads):
    """One cold run of the whole job."""
    place = folder / name
    place.mkdir()
    settings = {"cache": str(place / "cache"), "model": model, "translation": {"threads": threads}}
    (place / "config.yaml").write_text(json.dumps(settings), encoding="utf-8")
    command = [sys.executable, "-m", "jobs", "run", "--quiet", "--json"]
    command += ["--config", place / "config.yaml", "--seeds", seeds, "--outputs", place / "outputs"]
    text, used = measured(list(map(str, command)), place, "run")
    manifest = json.loads(text)
    used["translating"] = manifest["timings"]["seconds"]["translate"]
    used["outside"] = used["wall"] - used["translating"]
    return manifest, used


def sentences_of(outputs):
    """Return the texts that the run had translated, one list an article."""
    from jobs.translate.translator import TRANSLATED_ROLES

    brief = json.loads((outputs / "latest" / "brief.json").read_text(encoding="utf-8"))
    return [
        [item["vi"] for item in article["sentences"] if item["role"] in TRANSLATED_ROLES]
        for article in brief["articles"]
    ]


def plain(folder, file, threads):
    """Child: the plain way. Prints seconds of loading and of translating."""
    begin = time.perf_counter()
    import torch
    from transformers import MarianMTModel, MarianTokenizer

    torch.set_num_threads(threads or os.cpu_count())
    tokenizer = MarianTokenizer.from_pretrained(folder)
    model = MarianMTModel.from_pretrained(folder, dtype=torch.float32).eval()
    loaded = time.perf_counter()
    for text in [text for article in json.loads(Path(file).read_text(encoding="utf-8")) for text in article]:
        with torch.inference_mode():
            result = model.generate(**tokenizer([text], return_tensors="pt"), num_beams=BEAM, max_length=256)
        tokenizer.decode(result[0], skip_special_tokens=True)
    print(json.dumps({"loading": loaded - begin, "translating": time.perf_counter() - loaded}))


def fidelity(folder, file, threads):
    """Child: seconds for each article with and without expressing, checks and repair, engine warm."""
    from jobs.translate.engine import open_engine
    from jobs.translate.glossary import load_glossary
    from jobs.translate.models import resolve
    from jobs.translate.repair import FidelityRewriter
    from jobs.translate.translator import PlainRewriter, expresses

    with tempfile.TemporaryDirectory() as cache:
        model = resolve(folder, cache=Path(cache))
        engine = open_engine(model, kind="ctranslate2", cache=Path(cache), threads=threads)
        ways = {
            "off": PlainRewriter(engine, beam=2),
            "on": FidelityRewriter(
                engine, terms=load_glossary(()), beam=2, tries=3, expresses=expresses(model)
            ),
        }
        articles = json.loads(Path(file).read_text(encoding="utf-8"))
        for way in ways.values():
            way.translate(articles[0])
        rows = []
        for texts in articles:
            seconds = {}
            for name, way in ways.items():
                tries = []
                for _ in range(3):
                    begin = time.perf_counter()
                    way.translate(texts)
                    tries.append(time.perf_counter() - begin)
                seconds[name] = min(tries)
            rows.append(seconds)
        print(json.dumps(rows))


def spread(values, digits=1):
    """Return min / median / max as one cell."""
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{low:10.{digits}f} {middle:10.{digits}f} {high:10.{digits}f}"


def report(ours, theirs, costs, manifest, count, arguments):
    """Print the table; return whether every target is met."""
    per_minute = [60 * count / run["wall"] for run in ours]
    plain_per_minute = [60 * count / run["wall"] for run in theirs]
    ratios = [b["wall"] / a["wall"] for a, b in zip(ours, theirs, strict=True)]
    cpu = [b["cpu"] / a["cpu"] for a, b in zip(ours, theirs, strict=True)]
    bare = [b["translating"] / a["wall"] for a, b in zip(ours, theirs, strict=True)]
    shares = [run["outside"] / run["wall"] for run in ours]
    overhead = [row["on"] / row["off"] - 1 for row in costs]
    rows = [
        ("ours: articles a minute", spread(per_minute)),
        ("plain way: articles a minute", spread(plain_per_minute)),
        ("ratio, whole processes (target 20)", spread(ratios)),
        ("ratio, the plain way's loading left out", spread(bare)),
        ("ratio of CPU seconds", spread(cpu)),
        ("ours: seconds in all", spread([run["wall"] for run in ours], 2)),
        ("ours: seconds translating", spread([run["translating"] for run in ours], 2)),
        ("ours: seconds outside translation", spread([run["outside"] for run in ours], 2)),
        ("ours: share outside (target 0.50)", spread(shares, 2)),
        ("plain way: seconds in all", spread([run["wall"] for run in theirs], 2)),
        ("ours: peak memory, MB (target 700)", spread([run["memory"] for run in ours], 0)),
        ("plain way: peak memory, MB", spread([run["memory"] for run in theirs], 0)),
        ("cost of fidelity, share (target 0.40)", spread(overhead, 2)),
    ]
    print(f"{count} articles, {manifest['counts']['sentences']} sentences, {len(ours)} runs of each side")
    print(f"{'':42}{'min':>10} {'median':>10} {'max':>10}")
    for name, cells in rows:
        print(f"{name:42}{cells}")
    print(
        f"signature: {manifest['signature']}|plain transformers/float32 beam {BEAM} one by one"
        f"|{_versions()}|{os.cpu_count()} CPUs, {arguments.threads or 'all'} threads, load {os.getloadavg()[0]:.1f}"
    )
    return (
        statistics.median(ratios) >= TARGET_RATIO
        and statistics.median(shares) <= 0.5
        and max(run["memory"] for run in ours) < TARGET_MEMORY_MB
        and statistics.median(overhead) <= TARGET_FIDELITY
    )


def _versions():
    from importlib import metadata

    names = ("ctranslate2", "transformers", "torch")
    return f"python {platform.python_version()} " + " ".join(
        f"{name} {metadata.version(name)}" for name in names
    )


def main():
    """Run both sides in turn and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seeds", type=Path, default=ROOT / "seeds", help="folder of articles")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each side")
    parser.add_argument("--threads", type=int, default=0, help="0: every core, on both sides")
    parser.add_argument("--model", default="vi-en", help="a Marian model: bundled, or a folder")
    parser.add_argument("--strict", action="store_true", help="exit 1 where a target is missed")
    parser.add_argument("--child", nargs=3, metavar=("WHAT", "MODEL", "FILE"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    if arguments.child:
        what, model, file = arguments.child
        {"plain": plain, "fidelity": fidelity}[what](model, file, arguments.threads)
        return
    from jobs.translate.models import resolve

    ours, theirs = [], []
    with tempfile.TemporaryDirectory(prefix="press-brief-bench-") as name:
        folder = Path(name)
        model = resolve(arguments.model, cache=folder).folder
        file = folder / "sentences.json"
        for turn in range(arguments.repeats):
            manifest, used = run_ours(
                folder,
                arguments.seeds.resolve(),
                f"run{turn}",
                model=arguments.model,
                threads=arguments.threads,
            )
            ours.append(used)
            if turn == 0:
                texts = sentences_of(folder / "run0" / "outputs")
                file.write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
            child = [sys.executable, __file__, "--threads", str(arguments.threads), "--child"]
            text, used = measured([*child, "plain", str(model), str(file)], folder, f"plain{turn}")
            theirs.append({**used, **json.loads(text)})
        text, _ = measured([*child, "fidelity", str(model), str(file)], folder, "fidelity")
    met = report(ours, theirs, json.loads(text), manifest, len(texts), arguments)
    sys.exit(1 if arguments.strict and not met else 0)


if __name__ == "__main__":
    main()
