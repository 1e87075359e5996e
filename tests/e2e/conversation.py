#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A person reads a conversation while it is written, with mouse and keyboard under a window manager: the window follows
the end, lets them read further up without a pixel moving under 10,000 paragraphs more, follows again, finds words and
exports all of it. An agent asks through the real proxy, a scripted upstream streams."""

import json
import queue

from agents import Call, Provider, message, text
from desktop import Luthien, run, wait_for
from exports import records

MANY = 10_000
BAR = 24  # pixels at the right edge of the conversation, where the scroll bar is


class Speech:
    """What a model says, while it says it."""

    def __init__(self):
        self.pieces = []
        self._waiting = queue.SimpleQueue()

    def says(self, *paragraphs):
        for paragraph in paragraphs:
            self.pieces.append(paragraph + "\n\n")
            self._waiting.put(self.pieces[-1])

    def ends(self):
        self._waiting.put(None)

    def __iter__(self):
        return iter(self._waiting.get, None)


class Conversation(Luthien):
    def __init__(self, screen, options):
        self.speech = Speech()
        self.provider = Provider(lambda request: [text(self.speech)])
        super().__init__(screen, options, self.provider.config())
        self.window.wait("heading", "Point an agent at Luthien")
        self.proxy = self.address()

    def ask(self, question):
        return Call(self.proxy, message(question, stream=True))

    def reads(self, paragraph):
        self.window.wait("label", paragraph)

    def rows(self):
        """Where the rows of the conversation are, without their scroll bar; and the bar."""
        x, y, width, height = self.window.box("list", "Conversation")
        return (x, y, width - BAR, height), (x + width - BAR, y, BAR, height)

    # --- the flow ---

    def follows_what_is_written(self):
        self.agent = self.ask("Tell me a long story.")
        self.speech.says(*(f"Paragraph {number} of the beginning." for number in range(1, 61)))
        self.reads("Paragraph 60 of the beginning.")
        self.speech.says("And one more.")
        self.reads("And one more.")
        self.picture("1-follows")

    def moves_no_pixel_while_they_read(self):
        self.window.focus("list", "Conversation")
        self.window.key_until("the way back to the newest", "Prior",
                              lambda: self.window.find("push button", "Jump to newest"))
        rows, bar = self.rows()
        read, place = self.screen.pixels(rows), self.screen.pixels(bar)
        assert len(set(read)) > 2, "there is something to read"
        for first in range(1, MANY, MANY // 20):
            self.speech.says(*(f"Paragraph {number}." for number in range(first, first + MANY // 20)))
            assert self.screen.pixels(rows) == read, self.drift()
        self.speech.ends()
        self.window.wait("list item", lambda name: name.startswith("Tell me") and "Completed" in name)
        wait_for("the bar to tell that there is more", lambda: self.screen.pixels(bar) != place)
        assert self.screen.pixels(rows) == read, self.drift()
        self.picture("2-reads-on")

    def drift(self):
        self.picture("moved")
        return "what was being read has moved"

    def follows_again_at_the_end(self):
        self.window.key("End")
        self.reads(f"Paragraph {MANY}.")
        assert self.window.find("push button", "Jump to newest") is None
        assert self.agent.reply().count(b"content_block_delta") // 2 == MANY + 61, "the agent got every piece"
        self.speech = Speech()
        second = self.ask("And then?")
        self.speech.says(*(f"Then, {number}." for number in range(1, 41)))
        self.reads("Then, 40.")
        self.speech.ends()
        second.reply()
        self.picture("3-follows-again")

    def finds_words_far_above(self):
        self.window.focus("list", "Conversation")
        self.window.key("ctrl+f")
        self.window.enter("Words to find in this session", '"Paragraph 4321"')
        self.window.key("Return")
        self.reads("Paragraph 4321.")
        self.picture("4-found")
        self.window.key("Escape")

    def exports_all_of_it(self):
        file = self.work / "session.jsonl"
        self.export("JSONL", file, "5-exported")
        found = records(file)
        written = json.dumps(found)
        assert all(f"Paragraph {number}." in written for number in (1, 4321, MANY)), "every word is in the file"
        assert "Then, 40." in written
        self.luthiend("verify", "--file", str(file))
        self.luthiend("verify")


if __name__ == "__main__":
    run(__doc__, Conversation, Conversation.follows_what_is_written, Conversation.moves_no_pixel_while_they_read,
        Conversation.follows_again_at_the_end, Conversation.finds_words_far_above, Conversation.exports_all_of_it)
