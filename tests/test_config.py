"""Configuration: every fault with file, line and advice, all at once, before anything heavy loads."""

from pathlib import Path

import pytest
import yaml

from jobs.config import Config, default_config_file, load_config
from jobs.errors import ConfigError

BAD = yaml.safe_load((Path(__file__).parent / "data/config/bad.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", BAD, ids=lambda case: case["label"])
def test_a_bad_configuration_is_refused_with_its_place(case, tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text(case["text"], encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    for part in case["expect"]:
        assert part in str(caught.value)
    assert str(path) in str(caught.value)


def test_the_shipped_file_says_exactly_the_defaults():
    text = yaml.safe_load(default_config_file().read_text(encoding="utf-8"))
    assert Config.model_validate(text) == Config()
    assert set(text) == set(Config.model_fields)
    for name, section in text.items():
        if isinstance(section, dict):
            assert set(section) == set(Config.model_fields[name].annotation.model_fields)


def test_paths_are_relative_to_the_file_and_options_win(tmp_path):
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "c.yaml").write_text(
        "seeds: inbox\noutputs: ../out\nglossary: [terms.csv]\nmodel: ./m\n", encoding="utf-8"
    )
    config = load_config(folder / "c.yaml", outputs=tmp_path / "elsewhere")
    assert config.seeds == folder / "inbox"
    assert config.outputs == tmp_path / "elsewhere"
    assert config.glossary == (folder / "terms.csv",)
    assert config.model == str(folder / "m")


def test_threads_do_not_change_the_hash_but_beam_does(tmp_path):
    def digest(text):
        (tmp_path / "c.yaml").write_text(text, encoding="utf-8")
        return load_config(tmp_path / "c.yaml").sha256

    assert digest("translation: {threads: 1}") == digest("translation: {threads: 2}\nseeds: other")
    assert digest("translation: {beam: 1}") != digest("translation: {beam: 2}")


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(ConfigError, match="no such file"):
        load_config(tmp_path / "none.yaml")


def test_without_a_home_the_cache_stands_in_the_outputs(monkeypatch, tmp_path):
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", lambda: (_ for _ in ()).throw(RuntimeError("no home")))
    assert Config(outputs=tmp_path).cache_folder == tmp_path / ".cache"


def test_a_configuration_error_exits_5_and_names_the_fault(press_brief, tmp_path):
    (tmp_path / "config.yaml").write_text("modle: x\n", encoding="utf-8")
    done = press_brief("run", cwd=tmp_path)
    assert done.returncode == 5
    assert "did you mean `model`?" in done.stderr
    assert done.stdout == ""
