"""Whole runs killed at chosen moments. Run as a program by test_batch.py: CONFIG SEEDS OUTPUTS MOMENTS SEED.

A moment is the n-th audit event of a run (every file opened, removed, renamed, every database call, import and more),
so that the machine's load decides nothing. Every run is a fork of a process that has done one, with all libraries.
A kill after the publishing leaves a finished run: it is moved aside for the test to look at.
Prints the number of events of a whole run, then a record for each kill.
"""

import json
import os
import random
import signal
import sys
from pathlib import Path

from jobs.config import load_config
from jobs.pipeline import RunOptions, run_job
from jobs.terminal import Reporter


def visible(outputs):
    """The names that a reader of the outputs folder sees."""
    return sorted(path.name for path in outputs.iterdir() if not path.name.startswith("."))


def forked(config, at):
    """Run in a fork that is killed at event `at`; return (exit code, events seen)."""
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        count = 0

        def audit(_event, _arguments):
            nonlocal count
            count += 1
            if count == at:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            sys.addaudithook(audit)
            run_job(config, RunOptions(), Reporter(0))
            os.write(send, str(count).encode())
        finally:
            os._exit(0)
    os.close(send)
    with os.fdopen(receive, "rb") as stream:
        said = stream.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), int(said or 0)


def main():
    """Kill at random moments, then let one run through."""
    config_file, seeds, outputs, moments, seed = sys.argv[1:]
    outputs = Path(outputs)
    config = load_config(Path(config_file), seeds=Path(seeds), outputs=outputs)
    control = config.model_copy(update={"outputs": outputs.with_name("control")})
    run_job(control, RunOptions(), Reporter(0))
    again = config.model_copy(update={"outputs": outputs.with_name("again")})
    _, events = forked(again, 0)
    print(json.dumps({"events": events}), flush=True)
    chance = random.Random(int(seed))
    for number in range(int(moments)):
        # The last events of a process belong to its end, and their number varies a little.
        code, _ = forked(config, chance.randrange(1, events * 49 // 50))
        seen = visible(outputs) if outputs.exists() else []
        print(json.dumps({"code": code, "visible": seen}), flush=True)
        if seen:
            outputs.rename(outputs.with_name(f"seen-{number}"))
    code, _ = forked(config, 0)
    print(json.dumps({"code": code, "visible": visible(outputs)}), flush=True)


if __name__ == "__main__":
    main()
