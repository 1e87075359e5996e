#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every page for somebody who uses no mouse, or does not see it, at one and a half and twice the size: what takes
the keyboard has a name and a role that can be read out, Tab leads to all of it and comes round, and wherever the keyboard
is it can be seen."""

from agents import Call, Provider, bash, message, text
from desktop import Luthien, Window, run, wait_for
from gi.repository import Atspi, GLib

PAGES = {"ctrl+1": "Sessions", "ctrl+2": "Live", "ctrl+3": "Approvals", "ctrl+4": "Policies", "ctrl+5": "Search",
         "ctrl+6": "Metrics", "ctrl+7": "Demo", "ctrl+8": "Point an agent at Luthien", "ctrl+comma": "Settings"}
# What one presses, writes in or chooses by itself. What is in a list is reached by the arrows of the list.
ITSELF = {"push button", "check box", "text", "combo box", "slider", "link", "spin button"}
NO_ROLES = {"unknown", "filler", "panel", "invalid", "redundant object"}
MOST_STEPS = 250


class Reach(Luthien):
    def __init__(self, screen, options, scale):
        self.provider = Provider(lambda request: [text("**Fine.** I look."), bash("ls -la")])
        screen.environment["QT_SCALE_FACTOR"] = str(scale)
        self.scale = scale
        super().__init__(screen, options, self.provider.config(), f"data-{scale}")
        self.window.wait("heading", "Point an agent at Luthien")
        proxy = self.address()
        for number in range(3):
            Call(proxy, message(f"Task {number}"), f"session-{number}").reply()
        self.window.wait("list item", lambda name: name.startswith("Task 2"))

    def takes_the_keyboard(self):
        """What does: node, role, name; what is wrong with it is told."""
        found = []
        for node, role, name, states in self.window.everything():
            if not states.contains(Atspi.StateType.FOCUSABLE) or not states.contains(Atspi.StateType.ENABLED):
                continue
            if role in ("frame", "application"):
                continue
            assert name.strip(), f"{self.where}: a {role} has no name; in it {[each.get_name() for each in node]}"
            assert role not in NO_ROLES, f"{self.where}: {name!r} has no role but {role}"
            found.append((node, role, name))
        return found

    def focused(self, known):
        """Where the keyboard is: what was known before is asked first, for each question costs."""
        for node, role, name in known:
            try:
                if self.window.is_focused(node):
                    return role, name, self.extents(node)
            except GLib.Error:
                continue
        for node, role, name, states in self.window.everything():
            if states.contains(Atspi.StateType.FOCUSED) and role not in ("frame", "application"):
                known.append((node, role, name))
                return role, name, self.extents(node)
        return None

    @staticmethod
    def is_only_read(node):
        """A text that can be marked; beside it is what copies it."""
        return node.get_role_name() == "text" and node.get_state_set().contains(Atspi.StateType.READ_ONLY)

    @staticmethod
    def is_in_a_list(node):
        """Rows, and what is in them, are reached by the keys of their list."""
        above = node.get_parent()
        while above is not None and above.get_role_name() not in ("list", "frame"):
            above = above.get_parent()
        return above is not None and above.get_role_name() == "list"

    @staticmethod
    def extents(node):
        box = Atspi.Component.get_extents(node, Atspi.CoordType.SCREEN)
        return box.x, box.y, box.width, box.height

    def goes_round(self, known):
        """All places the keyboard comes to by Tab, in their order."""
        frame = self.window.box("frame", lambda name: name != "")
        places = []
        for _ in range(MOST_STEPS):
            before = places[-1] if places else None

            def moved():
                now = self.focused(known)
                return now if now is not None and now != before else None

            place = self.window.key_until(f"{self.where}: the keyboard to go on from {before}", "Tab", moved)
            if place in places:
                assert place == places[0] or places.index(place) < 3, f"{self.where}: Tab goes back from {before} to {place}"
                return places
            x, y, width, height = place[2]
            assert width > 0 and height > 0 and x < frame[0] + frame[2] and y < frame[1] + frame[3] and \
                x + width > frame[0] and y + height > frame[1], f"{self.where}: the keyboard is out of sight in {place}"
            places.append(place)
        raise AssertionError(f"{self.where}: Tab does not come round: {places}")

    def each_page(self):
        for key, title in PAGES.items():
            self.where = f"{title} at {self.scale}"
            self.window.key_until(f"the page {title}", key, lambda: self.window.find("heading", lambda name: name.startswith(title)))
            known = self.takes_the_keyboard()
            reached = {(role, name) for role, name, _ in self.goes_round(known)}
            missing = {(role, name) for node, role, name in self.takes_the_keyboard()
                       if role in ITSELF and (role, name) not in reached and not self.is_only_read(node) and
                       not self.is_in_a_list(node)}
            assert not missing, f"{self.where}: Tab does not lead to {sorted(missing)}; it leads to {sorted(reached)}"
            print(f"{self.where}: {len(reached)} places", flush=True)


def at(scale):
    def walk(made):
        window = Reach(made.screen, made.options, scale)
        made.window = window.window
        window.each_page()
        window.leave("ctrl+q")
    walk.__name__ = f"at {scale}"
    return walk


class Sizes:
    """One program after the other, each at its size."""

    def __init__(self, screen, options):
        self.screen, self.options = screen, options
        self.window = Window(screen, "luthien")


if __name__ == "__main__":
    run(__doc__, Sizes, at(1.5), at(2))
