"""Downloads against a server on this machine that fails, stalls, truncates and lies."""

import hashlib
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from koprep.datasets import (
    DatasetCard,
    DatasetFile,
    DownloadError,
    Retry,
    catalog,
    dataset_card,
    load,
)
from koprep.datasets import download as download_module
from koprep.datasets.download import blob_id, cached_file, data_home, download
from koprep.datasets.nsmc import read
from koprep.filelock import file_lock

CONTENT = ("id\tdocument\tlabel\n" + "1\t재밌어요\t1\n2\t지루해요\t0\n" * 400).encode()
REVISION = "0123456789abcdef0123456789abcdef01234567"


def git_blob(content):
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


CARD = DatasetCard(
    name="nsmc",
    title="",
    description="",
    license="",
    commercial_use=True,
    source="https://github.com/someone/corpus",
    revision=REVISION,
    files={
        "train": DatasetFile(
            name="ratings_train.txt", rows=800, path="a folder/r.txt", blob=git_blob(CONTENT)
        )
    },
    columns={},
    label_rule="",
    citation="",
)

QUICK = Retry(attempts=4, pause=0.001, timeout=0.2)


def send(request, status, body, **headers):
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name.replace("_", "-"), str(value))
    request.end_headers()
    request.wfile.write(body)


def whole(request):
    """Answer as GitHub does, ranges included."""
    start = int(request.headers.get("Range", "bytes=0-")[6:-1])
    if start >= len(CONTENT):
        send(request, 416, b"", Content_Length=0)
    elif start:
        send(
            request, 206, CONTENT[start:], Content_Length=len(CONTENT) - start,
            Content_Range=f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}",
        )  # fmt: skip
    else:
        send(request, 200, CONTENT, Content_Length=len(CONTENT))


def ignores_range(request):
    send(request, 200, CONTENT, Content_Length=len(CONTENT))


def without_length(request):
    send(request, 200, CONTENT)


def other_range(request):
    send(request, 206, CONTENT[5:], Content_Length=9, Content_Range="bytes 5-13/14")


def status(code):
    return lambda request: send(request, code, b"", Content_Length=0)


def truncates(request):
    send(request, 200, CONTENT[:1000], Content_Length=len(CONTENT))


def stalls(request):
    send(request, 200, CONTENT[:1000], Content_Length=len(CONTENT))
    request.wfile.flush()
    request.server.stop.wait(5)


def lies(request):
    body = b"<html>sign in to this network</html>"
    send(request, 200, body, Content_Length=len(body))


def lies_with_the_right_size(request):
    send(request, 200, CONTENT[::-1], Content_Length=len(CONTENT))


@pytest.fixture
def serve():
    """Start a server that gives the answers in turn, the last one again and again."""
    servers = []

    def start(*answers):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                server.requests.append((self.path, self.headers.get("Range")))
                answers[min(len(server.requests), len(answers)) - 1](self)

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.requests, server.stop = [], threading.Event()
        server.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.stop.set()
        server.shutdown()
        server.server_close()


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("KOPREP_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("KOPREP_OFFLINE", raising=False)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "home"


def left(home):
    """Names of what lies in the cache, the lock aside."""
    folder = home / "nsmc"
    if not folder.exists():
        return []
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".lock")


def place_part(home, content):
    (home / "nsmc").mkdir(parents=True)
    (home / "nsmc" / "ratings_train.txt.part").write_bytes(content)


@pytest.mark.parametrize(
    ("part", "answers", "ranges"),
    [
        pytest.param(None, [whole], [None], id="all well"),
        pytest.param(None, [status(500), whole], [None, None], id="fails, then well"),
        pytest.param(None, [status(429), status(503), whole], [None] * 3, id="busy, then well"),
        pytest.param(None, [truncates, whole], [None, "bytes=1000-"], id="goes on after a cut"),
        pytest.param(None, [stalls, whole], [None, "bytes=1000-"], id="goes on after a stall"),
        pytest.param(None, [truncates, ignores_range], [None, "bytes=1000-"], id="no ranges"),
        pytest.param(
            None, [truncates, other_range, whole], [None, "bytes=1000-", None], id="wrong range"
        ),
        pytest.param(None, [other_range, whole], [None, None], id="a range nobody asked for"),
        pytest.param(None, [without_length], [None], id="size unknown"),
        pytest.param(CONTENT[:77], [whole], ["bytes=77-"], id="goes on from an earlier run"),
        pytest.param(
            b"damaged", [whole, whole], ["bytes=7-", None], id="an earlier run left rubbish"
        ),
        pytest.param(CONTENT, [], [], id="an earlier run got all, but not to its place"),
        pytest.param(
            CONTENT + b"more", [whole], [f"bytes={len(CONTENT) + 4}-", None], id="part too long"
        ),
    ],
)
def test_the_right_file_arrives(serve, home, part, answers, ranges):
    if part is not None:
        place_part(home, part)
    server = serve(*answers)
    path = download(CARD, "train", base_url=server.url, retry=QUICK)
    assert path == home / "nsmc" / "ratings_train.txt"
    assert path.read_bytes() == CONTENT
    assert left(home) == ["ratings_train.txt"]
    assert server.requests == [
        (f"/someone/corpus/{REVISION}/a%20folder/r.txt", asked) for asked in ranges
    ]


@pytest.mark.parametrize(
    ("answers", "requests", "message", "kept"),
    [
        pytest.param([lies], 1, "is not the file it should be", [], id="another file"),
        pytest.param(
            [lies_with_the_right_size], 1, "is not the file", [], id="another file of this size"
        ),
        pytest.param([status(404)], 1, "HTTP 404", [], id="not found, which no try mends"),
        pytest.param([status(500)], 4, "HTTP 500", [], id="fails every time"),
        pytest.param(
            [truncates], 4, "ended after 1,000 of", ["ratings_train.txt.part"], id="cut every time"
        ),
        pytest.param([stalls], 4, "timed out", ["ratings_train.txt.part"], id="stalls every time"),
    ],
)
def test_a_wrong_or_missing_file_is_refused(serve, home, answers, requests, message, kept):
    server = serve(*answers)
    with pytest.raises(DownloadError, match=message) as caught:
        download(CARD, "train", base_url=server.url, retry=QUICK)
    assert "--data-dir" in str(caught.value)
    assert len(server.requests) == requests
    assert left(home) == kept


def test_a_wrong_file_does_not_replace_a_wrong_one_unseen(serve, home):
    """What lies in the cache is verified too; the right file takes its place."""
    target = cached_file(CARD, "train")
    target.parent.mkdir(parents=True)
    target.write_bytes(b"changed by hand")
    download(CARD, "train", base_url=serve(whole).url, retry=QUICK)
    assert target.read_bytes() == CONTENT


def test_what_is_there_is_not_asked_for_again(serve):
    server = serve(whole)
    download(CARD, "train", base_url=server.url)
    download(CARD, "train", base_url=server.url)
    assert len(server.requests) == 1


def test_an_endless_answer_is_cut_off(serve, home, monkeypatch):
    monkeypatch.setattr(download_module, "MAX_BYTES", 2000)
    with pytest.raises(DownloadError, match="more than 2,000 bytes"):
        download(CARD, "train", base_url=serve(whole).url, retry=QUICK)
    assert left(home) == []


def test_a_full_disk_is_not_blamed_on_the_server(serve, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(download_module, "_copy", full)
    server = serve(whole)
    with pytest.raises(OSError, match="No space left"):
        download(CARD, "train", base_url=server.url, retry=QUICK)
    assert len(server.requests) == 1


def test_pauses_grow(serve, monkeypatch):
    pauses = []
    monkeypatch.setattr(download_module.time, "sleep", pauses.append)
    with pytest.raises(DownloadError):
        download(CARD, "train", base_url=serve(status(500)).url, retry=Retry(pause=1))
    assert pauses == [1, 2, 4]


def test_progress_is_drawn_on_standard_error(serve, capsys):
    download(CARD, "train", base_url=serve(whole).url, progress=True)
    drawn = capsys.readouterr()
    assert "ratings_train.txt" in drawn.err
    assert drawn.out == ""


def test_offline_names_the_file_and_its_place(serve, home, monkeypatch):
    server = serve(whole)
    monkeypatch.setenv("KOPREP_OFFLINE", "1")
    with pytest.raises(DownloadError) as caught:
        download(CARD, "train", base_url=server.url)
    place = home / "nsmc" / "ratings_train.txt"
    for part in (str(place), "is not there", "KOPREP_OFFLINE", f"{server.url}/someone", "data_dir"):
        assert part in str(caught.value)
    assert server.requests == []
    place.parent.mkdir(parents=True)
    place.write_bytes(b"another")
    with pytest.raises(DownloadError, match="another file"):
        download(CARD, "train")
    place.write_bytes(CONTENT)
    assert download(CARD, "train") == place


@pytest.mark.parametrize(("value", "offline"), [("", False), ("0", False), ("1", True)])
def test_the_offline_switch(monkeypatch, value, offline):
    monkeypatch.setenv("KOPREP_OFFLINE", value)
    assert download_module.is_offline() is offline


def test_the_cache_is_the_systems_place_unless_chosen(monkeypatch):
    monkeypatch.delenv("KOPREP_DATA_HOME")
    assert data_home().name == "koprep"
    monkeypatch.setenv("KOPREP_DATA_HOME", "~/corpora")
    assert data_home().is_absolute()


def test_load_downloads_what_is_absent(serve, monkeypatch):
    server = serve(whole)
    monkeypatch.setattr("koprep.datasets.card.RAW_GITHUB", server.url)
    monkeypatch.setitem(catalog._entries, "nsmc", catalog._Entry(CARD, read))
    assert len(load("nsmc")) == len(load("nsmc")) == 800
    assert len(server.requests) == 1


def start_download(url):
    code = (
        "from koprep.datasets import DatasetCard, DatasetFile; "
        "from koprep.datasets.download import download; "
        f"download({CARD!r}, 'train', base_url={url!r})"
    )
    return subprocess.Popen([sys.executable, "-c", code])


def test_killed_in_the_middle_the_next_one_asks_for_the_rest(serve, home):
    def gives_half(request):
        send(request, 200, CONTENT[: len(CONTENT) // 2], Content_Length=len(CONTENT))
        request.wfile.flush()
        request.server.stop.wait(60)

    server = serve(gives_half, whole)
    part = home / "nsmc" / "ratings_train.txt.part"
    process = start_download(server.url)
    deadline = time.monotonic() + 60
    while not (part.exists() and part.stat().st_size) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.kill()
    process.wait()
    came = part.stat().st_size
    assert 0 < came < len(CONTENT)
    path = download(CARD, "train", base_url=server.url, retry=QUICK)
    assert path.read_bytes() == CONTENT
    assert [asked for _, asked in server.requests] == [None, f"bytes={came}-"]
    assert left(home) == ["ratings_train.txt"]


def test_processes_at_once_download_once(serve):
    def slowly(request):
        time.sleep(0.5)
        whole(request)

    server = serve(slowly)
    processes = [start_download(server.url) for _ in range(2)]
    assert [process.wait(60) for process in processes] == [0, 0]
    assert len(server.requests) == 1
    assert cached_file(CARD, "train").read_bytes() == CONTENT


def test_a_lock_lets_one_in_at_a_time(tmp_path):
    inside, most = [], []

    def work():
        with file_lock(tmp_path / "lock"):
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.02)
            inside.pop()

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 5


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        pytest.param({"attempts": 0}, "attempts must be at least 1, got 0", id="attempts"),
        pytest.param({"pause": -1}, "pause must be at least 0 seconds", id="pause"),
        pytest.param({"timeout": 0}, "timeout must be above 0 seconds", id="timeout"),
    ],
)
def test_impossible_patience_is_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        Retry(**settings)


def test_blob_ids_are_gits_own(real_data):
    card = dataset_card("klue_ner")
    path = real_data / "klue_ner" / card.files["dev"].name
    assert blob_id(path) == card.files["dev"].blob
