"""`press-brief run`: the main job."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import click

from jobs.cli import CONTEXT, ExamplesFirst, examples
from jobs.terminal import Reporter


def iso_date(text: str) -> dt.date:
    """Return the calendar day that `text` writes as YYYY-MM-DD, or fail with what to type."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not a date; write it as 2026-01-15") from None


@examples(
    "press-brief run                                    ./seeds to ./outputs, settings from ./config.yaml",
    "press-brief run --seeds inbox --since 2026-01-14   only articles dated on that day or later",
    "press-brief run --dry-run                          which files are new, changed, cached or skipped",
    "press-brief run --quiet --config /etc/brief.yaml   as from cron: speaks only of problems",
)
@click.command(cls=ExamplesFirst, context_settings=CONTEXT)
@click.option("--config", "config_file", type=click.Path(path_type=Path), help="Configuration file.")
@click.option("--seeds", type=click.Path(path_type=Path), help="Folder of articles.")
@click.option("--outputs", type=click.Path(path_type=Path), help="Folder for finished runs.")
@click.option(
    "--since", type=iso_date, metavar="DATE", help="Only articles dated DATE or later, and undated ones."
)
@click.option("--only", metavar="ID", multiple=True, help="Only this article; may be repeated.")
@click.option("--force", is_flag=True, help="Ignore cached stages.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, do nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the run's manifest instead of its path.")
@click.option("--quiet", "-q", is_flag=True, help="Say only what needs attention.")
@click.option("--verbose", "-v", is_flag=True, help="Say more.")
@click.pass_context
def run(
    ctx: click.Context,
    config_file: Path | None,
    seeds: Path | None,
    outputs: Path | None,
    since: dt.date | None,
    only: tuple[str, ...],
    force: bool,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Read the articles, translate and summarise them, write one merged brief.

    Prints the path of the finished run folder. Exit codes: 0 all done, 1 failed, 2 usage, 3 published but
    some input could not be used, 4 no usable input, 5 configuration, 6 model, 7 disk or permission,
    11 another run is at work, 130/143 interrupted.
    """
    from jobs.config import load_config
    from jobs.pipeline import RunOptions, plan, run_job

    config = load_config(config_file, seeds=seeds, outputs=outputs)
    options = RunOptions(since=since, only=only, force=force)
    if dry_run:
        lines = plan(config, options)
        if as_json:
            click.echo(json.dumps([{"path": path, "plan": what} for path, what in lines], ensure_ascii=False))
        else:
            for path, what in lines:
                click.echo(f"{path}: {what}")
        return
    if quiet and verbose:
        raise click.UsageError("--quiet and --verbose contradict each other; give one.")
    with Reporter(0 if quiet else 2 if verbose else 1) as reporter:
        result = run_job(config, options, reporter)
        counts = result.manifest["accounting"]
        reporter.say(
            "read {read}: translated {translated}, duplicate {duplicate}, skipped {skipped}, "
            "failed {failed}".format(**counts)
        )
    if as_json:
        click.echo(json.dumps(result.manifest, ensure_ascii=False, indent=2))
    else:
        click.echo(str(result.folder))
    ctx.exit(result.exit_code)
