# SPDX-License-Identifier: Apache-2.0
"""A screen of its own, and the window on it as a person meets it: what is there is read through the accessibility
interface (AT-SPI), what is done is done with the mouse and the keyboard of the X server."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib

PATIENCE = 60.0  # seconds until something that has to come is missing
PRESS = 5.0  # seconds until a press that nothing took is tried again


def wait_for(what, ask, patience=PATIENCE):
    """The first true answer. What has not come by then fails the run."""
    deadline = time.monotonic() + patience
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {patience:.0f} s for {what() if callable(what) else what}")
        time.sleep(0.05)


class Screen:
    """An X server with a window manager and a session bus. Everything ends with it."""

    def __init__(self, width=1480, height=980):
        self.size = (width, height)
        self.folder = Path(tempfile.mkdtemp(prefix="luthien-screen-"))
        self._processes = []
        self.environment = dict(os.environ)

    def __enter__(self):
        self.environment.pop("WAYLAND_DISPLAY", None)
        self._start_x()
        self.environment["XDG_RUNTIME_DIR"] = str(self.folder)
        address = f"unix:path={self.folder}/bus"
        self._start(["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address={address}"], "bus.log")
        wait_for("the session bus", lambda: (self.folder / "bus").exists())
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = address
        self._start(["openbox"], "openbox.log")
        # Atspi reads them when it is first used, in this process.
        os.environ.update({name: self.environment[name] for name in
                           ("DISPLAY", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS")})
        Atspi.init()
        # Left to itself it gives up on a program that is busy for 0.8 s.
        Atspi.set_timeout(int(PATIENCE * 1000), int(PATIENCE * 1000))
        return self

    def __exit__(self, *_):
        Atspi.exit()
        for process in reversed(self._processes):
            if process.poll() is None:
                process.terminate()
                process.wait(PATIENCE)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self, command, log, **more):
        with open(self.folder / log, "wb") as file:
            process = subprocess.Popen(command, env=self.environment, stdout=file, stderr=file, **more)
        self._processes.append(process)
        return process

    def _start_x(self):
        # The server takes a free number and writes which.
        read_end, write_end = os.pipe()
        width, height = self.size
        self._start(["Xvfb", "-displayfd", str(write_end), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"],
                    "xvfb.log", pass_fds=(write_end,))
        os.close(write_end)
        with os.fdopen(read_end) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise AssertionError(f"Xvfb did not start: {(self.folder / 'xvfb.log').read_text()}")
        self.environment["DISPLAY"] = f":{number}"

    def start_program(self, command, log):
        """A program of the desktop; a person who cannot see it would use it too."""
        environment = dict(self.environment, QT_LINUX_ACCESSIBILITY_ALWAYS_ON="1")
        with open(log, "wb") as file:
            process = subprocess.Popen(command, env=environment, stdout=file, stderr=file)
        self._processes.append(process)
        return process

    def xdotool(self, *words):
        subprocess.run(["xdotool", *map(str, words)], env=self.environment, check=True)

    def picture(self, file, part=None):
        """Of the whole screen, or of a part of it: WxH+X+Y."""
        crop = ["-crop", part, "+repage"] if part else []
        subprocess.run(["import", "-window", "root", *crop, str(file)], env=self.environment, check=True)


class Window:
    """The window of one application."""

    def __init__(self, screen, application):
        self._screen = screen
        self._application = application

    def _root(self):
        desktop = Atspi.get_desktop(0)
        for index in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(index)
            if child is not None and child.get_name() == self._application and child.get_child_count():
                return child
        return None

    def _walk(self):
        """Every object that is shown, from the outside in."""
        root = self._root()
        waiting = [root] if root is not None else []
        while waiting:
            node = waiting.pop(0)
            try:
                children = [node.get_child_at_index(index) for index in range(node.get_child_count())]
                shown = node.get_state_set().contains(Atspi.StateType.SHOWING)
            except GLib.Error:  # it was there a moment ago: lists let go of what has scrolled away
                continue
            waiting.extend(child for child in children if child is not None)
            if shown:
                yield node

    def find(self, role, name):
        """The shown object of that role (None: of any) whose name is, or satisfies, `name`; None if there is none."""
        fits = name if callable(name) else lambda each: each == name
        for node in self._walk():
            try:
                if role in (None, node.get_role_name()) and fits(node.get_name()):
                    return node
            except Exception:
                continue
        return None

    def wait(self, role, name):
        return wait_for(lambda: f"{role} {name!r}; there is {self.describe()}", lambda: self.find(role, name))

    def describe(self):
        return ", ".join(f"{node.get_role_name()} {node.get_name()!r}" for node in self._walk())[:4000]

    def _middle(self, node):
        box = Atspi.Component.get_extents(node, Atspi.CoordType.SCREEN)
        return box.x + box.width // 2, box.y + box.height // 2

    def _resting_place(self, role, name):
        """The middle of it, once it has stopped moving."""
        places = []

        def rests():
            try:
                places.append(self._middle(self.wait(role, name)))
            except GLib.Error:  # it went while it was asked where it is; another one comes in its place
                places.clear()
            return len(places) > 2 and places[-1] == places[-2] == places[-3]

        wait_for(f"{role} {name!r} to rest", rests)
        return places[-1]

    def _until(self, what, act, ask):
        """Acts as a person does who sees no effect: once more. What is asked for may only follow from the act."""
        deadline = time.monotonic() + PATIENCE
        while True:
            act()
            try:
                return wait_for(what, ask, PRESS)
            except AssertionError:
                if time.monotonic() > deadline:
                    raise

    def _asked(self, role, name, question):
        """The answer of the object, false if it went while it was asked."""
        node = self.find(role, name)
        try:
            return node is not None and question(node)
        except GLib.Error:
            return False

    def click(self, role, name):
        """A press of the left button in the middle of it, held until it shows that the press is its own: on a busy
        machine what seemed to rest may have moved on."""

        def press():
            self._screen.xdotool("mouseup", 1, "mousemove", "--sync", *self._resting_place(role, name), "mousedown", 1)

        def is_pressed(node):
            return node.get_state_set().contains(Atspi.StateType.PRESSED)

        try:
            self._until(f"{role} {name!r} to be pressed", press, lambda: self._asked(role, name, is_pressed))
        finally:
            self._screen.xdotool("mouseup", 1)

    def enter(self, name, text):
        """Puts text in the place of what a field holds."""

        def write():
            self._screen.xdotool("mousemove", "--sync", *self._resting_place("text", name), "click", 1, "key", "ctrl+a")
            self._screen.xdotool("type", "--delay", 5, "--", text)

        def holds(node):
            return Atspi.Text.get_text(node, 0, -1) == text

        self._until(f"{name!r} to hold {text}", write, lambda: self._asked("text", name, holds))

    def picture(self, file):
        """Of the window without its frame."""
        frame = self.wait("frame", lambda name: name != "")
        box = Atspi.Component.get_extents(frame, Atspi.CoordType.SCREEN)
        self._screen.picture(file, f"{box.width}x{box.height}+{box.x}+{box.y}")

    def key(self, name):
        self._screen.xdotool("key", name)
