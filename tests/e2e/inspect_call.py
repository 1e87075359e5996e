#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A call in the inspector, with mouse and keyboard: its request as a tree, the request as a curl command that bash then
sends, its replay, and the same request sent again under the policies of now. The provider is a script."""

import json
import os
import subprocess

from agents import Call, Provider, message, text
from desktop import Luthien, run, wait_for

REQUEST = message("it's `$HOME` \\ \"quoted\" !! \u202e and on\nanother line", stream=True)
WORDS = ["Every ", "byte ", "arrived."]


class Inspection(Luthien):
    def __init__(self, screen, options):
        self.provider = Provider(lambda request: [text(WORDS)])
        super().__init__(screen, options, self.provider.config())
        self.window.wait("heading", "Point an agent at Luthien")

    # --- the flow ---

    def call(self):
        assert b"message_stop" in Call(self.address(), REQUEST, path="/v1/messages?beta=true", key="sk-first").reply()

    def inspect(self):
        self.window.wait("list", "Conversation")
        self.window.wait(None, lambda name: "Every byte arrived." in name)
        self.window.focus("list", "Conversation")
        self.window.key_until("the inspector", "i", lambda: self.window.find("page tab", "Request"))
        self.window.click("page tab", "Request")
        self.window.wait("table cell", "model: \"claude-test\"")  # as Qt tells a tree's rows
        self.window.click("page tab", "Timing")
        self.window.wait(None, lambda name: name.startswith("Connect, within the wait: "))

    def copy_as_curl(self):
        self.window.click("push button", "Copy as curl")
        command = wait_for("the command on the clipboard", self.clipboard)
        assert "sk-first" not in command, "the record holds no key, so no command can"
        assert "\u202e" not in command, "nothing in it hides"
        environment = dict(os.environ, ANTHROPIC_API_KEY="sk-second")
        reply = subprocess.run(["bash", "-s"], input=command + "\n", env=environment, check=True, capture_output=True,
                               text=True).stdout
        assert "message_stop" in reply, reply
        first, second = self.provider.asked
        assert second[2] == first[2] == json.dumps(REQUEST).encode()
        assert second[0] == first[0] == "/v1/messages?beta=true"
        assert (first[1]["x-api-key"], second[1]["x-api-key"]) == ("sk-first", "sk-second")

    def clipboard(self):
        read = subprocess.run(["xclip", "-selection", "clipboard", "-o"], env=self.screen.environment,
                              capture_output=True, text=True, timeout=10)
        return read.stdout if read.stdout.startswith("curl ") else None

    def replay(self):
        self.window.click("push button", "Replay")
        self.window.wait("slider", "Place in the call")
        self.window.wait("push button", "Play")  # it is over in a moment
        self.window.click("push button", "Close")

    def send_again(self):
        self.window.click("push button", "Send again")
        self.window.click("push button", "Send")
        self.window.wait("push button", "Open the new call")
        assert len(self.provider.asked) == 3 and self.provider.asked[2][2] == json.dumps(REQUEST).encode()
        assert "x-api-key" not in self.provider.asked[2][1], "no key was given"
        self.window.picture(self.work / "resent.png")


if __name__ == "__main__":
    run(__doc__, Inspection, Inspection.call, Inspection.inspect, Inspection.copy_as_curl, Inspection.replay,
        Inspection.send_again)
