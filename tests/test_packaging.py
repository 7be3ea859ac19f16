"""A wheel built from this checkout does the job in another environment, from another folder."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from articles import write_articles

ROOT = Path(__file__).resolve().parent.parent
# What the job reads beside its code, by the folders that hold it; none may turn up empty.
READ = ("jobs/data", "jobs/data/glossary", "jobs/data/templates", "jobs/data/prompts", "jobs/models/vi-en")
INSIDE = (
    "jobs/data/config.yaml",
    "jobs/data/prompts/brief.yaml",
    "jobs/data/brief.schema.json",
    "jobs/data/glossary/bodies.csv",
    "jobs/models/vi-en/model.safetensors",
    "jobs/py.typed",
)


def travelling():
    """Every file of this checkout that the wheel must hold, under its name there."""
    for path in (ROOT / "jobs").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(ROOT).as_posix()
    for path in (ROOT / "prompts").iterdir():
        yield f"jobs/data/prompts/{path.name}"
    yield "jobs/data/config.yaml"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    command += ["--disable-pip-version-check", "--wheel-dir", folder, ROOT]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (path,) = folder.glob("press_brief-*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """An environment of its own with the wheel; its dependencies are those of this one, by a .pth file."""
    place = tmp_path_factory.mktemp("environment")
    venv.create(place, with_pip=False)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(place), "platbase": str(place)}))
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    command += ["--disable-pip-version-check", "--prefix", place, "--ignore-installed", wheel]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (site / "jobs" / "cli.py").is_file()
    # After the wheel's own folder on the path, so that the wheel's `jobs` is the one that is found.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    # pip wrote the path of this interpreter into the script.
    return [place / "bin" / "python", "-c", "from jobs.cli import main; main()"], site


def test_what_the_job_needs_travels_in_the_wheel(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        metadata = archive.read(next(name for name in names if name.endswith("METADATA"))).decode()
        entry = archive.read(next(name for name in names if name.endswith("entry_points.txt"))).decode()
    assert {name for name in names if not name.startswith("press_brief-")} == set(travelling())
    assert set(INSIDE) <= names
    assert set(READ) <= {name.rpartition("/")[0] for name in names}
    assert not [name for name in names if name.endswith((".pyc", ".bin", ".pt"))]
    assert "press-brief = jobs.cli:main" in entry
    assert "License-Expression: Apache-2.0" in metadata
    assert "Requires-Python: >=3.11" in metadata


def test_the_installed_job_runs_from_another_folder(installed, tmp_path):
    command, site = installed
    write_articles(tmp_path / "seeds", ["cau-song-hau.txt", "khoi-cong-cau.txt"])
    environment = {
        key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "VIRTUAL_ENV"}
    }
    environment |= {"XDG_CACHE_HOME": str(tmp_path / "cache"), "HF_HUB_OFFLINE": "1"}

    def call(*arguments):
        return subprocess.run(
            [*map(str, command), *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )

    where = subprocess.run(
        [command[0], "-c", "import jobs; print(jobs.__file__)"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(where.stdout.strip()) == site / "jobs" / "__init__.py"
    checked = call("check")
    assert checked.returncode == 0, checked.stderr
    done = call("run")
    assert done.returncode == 0, done.stderr
    run = Path(done.stdout.strip())
    assert run.parent == tmp_path / "outputs"
    brief = json.loads((run / "brief.json").read_text(encoding="utf-8"))
    assert brief["accounting"]["translated"] == 2
    assert brief["events"]
    for name in ("brief.md", "brief.html", "brief.docx", "discrepancies.csv", "review.tmx", "run.json"):
        assert (run / name).stat().st_size > 0
