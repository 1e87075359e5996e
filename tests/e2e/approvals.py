#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A person allows, changes and denies tool calls in the window, with mouse and keyboard under a window manager; what the
client got is compared. An agent asks through the real proxy, a scripted upstream answers with a tool call."""

import json
import subprocess

from agents import BASH, Call, Provider, bash, message
from desktop import Luthien, run, wait_for

CHAIN = "policies:\n  - {id: ask, type: approval, mode: enforce, config: {timeout: 10m}}\n"


class Approvals(Luthien):
    def __init__(self, screen, options):
        # A model that makes of what the person says a call of Bash.
        self.provider = Provider(lambda request: [bash(request["messages"][-1]["content"])])
        super().__init__(screen, options, self.provider.config() + CHAIN)
        self.proxy = self.address()

    def call(self, command):
        return Call(self.proxy, message(command, tools=[BASH]))

    def ask(self, command):
        """The agent's question, once it is shown on the page and takes answers."""
        agent = self.call(command)
        self.window.wait("list item", lambda name: command in name and "asked by" in name)
        self.take_answers()
        return agent

    def take_answers(self, do=True):
        wait_for(f"the buttons {'to' if do else 'not to'} take a press", lambda: self.window.asks(
            "push button", lambda name: name.startswith("Allow"), lambda button: do != bool(button.get_description())))

    # --- the flows ---

    def allows(self):
        agent = self.call("echo one")
        self.window.click("push button", "Open the approvals")  # on the strip over the page one is on
        self.window.wait("heading", "Approvals")
        self.picture("1-waiting")
        self.window.click("push button", "Allow once")
        assert agent.content() == [bash("echo one")], agent.content()

    def denies(self):
        agent = self.ask("rm -rf build")
        self.window.enter("Message to the agent", "Clean with ninja.")
        self.window.wait(None, lambda name: name.startswith("Clock stopped"))
        self.window.click("push button", "Deny with message")
        assert [block["type"] for block in agent.content()] == ["text"], agent.content()
        assert "was denied by a person: Clean with ninja." in agent.content()[0]["text"], agent.content()

    def denies_by_key(self):
        agent = self.ask("rm -rf /")
        self.window.key("d")
        assert "rm -rf" not in json.dumps(agent.content())

    def changes(self):
        agent = self.ask("git push --force")
        self.window.click("push button", "Edit…")
        self.window.enter("Other arguments", '{"command": "git push"}')
        self.window.wait(None, "These can be given.")
        self.picture("2-edited")
        self.window.click("push button", "Allow the changed call")
        assert agent.content() == [bash("git push")], agent.content()

    def the_click_that_focuses_answers_nothing(self):
        """Deception 7: another window is in front; the click on Allow brings ours back, and no more."""
        agent = self.ask("echo focus")
        at = self.window.middle(self.window.find("push button", "Allow once"))
        with self.screen.another_window():
            assert not self.is_in_front()
            self.take_answers(False)  # Qt tells of it 100 ms later
            self.screen.xdotool("mousemove", *at, "click", 1)
            wait_for("our window in front", self.is_in_front)
            self.take_answers()
            with self.window.pressed("push button", "Allow once"):  # the next press counts
                assert agent.waits(), "the click that focused the window answered"
        assert agent.content() == [bash("echo focus")], agent.content()

    def makes_a_rule_and_takes_it_back(self):
        agent = self.ask("ls")
        self.window.click(None, "The answer counts: Until restart")
        self.window.click(None, "For what: This tool")
        self.window.wait(None, lambda name: "every call of Bash" in name)
        self.window.click("push button", lambda name: name.startswith("Allow: "))
        assert agent.content() == [bash("ls")], agent.content()
        assert self.call("pwd").content() == [bash("pwd")], "the rule answers, nobody is asked"
        self.window.click(None, lambda name: name.startswith("Approvals: Answered"))
        self.window.wait("list item", lambda name: "ls" in name and "Allowed" in name)
        self.picture("3-answered")
        self.window.click(None, lambda name: name.startswith("Approvals: Rules"))
        self.window.wait("list item", lambda name: name.startswith("Allows every call of Bash"))
        self.picture("4-rules")
        self.window.click("push button", lambda name: name.startswith("Take back: "))
        self.window.gone("push button", lambda name: name.startswith("Take back"))
        self.window.click(None, lambda name: name.startswith("Approvals: Waiting"))
        asked_again = self.ask("pwd")
        self.window.click("push button", "Deny")
        assert [block["type"] for block in asked_again.content()] == ["text"], asked_again.content()


if __name__ == "__main__":
    run(__doc__, Approvals, Approvals.allows, Approvals.denies, Approvals.denies_by_key, Approvals.changes,
        Approvals.the_click_that_focuses_answers_nothing, Approvals.makes_a_rule_and_takes_it_back)
