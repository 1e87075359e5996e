#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The frame of the window: from the start to the first call on screen in three actions, the palette, the list of keys,
the proxy's switch, a second start that brings the first one to the front, and a window that comes back where it was
left."""

import json
import socket

from agents import Call, Provider, message, text
from desktop import PATIENCE, Luthien, run, wait_for
from gi.repository import Atspi

QUESTION = "Which way is north?"
ANSWER = "Follow the moss."


class Frame(Luthien):
    def __init__(self, screen, options):
        self.provider = Provider(lambda request: [text(ANSWER)])
        self.actions = 1  # it is started
        super().__init__(screen, options, self.provider.config())

    def size(self):
        lines = self.screen.ask_xdotool("getwindowgeometry", "--shell", self.frame())
        values = dict(line.split("=") for line in lines)
        return int(values["WIDTH"]), int(values["HEIGHT"])

    # --- the steps ---

    def first_call(self):
        """Actions two and three: copy the text for an agent, and run the agent with it."""
        self.window.wait("heading", "Point an agent at Luthien")
        self.actions += 1
        self.window.click("push button", "Copy the text for Claude Code")
        self.actions += 1
        self.proxy = wait_for("the text of the card", self.copied_address)
        assert ANSWER in json.dumps(Call(self.proxy, message(QUESTION)).content())
        self.window.wait(None, lambda name: ANSWER in name)
        assert self.actions == 3, self.actions

    def copied_address(self):
        node = self.window.find("text", "Text for Claude Code")
        if node is None:
            return None
        text = Atspi.Text.get_text(node, 0, -1)
        return text.partition("=")[2].partition(" ")[0] or None

    def palette(self):
        self.window.key("ctrl+k")
        self.window.wait("text", "Command")
        self.screen.xdotool("type", "--delay", 20, "--", "polici")
        self.window.wait("list item", "Go to: Policies")
        self.window.key("Return")
        self.window.wait("heading", "Policies")

    def keys(self):
        self.window.key("question")
        self.window.wait("list item", lambda name: name.startswith("Ctrl+K: "))
        self.window.key("Escape")
        self.window.gone("list item", lambda name: name.startswith("Ctrl+K: "))

    def pause(self):
        host, port = self.proxy.removeprefix("http://").split(":")

        def listens():
            with socket.socket() as probe:
                return probe.connect_ex((host, int(port))) == 0

        assert listens()
        self.window.click("push button", lambda name: name.startswith("The proxy listens at"))
        self.window.click("push button", "Let no agent connect")
        wait_for("the port to close", lambda: not listens())
        self.window.click("push button", "Let agents connect again")
        wait_for("the port to open", listens)
        self.window.key("Escape")

    def a_second_start_leads_to_the_first(self):
        with self.screen.another_window():
            assert not self.is_in_front()
            second = self.screen.start_program(self.command(), self.work / "second.log")
            assert second.wait(PATIENCE) == 0, (self.work / "second.log").read_text()
            wait_for("the first window in front", self.is_in_front)
        assert self.process.poll() is None, "the first one ended"

    def comes_back_where_it_was(self):
        self.window.wait("frame", "Luthien")
        self.screen.xdotool("windowsize", "--sync", self.frame(), 1010, 620)
        wait_for("the size", lambda: self.size() == (1010, 620))
        self.leave("ctrl+q")
        self.open()
        self.window.wait("heading", "Policies")
        wait_for(lambda: f"the size of before, not {self.size()}", lambda: self.size() == (1010, 620))
        self.leave("ctrl+q")


if __name__ == "__main__":
    run(__doc__, Frame, Frame.first_call, Frame.palette, Frame.keys, Frame.pause,
        Frame.a_second_start_leads_to_the_first, Frame.comes_back_where_it_was)
