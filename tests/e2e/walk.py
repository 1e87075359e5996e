#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The walk of a user through the window, with mouse and keyboard: see a table fall, enforce the policy, see it stand,
read why in the session, export it. Every step waits for what a person would see."""

import html.parser
import json

from desktop import Luthien, run
from exports import records

POLICY = "destructive-sql"
POLICY_NAME = "Destructive SQL"


class Walk(Luthien):
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
        self.window.click("radio button", f"Mode of {POLICY_NAME}: Enforce")
        self.window.wait("list item", f"{POLICY_NAME}, enforced")
        self.picture("4-policy-enforced")

    def read_the_block(self):
        self.window.click("push button", "Open the session")
        self.window.wait("list", "Conversation")
        self.window.wait(None, lambda name: "DROP TABLE customers" in name and POLICY in name and "blocked" in name.lower())
        self.picture("6-blocked-in-the-session")


def check_jsonl(file):
    """The block is among the records."""
    decisions = [record for record in records(file) if record["type"] == "decision"]
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


def sees_a_table_fall(walk):
    walk.open_the_demo()
    walk.run_the_demo("Run the demo", "The table is gone", "gone", "2-table-gone")


def enforces_the_policy_and_sees_it_stand(walk):
    walk.enforce_the_policy()
    walk.go_to("Demo")
    walk.run_the_demo("Run it again", "The rows stand", "same", "5-rows-stand")


def reads_why_in_the_session(walk):
    walk.read_the_block()


def exports_it(walk):
    walk.export("JSONL", walk.work / "session.jsonl", "7-exported")
    check_jsonl(walk.work / "session.jsonl")
    walk.export("HTML", walk.work / "session.html", "8-exported-to-read")
    check_html(walk.work / "session.html")
    check_record(walk)


def leaves(walk):
    walk.leave("alt+F4")


if __name__ == "__main__":
    run(__doc__, Walk, sees_a_table_fall, enforces_the_policy_and_sees_it_stand, reads_why_in_the_session, exports_it, leaves)
