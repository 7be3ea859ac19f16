"""How copies and events grow with the batch: 100, 1,000, 10,000 made-up articles in; seconds and peak memory out.

    python benchmarks/growth.py [SIZE...]

Each size runs in its own process, so that its peak memory is its own. The articles have the syllable frequencies
of press text; two or three of them on average tell one event and share its names, day, place and figures.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import json
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SIZES = (100, 1_000, 10_000)
SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi")
PLACES = ("Hà Nội", "Đà Nẵng", "Cần Thơ", "Hải Phòng", "Quảng Ninh", "Nghệ An", "Lâm Đồng", "Cà Mau")


def vocabulary():
    """Return the syllables of the background table and their running counts."""
    table = ROOT / "jobs" / "data" / "background.tsv"
    rows = [line.split("\t") for line in table.read_text(encoding="utf-8").splitlines() if "\t" in line][1:]
    rows = [(term, int(count)) for term, count in rows if " " not in term]
    return [term for term, _ in rows], list(itertools.accumulate(count for _, count in rows))


def make_records(count, seed=1):
    """Return `count` records (id, text, title, date, cluster), deterministic in `seed`."""
    chance = random.Random(seed)
    words, weights = vocabulary()

    def draw(number):
        return chance.choices(words, cum_weights=weights, k=number)

    records = []
    while len(records) < count:
        size = min(count - len(records), 1 + int(chance.expovariate(0.6)))
        topic = [" ".join(draw(4)) for _ in range(12)]
        names = [
            " ".join([chance.choice(SURNAMES), *(item.capitalize() for item in draw(2))]) for _ in range(3)
        ]
        day = dt.date(2025, 1, 1) + dt.timedelta(days=chance.randrange(300))
        place, figure = chance.choice(PLACES), chance.randrange(20, 9_000)
        for _ in range(size):
            sentences = []
            for _ in range(chance.randrange(9, 18)):
                parts = [*draw(chance.randrange(8, 18)), chance.choice(topic), *draw(3)]
                if chance.random() < 0.4:
                    parts.insert(4, f"ông {chance.choice(names)}")
                if chance.random() < 0.3:
                    parts.append(f"ngày {day.day}/{day.month} tại {place}")
                if chance.random() < 0.2:
                    parts.append(f"{figure} người")
                sentences.append(" ".join(parts).capitalize() + ".")
            records.append(
                {
                    "id": f"a{len(records)}",
                    "title": " ".join([chance.choice(topic), chance.choice(topic), *draw(3)]).capitalize(),
                    "text": " ".join(sentences),
                    "date": day.isoformat(),
                    "cluster": f"{day}/{names[0]}/{figure}",
                }
            )
    return records


def measure(count):
    """Print one JSON line: seconds of each step, peak memory in MB and B-cubed F1."""
    sys.path.insert(0, str(ROOT))
    from jobs.evaluate.clustering import article_from_text
    from jobs.evaluate.metrics import bcubed
    from jobs.reconcile.copies import find_copies
    from jobs.reconcile.events import group_events

    records = make_records(count)
    articles = [
        article_from_text(
            item["id"], item["text"], title=item["title"], date=dt.date.fromisoformat(item["date"])
        )
        for item in records
    ]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = time.perf_counter()
    copies = find_copies(articles)
    middle = time.perf_counter()
    grouping = group_events(articles, copies=copies)
    end = time.perf_counter()
    predicted = {identity: number for number, event in enumerate(grouping.events) for identity in event}
    result = {
        "articles": count,
        "copies_s": round(middle - start, 2),
        "events_s": round(end - middle, 2),
        "ms_per_article": round(1000 * (end - start) / count, 2),
        "memory_before_mb": round(before),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "bcubed_f1": round(100 * bcubed({item["id"]: item["cluster"] for item in records}, predicted)[2], 2),
    }
    print(json.dumps(result))


def main():
    """Measure each size in a process of its own and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES))
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        measure(options.one)
        return
    header = None
    for size in options.sizes:
        done = subprocess.run(
            [sys.executable, __file__, "--one", str(size)], check=True, capture_output=True, text=True
        )
        row = json.loads(done.stdout)
        if header is None:
            header = list(row)
            print("  ".join(f"{name:>16}" for name in header))
        print("  ".join(f"{row[name]:>16}" for name in header), flush=True)


if __name__ == "__main__":
    main()
