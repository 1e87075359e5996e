#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The walk of a user through the window, with mouse and keyboard: see a table fall, enforce the policy, see it stand,
read why in the session, export it. Every step waits for what a person would see.
usage: walk.py PROGRAMS WORK_FOLDER [--pictures FOLDER] [--inside "chroot ROOT"]"""

import argparse
import hashlib
import html.parser
import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from desktop import Screen, Window, wait_for

POLICY = "destructive-sql"
POLICY_NAME = "Destructive SQL"


class Walk:
    def __init__(self, screen, options):
        self.inside = shlex.split(options.inside)
        self.programs = Path(options.programs)
        self.work = options.work
        self.pictures = options.pictures
        self.data = self.work / "data"
        command = ["luthien", "--data-dir", str(self.data), "--listen", "127.0.0.1:0"]
        self.process = screen.start_program(self.command(*command), self.work / "luthien.log")
        self.window = Window(screen, "luthien")

    def command(self, program, *words):
        return [*self.inside, str(self.programs / program), *words]

    def luthiend(self, *words):
        return subprocess.run(self.command("luthiend", *words, "--data-dir", str(self.data)), check=True,
                              capture_output=True, text=True).stdout

    def picture(self, name):
        self.window.picture(self.pictures / f"walk-{name}.png")

    def go_to(self, place):
        self.window.click("push button", lambda name: name.startswith(place))

    # --- the steps ---

    def open_the_demo(self):
        self.window.wait("heading", "Point an agent at Luthien")
        self.picture("1-start")
        self.go_to("Demo")
        self.window.wait("heading", lambda name: name.startswith("Demo"))

    def run_the_demo(self, button, outcome, table, picture):
        """With the outcome that `outcome` and `table` tell of."""
        self.window.click("push button", button)
        self.window.wait("alert", lambda name: name.startswith(outcome))
        self.window.wait("table row", lambda name: name.startswith("customers: before 240") and name.endswith(table))
        self.picture(picture)

    def enforce_the_policy(self):
        self.go_to("Policies")
        self.window.wait("list item", f"{POLICY_NAME}, shadow")
        self.picture("3-policy-in-shadow")
        self.window.click("push button", f"Mode of {POLICY_NAME}: Enforce")
        self.window.wait("list item", f"{POLICY_NAME}, enforced")
        self.picture("4-policy-enforced")

    def read_the_block(self):
        self.window.click("push button", "Open the session")
        self.window.wait("list", "Conversation")
        self.window.wait(None, lambda name: "DROP TABLE customers" in name and POLICY in name and "blocked" in name.lower())
        self.picture("6-blocked-in-the-session")

    def export(self, form, file, picture):
        self.window.click("push button", lambda name: name.startswith("Export…"))
        self.window.click("push button", f"Format: {form}")
        self.window.enter("File", str(file))
        self.window.click("push button", "Export")
        self.window.wait("push button", "Done")
        self.picture(picture)
        self.window.click("push button", "Done")
        wait_for("the dialog to close", lambda: self.window.find("push button", "Done") is None)

    def leave(self):
        # The window manager, whose key this is, misses one now and then; a person would press again.
        for _ in range(12):
            self.window.key("alt+F4")
            try:
                status = self.process.wait(10)
                break
            except subprocess.TimeoutExpired:
                status = None
        assert status == 0, (self.work / "luthien.log").read_text()


def check_jsonl(file):
    """Every line is JSON, the last one holds the sum of those before it, and the block is among them."""
    *lines, end = file.read_bytes().splitlines(keepends=True)
    end = json.loads(end)
    records = [json.loads(line) for line in lines]
    assert (end["type"], end["sha256"]) == ("end", hashlib.sha256(b"".join(lines)).hexdigest()), end
    assert records[0]["type"] == "session", records[0]
    decisions = [record for record in records if record["type"] == "decision"]
    stated = [(each["policy_id"], each["mode"], each["verdict"]) for each in decisions]
    assert stated == [(POLICY, "enforce", "block")], stated
    assert "DROP TABLE customers" in decisions[0]["original"], decisions[0]


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.policies, self.links, self.text = [], [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.append(tag)
        if attributes.get("http-equiv", "").lower() == "content-security-policy":
            self.policies.append(attributes["content"])
        self.links += [attributes[name] for name in ("src", "href") if name in attributes]

    def handle_data(self, data):
        self.text += data


def check_html(file):
    """Nothing in it is run or loaded, and a reader finds what was blocked."""
    page = Page(file.read_text(encoding="utf-8"))
    assert len(page.policies) == 1 and "default-src 'none'" in page.policies[0], page.policies
    assert "script" not in page.tags, "a page to read holds no script"
    assert not [link for link in page.links if not link.startswith("#")], page.links
    assert "DROP TABLE customers" in page.text and "was blocked by policy" in page.text


def check_record(walk):
    """Both runs are recorded: one decision each, watched the first time and carried out the second."""
    rows = [json.loads(line) for line in walk.luthiend("sessions", "--json").splitlines()]
    assert len(rows) == 2, rows
    modes = []
    for row in reversed(rows):  # newest first
        lines = walk.luthiend("export", "--session", row["id"], "--format", "jsonl", "--output", "-").splitlines()
        modes += [(each["mode"], each["verdict"]) for each in map(json.loads, lines) if each["type"] == "decision"]
    assert modes == [("shadow", "block"), ("enforce", "block")], modes


def take(walk):
    walk.open_the_demo()
    walk.run_the_demo("Run the demo", "The table is gone", "gone", "2-table-gone")
    walk.enforce_the_policy()
    walk.go_to("Demo")
    walk.run_the_demo("Run it again", "The rows stand", "same", "5-rows-stand")
    walk.read_the_block()
    walk.export("JSONL", walk.work / "session.jsonl", "7-exported")
    check_jsonl(walk.work / "session.jsonl")
    walk.export("HTML", walk.work / "session.html", "8-exported-to-read")
    check_html(walk.work / "session.html")
    check_record(walk)
    walk.leave()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs")
    parser.add_argument("work", type=lambda text: Path(text).resolve())
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--inside", default="")
    options = parser.parse_args()
    shutil.rmtree(options.work, ignore_errors=True)
    (options.work / "home").mkdir(parents=True)
    options.pictures = options.pictures or options.work
    os.environ["HOME"] = str(options.work / "home")
    # A keyring that nobody has set up would ask for a password, in a window above ours.
    os.environ["LUTHIEN_SECRETS"] = "off"
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        os.environ.pop(name, None)
    with Screen() as screen:
        walk = Walk(screen, options)
        try:
            take(walk)
        except BaseException:
            screen.picture(options.work / "failed.png")
            raise


if __name__ == "__main__":
    sys.exit(main())
