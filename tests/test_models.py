"""Model folders: pinned, hashed, safetensors alone; fetching from a hub that runs here, and from none."""

import hashlib
import json
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from jobs.errors import ModelError
from jobs.translate.models import BUNDLED, PACKAGE, PIN, list_models, resolve, verify, write_pin

NAME = "owner/tiny-vi-en"
MAIN, CONVERTED = "a" * 40, "c" * 40
BUNDLE = PACKAGE / "models" / BUNDLED


@pytest.fixture
def folder(tmp_path):
    target = tmp_path / "mine"
    shutil.copytree(BUNDLE, target, ignore=shutil.ignore_patterns(PIN))
    return target


@pytest.fixture
def config(tmp_path):
    """A configuration with a cache of its own; returns a writer."""

    def write(**keys):
        path = tmp_path / "config.yaml"
        lines = {"cache": str(tmp_path / "cache"), **keys}
        path.write_text(
            "".join(f"{key}: {json.dumps(value)}\n" for key, value in lines.items()), encoding="utf-8"
        )
        return path

    return write


# ---- a hub --------------------------------------------------------------------------------------


class Hub(ThreadingHTTPServer):
    """As much of a model hub as the official client asks for."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.commits = {}  # revision or commit -> (commit, {file: bytes})
        self.proposals = []
        self.asked = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def _send(self, body, status=200, **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        path = self.path.split("?")[0].replace("%2F", "/")
        self.server.asked.append(path)
        api, files = f"/api/models/{NAME}", f"/{NAME}/resolve/"
        if path == f"{api}/discussions":
            body = {"discussions": self.server.proposals, "count": len(self.server.proposals), "start": 0}
            return self._send(json.dumps(body).encode())
        if path.startswith(f"{api}/tree/"):
            _, listing = self.server.commits[path.removeprefix(f"{api}/tree/").strip("/")]
            rows = [
                {"type": "file", "path": name, "size": len(data), "oid": hashlib.sha1(data).hexdigest()}
                for name, data in listing.items()
            ]
            return self._send(json.dumps(rows).encode(), Content_Type="application/json")
        if path == api or path.startswith(f"{api}/revision/"):
            revision = "main" if path == api else path.removeprefix(f"{api}/revision/")
            if revision not in self.server.commits:
                return self._send(b"{}", 404, X_Error_Code="RevisionNotFound")
            commit, listing = self.server.commits[revision]
            body = {"id": NAME, "sha": commit, "siblings": [{"rfilename": name} for name in listing]}
            return self._send(json.dumps(body).encode(), Content_Type="application/json")
        if path.startswith(files):
            commit, _, name = path.removeprefix(files).partition("/")
            data = self.server.commits[commit][1][name]
            return self._send(data, ETag=f'"{hashlib.sha1(data).hexdigest()}"', X_Repo_Commit=commit)
        return self._send(b"{}", 404, X_Error_Code="RepoNotFound")


@pytest.fixture
def hub():
    server = Hub()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


FILES = {
    path.name: path.read_bytes() for path in sorted(BUNDLE.iterdir()) if path.is_file() and path.name != PIN
}
PICKLED = {
    **{name: data for name, data in FILES.items() if name != "model.safetensors"},
    "pytorch_model.bin": b"\x80",
}


def online(hub):
    return {"HF_ENDPOINT": hub.url, "HF_HUB_OFFLINE": "0", "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}


def test_a_fetched_model_is_pinned_hashed_and_used_without_the_hub(hub, press_brief, config, tmp_path):
    hub.commits = {"main": (MAIN, FILES), MAIN: (MAIN, {**FILES, "pytorch_model.bin": b"\x80"})}
    file = config(model=NAME)
    before = press_brief("models", "verify", "--config", file)
    assert before.returncode == 6
    assert f"press-brief models fetch {NAME}" in before.stderr

    fetched = press_brief("models", "fetch", NAME, "--config", file, env=online(hub))
    assert fetched.returncode == 0, fetched.stderr
    assert f"{NAME} @ {MAIN}" in fetched.stdout
    place = tmp_path / "cache" / "models" / NAME.replace("/", "--")
    pin = json.loads((place / PIN).read_text())
    assert pin["revision"] == MAIN
    assert pin["files"]["model.safetensors"] == hashlib.sha256(FILES["model.safetensors"]).hexdigest()
    assert not any("pytorch_model" in path for path in hub.asked)

    asked = len(hub.asked)
    used = press_brief("translate", "--config", file, stdin="Giá gạo tăng 4,8%.\n", env=online(hub))
    assert used.returncode == 0, used.stderr
    assert "4.8" in used.stdout
    assert len(hub.asked) == asked


def test_a_model_published_as_pickle_is_taken_from_the_hubs_own_conversion(hub, press_brief, config):
    hub.commits = {
        "main": (MAIN, PICKLED),
        "refs/pr/3": (CONVERTED, FILES),
        "refs/pr/9": ("b" * 40, FILES),
        CONVERTED: (CONVERTED, FILES),
    }
    common = {"title": "Adding `safetensors` variant", "status": "open", "isPullRequest": True}
    common |= {"repo": {"name": NAME, "type": "model"}, "createdAt": "2026-01-01T00:00:00.000Z"}
    hub.proposals = [
        {**common, "num": 9, "author": {"name": "somebody-else"}},
        {**common, "num": 3, "author": {"name": "SFconvertbot"}},
    ]
    fetched = press_brief("models", "fetch", NAME, "--config", config(), env=online(hub))
    assert fetched.returncode == 0, fetched.stderr
    assert f"{NAME} @ {CONVERTED}" in fetched.stdout


def test_a_model_that_is_a_pickle_only_is_refused(hub, press_brief, config, tmp_path):
    hub.commits = {"main": (MAIN, PICKLED), MAIN: (MAIN, PICKLED)}
    fetched = press_brief("models", "fetch", NAME, "--config", config(), env=online(hub))
    assert fetched.returncode == 6
    assert "no safetensors weights" in fetched.stderr
    assert not list((tmp_path / "cache").rglob("*.bin"))


def test_the_configured_revision_is_the_one_fetched_and_a_different_one_is_refused(hub, press_brief, config):
    other = "d" * 40
    hub.commits = {"main": (MAIN, FILES), MAIN: (MAIN, FILES), other: (other, FILES)}
    assert press_brief("models", "fetch", NAME, "--config", config(), env=online(hub)).returncode == 0
    file = config(model=NAME, revision=other)
    refused = press_brief("check", "--config", file)
    assert refused.returncode == 6
    assert other in refused.stderr
    assert MAIN in refused.stderr
    assert press_brief("models", "fetch", NAME, "--config", file, env=online(hub)).returncode == 0
    assert press_brief("check", "--config", file).returncode == 0


def test_an_unknown_model_is_said_to_be_unknown(hub, press_brief, config):
    fetched = press_brief("models", "fetch", "owner/none", "--config", config(), env=online(hub))
    assert fetched.returncode == 6
    assert "the hub answers 404" in fetched.stderr


def test_no_hub_is_said_plainly(press_brief, config):
    nowhere = {"HF_ENDPOINT": "http://127.0.0.1:9", "HF_HUB_OFFLINE": "0", "NO_PROXY": "127.0.0.1"}
    for env in (nowhere, {"HF_HUB_OFFLINE": "1"}):
        fetched = press_brief("models", "fetch", NAME, "--config", config(), env=env)
        assert fetched.returncode == 6
        assert "no model hub is reachable" in fetched.stderr
        assert "model: vi-en" in fetched.stderr
        assert "Traceback" not in fetched.stderr


# ---- folders --------------------------------------------------------------------------------------


def test_the_catalogue_names_sizes_licences_and_what_is_at_hand(tmp_path, press_brief):
    entries = list_models(cache=tmp_path)
    assert entries[0].name == BUNDLED
    assert [entry.name for entry in entries if entry.available] == [BUNDLED]
    assert all(entry.licence and entry.size_mb > 0 and entry.note for entry in entries)
    assert {"Helsinki-NLP/opus-mt-vi-en", "facebook/nllb-200-distilled-600M"} <= {
        entry.name for entry in entries
    }
    shown = press_brief("models", "list")
    assert shown.returncode == 0
    for entry in entries:
        assert entry.name in shown.stdout
        assert entry.licence.split(" (")[0] in shown.stdout
    data = json.loads(press_brief("models", "list", "--json").stdout)
    assert [item["name"] for item in data] == [entry.name for entry in entries]


@pytest.mark.parametrize("name", ["pytorch_model.bin", "weights.pt", "tokenizer.pkl", "tf_model.h5"])
def test_a_planted_pickle_is_refused_before_anything_is_loaded(folder, tmp_path, name):
    (folder / name).write_bytes(b"\x80\x04cos\nsystem\n(S'touch ran'\ntR.")
    with pytest.raises(ModelError, match="never loaded"):
        resolve(str(folder), cache=tmp_path)


def test_verify_sees_a_changed_byte_a_missing_and_an_added_file(folder, tmp_path):
    model = resolve(str(folder), cache=tmp_path)
    write_pin(folder, name="mine", revision="e" * 40)
    verify(model)
    weights = folder / "model.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1000] ^= 1
    weights.write_bytes(data)
    with pytest.raises(ModelError, match="changed since it was pinned"):
        verify(model)
    data[-1000] ^= 1
    weights.write_bytes(data)
    verify(model)
    (folder / "extra.safetensors").write_bytes(weights.read_bytes())
    with pytest.raises(ModelError, match="not among the pinned files"):
        verify(model)
    (folder / "extra.safetensors").unlink()
    (folder / "vocab.json").unlink()
    with pytest.raises(ModelError, match=r"vocab.json: missing"):
        verify(model)


def test_a_changed_byte_stops_a_run_before_it_translates(folder, press_brief, config):
    write_pin(folder, name="mine", revision="e" * 40)
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x01")
    done = press_brief("translate", "--config", config(model=str(folder)), stdin="Xin chào.\n")
    assert done.returncode == 6
    assert "changed since it was pinned" in done.stderr


def test_damaged_weights_are_a_model_error(folder, tmp_path):
    (folder / "model.safetensors").write_bytes(b"\x00" * 64)
    with pytest.raises(ModelError, match="damaged"):
        verify(resolve(str(folder), cache=tmp_path))


def test_a_folder_s_revision_is_its_weights(folder, tmp_path):
    model = resolve(str(folder), cache=tmp_path)
    assert model.revision == resolve(BUNDLED, cache=tmp_path).revision
    assert resolve(str(folder), revision=model.revision, cache=tmp_path) == model
    with pytest.raises(ModelError, match="asks for revision"):
        resolve(str(folder), revision="0" * 40, cache=tmp_path)


@pytest.mark.parametrize(
    ("name", "message"),
    [("no such model", "hub name"), ("owner/none", "not in the cache"), ("/none/at/all", "does not exist")],
)
def test_what_is_not_at_hand_is_named_with_what_to_type(tmp_path, name, message):
    with pytest.raises(ModelError, match=message):
        resolve(name, cache=tmp_path)


def test_a_folder_without_weights_or_config_is_named(folder, tmp_path):
    (folder / "config.json").rename(tmp_path / "config.json")
    with pytest.raises(ModelError, match=r"config.json is missing"):
        resolve(str(folder), cache=tmp_path)
    (folder / "model.safetensors").unlink()
    with pytest.raises(ModelError, match=r"no model\.safetensors"):
        resolve(str(folder), cache=tmp_path)
