#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A person finds sessions in the window, with mouse and keyboard under a window manager: filters them, pins one, deletes
one, and searches for words and goes to the call they stand in. Agents ask through the real proxy, a scripted upstream
answers."""

import json

from agents import Call, Provider, message, text
from desktop import Luthien, run, wait_for

TASKS = ["Rename the invoice table", "Fix the flaky retry test", "Summarise the support tickets", "Upgrade OpenSSL",
         "Explain the pricing service", "Backfill the region column"]


class Sessions(Luthien):
    def __init__(self, screen, options):
        # A model that repeats what the person said.
        self.provider = Provider(lambda request: [text(f"I will {request['messages'][-1]['content'].lower()} now.")])
        super().__init__(screen, options, self.provider.config())
        self.window.wait("heading", "Point an agent at Luthien")
        self.proxy = self.address()

    def ask(self, session, task, model):
        Call(self.proxy, message(task, model), session).reply()

    def sessions(self):
        """Those on record, by id."""
        rows = map(json.loads, self.luthiend("sessions", "--json").splitlines())
        return {row["id"]: row for row in rows}

    def row(self, title):
        return self.window.wait("list item", lambda name: name.startswith(title))

    def gone(self, title):
        self.window.gone("list item", lambda name: name.startswith(title))

    # --- the flows ---

    def agents_work(self):
        for number, task in enumerate(TASKS):
            self.ask(f"session-{number}", task, "claude-opus-4" if number % 2 else "claude-haiku-4")
        for task in TASKS:
            self.row(task)
        self.picture("1-list")

    def filters(self):
        self.window.key("slash")
        self.screen.xdotool("type", "--delay", 20, "--", "model:claude-o")
        self.window.wait("list item", "claude-opus-4")  # a model that was seen is offered
        self.window.key("Tab")
        self.gone(TASKS[0])
        self.row(TASKS[1])
        self.picture("2-filtered")
        self.ask("session-7", "Write the release notes", "claude-haiku-4")  # does not match
        self.ask("session-8", "Audit the bucket policies", "claude-opus-4")
        self.row("Audit the bucket policies")
        assert self.window.find("list item", lambda name: name.startswith("Write the release notes")) is None
        self.window.key("Escape")
        self.window.gone("list", "What may come next")  # it goes first
        self.window.key("Escape")
        self.row(TASKS[0])

    def pins_and_takes_it_back(self):
        self.window.choose("list item", lambda name: name.startswith(TASKS[3]))
        self.window.key("p")
        self.window.wait("heading", lambda name: name.startswith("Pinned"))
        self.picture("3-pinned")
        wait_for("the mark on record", lambda: self.sessions()["session-3"].get("pinned"))
        self.window.click("push button", "Undo")
        wait_for("the section to go", lambda: self.window.find("heading", lambda name: name.startswith("Pinned")) is None)

    def deletes(self):
        self.window.choose("list item", lambda name: name.startswith(TASKS[2]))
        self.window.key("Delete")
        self.window.wait("dialog", lambda name: TASKS[2] in name)
        self.picture("4-delete")
        self.window.click("push button", "Delete")
        self.gone(TASKS[2])
        wait_for("the record to lose it", lambda: "session-2" not in self.sessions())

    def searches_and_jumps(self):
        self.window.click("push button", lambda name: name.startswith("Search"))
        self.window.enter("Words to search for", '"flaky retry"')
        # What the person asked and what the model answered.
        self.window.wait("list item", lambda name: name.startswith(f"Answered in {TASKS[1]}"))
        self.window.wait("list item", lambda name: name.startswith(f"Asked in {TASKS[1]}"))
        self.picture("5-search")
        self.window.key("Down")
        self.window.key("Return")
        self.window.wait("list", "Conversation")
        self.window.wait(None, lambda name: "i will fix the flaky retry test now." in name.lower())
        self.picture("6-jumped")


if __name__ == "__main__":
    run(__doc__, Sessions, Sessions.agents_work, Sessions.filters, Sessions.pins_and_takes_it_back, Sessions.deletes,
        Sessions.searches_and_jumps)
