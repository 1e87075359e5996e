#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A person works on the chain in the window, with mouse and keyboard under a window manager: switches a policy on and the
next call is blocked, changes the order, finds the line a script is wrong at, tries a draft on the past and saves it. An
agent asks through the real proxy, a scripted upstream answers with a tool call."""

import json

from agents import BASH, Call, Provider, bash, message
from desktop import Luthien, run, wait_for
from gi.repository import Atspi

CHAIN = ("policies:\n  - {id: no-bash, type: tool-rules, name: No Bash, mode: 'off',\n"
         "     config: {rules: [{tool: Bash, do: deny}]}}\n")


class Policies(Luthien):
    def __init__(self, screen, options):
        self.provider = Provider(lambda request: [bash(request["messages"][-1]["content"])])
        super().__init__(screen, options, self.provider.config() + CHAIN)
        self.proxy = self.address()

    def policies(self):
        """The chain as the running instance tells it."""
        return [json.loads(line) for line in self.luthiend("policy", "list", "--json").splitlines()]

    def order(self):
        return [policy["id"] for policy in self.policies()]

    def is_blocked(self, command):
        content = Call(self.proxy, message(command, tools=[BASH])).content()
        return all(block["type"] == "text" for block in content)

    # --- the flows ---

    def switches_one_on(self):
        assert not self.is_blocked("echo one"), "the policy is off"
        self.window.click(None, lambda name: name.startswith("Policies"))
        self.window.wait("heading", "Policies")
        self.window.click("radio button", "Mode of No Bash: Enforce")
        wait_for("the policy to be enforced", lambda: self.policies()[0]["mode"] == "enforce")
        assert self.is_blocked("echo two"), "the very next call"
        self.window.wait("push button", lambda name: name.startswith("Show where No Bash stepped in last"))
        self.window.wait_to_say("push button", "Settings of No Bash", "Asked 1×")
        self.picture("1-blocked")
        self.window.click("radio button", "Mode of No Bash: Off")
        wait_for("the policy to be off", lambda: self.policies()[0]["mode"] == "off")
        assert not self.is_blocked("echo three")

    def adds_presets_and_changes_their_order(self):
        for title in ("Mask tokens", "Only the workspace"):
            self.window.click("push button", "Presets")
            self.window.wait("list", "Presets")
            self.window.tab_to("push button", f"Add {title} as a shadow")  # it may be further down
            self.window.key("Return")
            self.window.wait("push button", f"Settings of {title}")
        first, second = self.order()[-2:]
        self.window.click("push button", "Settings of Only the workspace")
        self.window.key("alt+Up")
        wait_for("the other order", lambda: self.order()[-2:] == [second, first])
        self.picture("2-order")
        # And back, carried by the mouse.
        carried = self.window.resting_place("push button", "Settings of Only the workspace")
        below = self.window.resting_place("push button", "Settings of Mask tokens")
        grip = self.grip_of("Settings of Only the workspace")
        self.screen.xdotool("mousemove", *grip, "mousedown", 1)
        for step in range(1, 11):
            self.screen.xdotool("mousemove", grip[0], grip[1] + (below[1] - carried[1] + 30) * step // 10)
        self.screen.xdotool("mouseup", 1)
        wait_for("the first order", lambda: self.order()[-2:] == [first, second])

    def grip_of(self, card):
        box = Atspi.Component.get_extents(self.window.find("push button", card), Atspi.CoordType.SCREEN)
        return box.x + 14, box.y + 23

    def finds_the_line_a_script_is_wrong_at(self):
        self.window.click("push button", "Add policy")
        self.window.click("radio button", "javascript")
        self.window.enter("Id", "mine")
        self.window.tab_to("text", "Script")  # below the edge
        self.write("function onToolCall(call) {\nreturn luthien.\n}\n")
        self.window.wait(None, lambda name: "line 3" in name and "Script" not in name)
        self.picture("3-line")
        self.write("function onToolCall(call) {\nreturn luthien.block('No.');\n}\n")
        wait_for("nothing to be wrong", lambda: self.window.find(None, lambda name: name.startswith("line 3")) is None)

    def write(self, text):
        self.screen.xdotool("key", "ctrl+a")
        for line in text.splitlines():
            self.screen.xdotool("type", "--delay", 10, "--", line)
            self.window.key("Return")

    def tries_it_on_the_past_and_saves(self):
        self.window.click("radio button", "Part of the policy: Past calls")
        self.window.click("push button", "Run")
        self.window.wait("list item", lambda name: "passes, would be blocked" in name)
        self.window.wait("alert", lambda name: name.startswith("3 calls:") and "2 would end otherwise" in name)
        self.picture("4-past")
        assert "mine" not in self.order(), "not before it is saved"
        self.window.click("push button", "Add to the chain")
        wait_for("it to be saved", lambda: "mine" in self.order())


if __name__ == "__main__":
    run(__doc__, Policies, Policies.switches_one_on, Policies.adds_presets_and_changes_their_order,
        Policies.finds_the_line_a_script_is_wrong_at, Policies.tries_it_on_the_past_and_saves)
