#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Takes the pictures of docs/ui.md: fills a data directory through the real proxy with what agents of a small company do
(scene.py), shows it in the window, and takes every page in both themes and three sizes.
Needs faketime and pngquant beside what the tests need: some of the calls are made as if yesterday.
usage: pictures.py PROGRAMS WORK_FOLDER PICTURES_FOLDER [--only NAME ...] [--all] [--themes light dark] [--scale 1.5]"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import scene
from desktop import Luthien, Screen, wait_for
from studio import Studio

SIZES = {"small": (800, 480), "middle": (1280, 800), "large": (1920, 1080)}
# One view of each page in large, too: all of them would be too much for a repository.
PAGES = ("conversation", "timeline", "inspector", "filter", "live", "approvals", "policies", "search", "metrics", "settings",
         "palette", "demo", "first-run")
FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")
PRESETS = Path(__file__).resolve().parents[2] / "resources/presets"
PATIENCE = 60.0
PRESET = "Ask before commands"
TRIED = ('{"tool": "Bash", "arguments": {"command": "pip install requests"}}',
         '{"tool": "Bash", "arguments": {"command": "cd api && python3 -m pip install -r requirements.txt"}}',
         '{"tool": "Bash", "arguments": {"command": "pip list"}}')


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def answers(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Record:
    """A data directory that fills while agents play."""

    def __init__(self, programs, work, studio):
        self._programs, self._work, self._studio = programs, work, studio
        self.config = work / "config.yaml"
        self.config.write_text(scene.CONFIG.format(port=studio.server_port))
        self._over = ["--data-dir", str(work / "data")]

    def fill(self):
        self._luthiend("demo", "db-drop", "--unprotected")
        for name in ("use-uv", "mask-tokens", "hide-addresses", "sub-agents-read-only"):
            self._luthiend("policy", "apply", str(PRESETS / f"javascript-{name}.yaml"), "--config", str(self.config))
        self._luthiend("policy", "set-mode", "sub-agents-read-only", "shadow", "--config", str(self.config))
        self._play(scene.yesterday, "-26h")
        self._play(scene.this_morning, "-3h")
        self._play(scene.just_now, "+0")

    def _luthiend(self, *words, check=True):
        return subprocess.run([str(self._programs / "luthiend"), *words, *self._over], check=check, capture_output=True,
                              text=True).stdout

    def _play(self, play, shift):
        port = free_port()
        environment = dict(os.environ, LD_PRELOAD=str(FAKETIME), FAKETIME=shift, FAKETIME_DONT_FAKE_MONOTONIC="1")
        with open(self._work / f"serve{shift}.log", "wb") as log:
            server = subprocess.Popen([str(self._programs / "luthiend"), "serve", "--listen", f"127.0.0.1:{port}",
                                       "--control", "127.0.0.1:0", "--config", str(self.config), *self._over],
                                      env=environment, stdout=log, stderr=log)
        over = threading.Event()
        person = threading.Thread(target=self._answer_until, args=[over])
        try:
            wait_for("the proxy", lambda: answers(port))
            person.start()
            play(f"http://127.0.0.1:{port}", self._studio)
        finally:
            over.set()
            person.join()
            server.terminate()
            server.wait(PATIENCE)

    def _answer_until(self, over):
        """A person who lets everything go to staging, and nothing to production."""
        while not over.wait(0.5):
            for line in self._luthiend("approvals", "list", "--json", check=False).splitlines():
                answer = ["deny", "--message", "Not before the release on Monday."] if "production" in line else ["allow"]
                self._luthiend("approvals", "answer", json.loads(line)["id"], *answer, check=False)


class Camera:
    """A window, and each page of it in three sizes."""

    def __init__(self, screen, options, theme, config, folder):
        self.screen, self.options, self.theme = screen, options, theme
        data = options.work / folder
        data.mkdir(exist_ok=True)
        (data / "window.ini").write_text(f"[General]\nscheme={theme}\n")
        self.luthien = Luthien(screen, argparse.Namespace(work=options.work, pictures=options.pictures, inside=[],
                                                          programs=options.programs), config, folder)
        self.window = self.luthien.window
        wait_for("the window", self.luthien.frame)
        self.resize("middle")

    def resize(self, size):
        self.screen.xdotool("windowsize", "--sync", self.luthien.frame(), *SIZES[size])
        self.screen.xdotool("windowmove", self.luthien.frame(), 10, 30)

    def take(self, name, *keys):
        """In each size; the keys lead back to what is to be seen after what was there has been laid out anew."""
        if self.options.only and name not in self.options.only:
            return
        for size in SIZES:
            if size == "large" and not (name in PAGES or self.options.all):
                continue
            self.resize(size)
            self.press(*keys)
            self.screen.xdotool("mousemove", *(each + 20 for each in SIZES[size]))
            file = self.options.pictures / f"{name}-{self.theme}-{size}.png"
            self._take_once_still(file)
            subprocess.run(["pngquant", "--force", "--ext", ".png", "--speed", "1", "--nofs", "256", str(file)], check=True)
        self.resize("middle")

    def _take_once_still(self, file):
        """Once two pictures in a row are the same; what never rests is taken as it is after a while."""
        last = b""
        for _ in range(12):
            subprocess.run(["import", "-window", self.luthien.frame(), str(file)], env=self.screen.environment, check=True)
            now = subprocess.run(["convert", str(file), "rgb:-"], check=True, capture_output=True).stdout
            if now == last:
                return
            last = now
            time.sleep(0.15)

    def click(self, role, name):
        """In the middle of it, where it is shown."""
        self.screen.xdotool("mousemove", *self.window.middle(self.window.wait(role, name)), "click", 1)

    def roll(self, role, name, notches):
        """The wheel, over it."""
        self.screen.xdotool("mousemove", *self.window.middle(self.window.wait(role, name)),
                            "click", "--repeat", notches, "--delay", 20, 5)

    def press(self, *keys):
        for key in keys:
            self.window.key(key)

    def write(self, text):
        self.screen.xdotool("type", "--delay", 8, "--", text)

    def open_session(self, title):
        self.press("ctrl+1")
        self.click("list item", lambda name: name.startswith(title))
        self.window.wait("heading", lambda name: name.startswith(title))
        self.click("list", "Conversation")


def conversation(camera):
    camera.open_session("Move the Stripe webhook")
    camera.take("conversation", "g")
    camera.take("decisions", "g", "d", "d")
    camera.press("i")
    camera.window.wait("panel", "Decision")
    camera.take("inspector")
    camera.click(None, "Request")
    camera.take("inspector-request")
    camera.click(None, "Timing")
    camera.take("inspector-timing")
    camera.click(None, "Raw")
    camera.take("inspector-raw")
    camera.press("Escape")


def replay(camera):
    camera.open_session("Move the Stripe webhook")
    camera.press("g", "shift+r")
    camera.window.wait("slider", "Place in the call")
    camera.take("replay")
    camera.click("push button", "Close")


def timeline(camera):
    camera.open_session("Port our cron jobs")
    camera.press("t")
    camera.take("timeline")
    camera.press("ctrl+e")
    camera.window.wait("push button", "Export")
    camera.take("export")
    camera.press("Escape")


def filtered(camera):
    camera.press("ctrl+1", "slash")
    camera.write("client:claude-code verdict:")
    camera.take("filter")
    camera.press("Escape", "Escape", "Escape")


def search(camera):
    camera.press("ctrl+5")
    camera.window.enter("Words to search for", "invoice lines")
    camera.window.wait("list item", lambda name: " in Move the Stripe" in name)
    camera.take("search")


def policies(camera):
    camera.press("ctrl+4")
    camera.window.wait("heading", "Policies")
    camera.take("policies")
    camera.click("push button", "Settings of uv instead of pip")
    camera.click("text", "Script")
    camera.take("policies-script")
    camera.click(None, "Part of the policy: Test")
    camera.click("text", "What the draft is tried on")
    for line in TRIED:
        camera.write(line)
        camera.press("Return")
    camera.window.wait("list item", lambda name: "pip became uv" in name)
    camera.take("policies-test")
    camera.click("push button", "Presets")
    camera.window.wait("push button", f"Add {PRESET} as a shadow")
    camera.take("policies-presets")
    camera.click("push button", f"Add {PRESET} as a shadow")
    camera.press("Escape")
    camera.window.gone("push button", f"Add {PRESET} as a shadow")
    camera.roll("push button", "Settings of uv instead of pip", 30)
    camera.click("push button", f"Settings of {PRESET}")
    camera.click(None, "Part of the policy: Past calls")
    camera.click("push button", "Run")
    camera.window.wait("list item", lambda name: "would be" in name)
    camera.take("policies-past-calls")
    camera.click(None, "Part of the policy: Versions")
    camera.take("policies-versions")


def places(camera):
    for key, heading, name in (("ctrl+6", "Metrics", "metrics"),
                               ("ctrl+8", "Point an agent", "connect"), ("ctrl+comma", "Settings", "settings")):
        camera.press(key)
        camera.window.wait("heading", lambda text, heading=heading: text.startswith(heading))
        if name == "metrics":
            camera.click(None, lambda text: text.endswith("7 days"))
        camera.take(name)


def overlays(camera):
    camera.press("ctrl+1", "ctrl+k")
    camera.window.wait("text", "Command")
    camera.write("pol")
    camera.take("palette")
    camera.press("Escape", "Escape", "question")
    camera.window.wait("list item", lambda name: name.startswith("Ctrl+K: "))
    camera.take("keys")
    camera.press("Escape")


def live(camera):
    camera.press("ctrl+2")
    camera.window.wait("heading", lambda name: name.startswith("Live"))
    camera.take("live")


def approvals(camera):
    camera.press("ctrl+3")
    camera.window.wait("heading", "Approvals")
    camera.window.wait("push button", lambda name: name.startswith("Allow"))
    camera.take("approvals")
    camera.press("ctrl+1")
    camera.take("approvals-strip")
    camera.press("ctrl+3")
    camera.click(None, lambda name: name.startswith("Approvals: Answered"))
    camera.take("approvals-answered")
    camera.click(None, lambda name: name.startswith("Approvals: Rules"))
    camera.take("approvals-rules")


AT_REST = (conversation, timeline, filtered, replay, search, overlays)
AT_WORK = (live, policies, places)


def take_each(camera, shots):
    for shot in shots:
        print(camera.theme, shot.__name__, flush=True)
        shot(camera)


def play(*plays):
    for each in plays:
        threading.Thread(target=each, daemon=True).start()


def first_run(screen, options, theme):
    camera = Camera(screen, options, theme, scene.CONFIG.format(port=1), f"empty-{theme}")
    camera.window.wait("heading", "Point an agent at Luthien")
    camera.take("first-run")
    camera.press("ctrl+7")
    camera.click("push button", "Run the demo")
    camera.window.wait("alert", lambda text: text.startswith("The rows stand"))
    camera.take("demo")
    camera.luthien.leave("ctrl+q")


def take_all(screen, options, theme, studio):
    folder = f"data-{theme}"
    shutil.copytree(options.work / "data", options.work / folder, ignore=shutil.ignore_patterns("lock", "run"))
    camera = Camera(screen, options, theme, scene.CONFIG.format(port=studio.server_port), folder)
    proxy = camera.luthien.address()
    take_each(camera, AT_REST)
    play(*scene.running(proxy, studio))
    camera.press("ctrl+2")
    camera.window.wait("list item", lambda name: "checkout" in name)
    take_each(camera, AT_WORK)
    play(lambda: scene.deploy(proxy, studio, "e5f1d1a4-4ad6-4ad9-9a41-7d1f2b9c0e66", "checkout", "production"))
    take_each(camera, [approvals])
    studio.end()
    camera.luthien.process.terminate()
    camera.luthien.process.wait(PATIENCE)


def main():
    parser = argparse.ArgumentParser()
    for name in ("programs", "work", "pictures"):
        parser.add_argument(name, type=lambda text: Path(text).resolve())
    parser.add_argument("--all", action="store_true", help="every page in the large size")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--themes", nargs="*", default=["light", "dark"])
    parser.add_argument("--scale", default="1")
    options = parser.parse_args()
    shutil.rmtree(options.work, ignore_errors=True)
    (options.work / "home").mkdir(parents=True)
    options.pictures.mkdir(parents=True, exist_ok=True)
    os.environ.update(HOME=str(options.work / "home"), LUTHIEN_SECRETS="off", QT_SCALE_FACTOR=options.scale,
                      QT_QUICK_BACKEND="software")
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "http_proxy", "HTTP_PROXY"):
        os.environ.pop(name, None)
    if len(options.themes) > 1:  # the accessibility interface knows one desktop in the life of a process
        for theme in options.themes:
            subprocess.run([sys.executable, *sys.argv, "--themes", theme], check=True)
        return
    studio = Studio()
    Record(options.programs, options.work, studio).fill()
    with Screen(2000, 1180) as screen:
        try:
            take_all(screen, options, options.themes[0], studio)
            first_run(screen, options, options.themes[0])
        except BaseException:
            screen.picture(options.work / "failed.png")
            raise


if __name__ == "__main__":
    main()
