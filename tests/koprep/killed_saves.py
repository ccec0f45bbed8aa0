"""Saves that are killed, in processes that have loaded nothing but `koprep.bundle`.

`python killed_saves.py CHECK FOLDER` prints what was seen as JSON; see test_bundle_killed.py.
"""

import contextlib
import json
import os
import random
import signal
import sys
import time
import traceback
from pathlib import Path

from koprep.bundle import DamagedBundle, read_bundle, write_bundle

BUNDLES = {
    "A": {"first.txt": b"A" * 50_000, "only_a.bin": bytes(3_000), "last.txt": b"a"},
    "B": {"first.txt": b"B" * 50_000, "last.txt": b"b" * 40_000},
}

LONGEST = 120
"""Seconds two writers go on, if a reader does not find both before."""

CHANGING = {
    "open", "write", "close", "__exit__", "mkdir", "replace", "rename", "unlink", "rmdir", "flock"
}  # fmt: skip


def save(folder, name):
    write_bundle(folder, BUNDLES[name], kind="preprocessor", task=name)


def found(folder):
    """Return which bundle stands in a folder, whole; None where there is none."""
    try:
        bundle = read_bundle(folder)
    except FileNotFoundError:
        return None
    return whole(bundle)


def whole(bundle):
    name = bundle.manifest.task
    content = {file: bundle.read_bytes(file) for file in bundle.manifest.files}
    assert content == BUNDLES[name], f"a mixture: {name} with {sorted(content)}"
    return name


def beside(folder):
    return sorted(entry.name for entry in folder.parent.iterdir() if entry != folder)


def forked(work):
    """Start `work` in a process of its own and return its number."""
    process = os.fork()
    if process == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            if status:
                traceback.print_exc()
            os._exit(status)
    return process


def end(process):
    """Wait for a process; True if it was killed, False if it ended well."""
    status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    assert status in (0, -signal.SIGKILL), f"a save failed with status {status}"
    return status != 0


def killed_before_call(number, work):
    """Run `work` in a process that kills itself before call `number` of those that change files.

    Returns whether there were as many.
    """

    def watched():
        left = number

        def profile(frame, event, function):
            nonlocal left
            if event == "c_call" and function.__name__ in CHANGING:
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                left -= 1

        sys.setprofile(profile)
        work()
        sys.setprofile(None)

    return end(forked(watched))


def every_step(folder):
    """Kill a first save, a save over A, and the finishing of a stopped one, before each call."""
    os.fsync = lambda _: None  # it costs most of the time, and matters to power cuts alone
    seen = {}

    def stopped():
        for name, suffix in (("A", "replaced"), ("B", "saving")):
            save(folder.with_name(name), name)
            folder.with_name(name).rename(folder.with_name(f".{folder.name}.{suffix}"))

    def moved_elsewhere():
        """An old bundle lies beside the place of a newer one that was moved away since."""
        save(folder.with_name("A"), "A")
        folder.with_name("A").rename(folder.with_name(f".{folder.name}.replaced"))

    scenarios = {
        "first save": (lambda: None, lambda: save(folder, "B"), {None, "B"}),
        "save beside a leftover": (moved_elsewhere, lambda: save(folder, "B"), {None, "B"}),
        "save over A": (lambda: save(folder, "A"), lambda: save(folder, "B"), {"A", "B"}),
        "finish": (stopped, lambda: found(folder), {"B"}),
        "save over a stopped one": (stopped, lambda: save(folder, "A"), {"A", "B"}),
    }
    for scenario, (prepare, work, allowed) in scenarios.items():
        results = []
        stops = 0
        killed = True
        while killed:
            prepare()
            killed = killed_before_call(len(results), work)
            stops += killed and not folder.exists()
            results.append(found(folder))
            assert results[-1] in allowed, f"{scenario}, call {len(results)}: {results[-1]}"
            save(folder, "A")
            assert beside(folder) == [], f"{scenario}, call {len(results)}: {beside(folder)}"
            assert found(folder) == "A"
            for file in folder.iterdir():
                file.unlink()
            folder.rmdir()
        seen[scenario] = {"kills": len(results) - 1, "target_missing": stops, "results": results}
    return seen


def any_moment(folder, kills=60):
    """Kill endless saves of A and B at random moments, one after the other, in one folder."""
    chance = random.Random(4)
    save(folder, "A")
    start = time.perf_counter()
    save(folder, "B")
    longest = 3 * (time.perf_counter() - start)  # seconds: a few saves

    def endless():
        while True:
            save(folder, "A")
            save(folder, "B")

    seen = []
    cleaned = 0
    for kill in range(kills):
        process = forked(endless)
        time.sleep(chance.uniform(0, longest))
        os.kill(process, signal.SIGKILL)
        assert end(process)
        seen.append(found(folder))
        assert seen[-1] in BUNDLES
        if kill % 5 == 4:
            cleaned += bool(beside(folder))
            save(folder, "A")
            assert beside(folder) == []
    return {"kills": len(seen), "seen": sorted(set(seen)), "cleaned": cleaned}


def two_writers(folder, saves=40):
    """Two processes save into one folder, until a third has read what either wrote."""
    save(folder, "A")
    enough = folder.with_name("enough")

    def save_on(name):
        done = 0
        while done < saves or not enough.exists():
            save(folder, name)
            done += 1

    writers = [forked(lambda name=name: save_on(name)) for name in BUNDLES]
    seen, deadline = [], time.monotonic() + LONGEST
    while writers:
        bundle = read_bundle(folder)  # never refused
        with contextlib.suppress(DamagedBundle, FileNotFoundError):  # replaced after the opening
            seen.append(whole(bundle))
        if (len(seen) > 10 and set(seen) == set(BUNDLES)) or time.monotonic() > deadline:
            enough.touch()
        for process in list(writers):
            ended, status = os.waitpid(process, os.WNOHANG)
            if ended:
                assert status == 0
                writers.remove(process)
    enough.unlink()
    return {"reads": len(seen), "seen": sorted(set(seen)), "beside": beside(folder)}


if __name__ == "__main__":
    checks = {check.__name__: check for check in (every_step, any_moment, two_writers)}
    print(json.dumps(checks[sys.argv[1]](Path(sys.argv[2]))))
