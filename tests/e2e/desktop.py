# SPDX-License-Identifier: Apache-2.0
"""A screen of its own, and the window on it as a person meets it: what is there is read through the accessibility
interface (AT-SPI), what is done is done with the mouse and the keyboard of the X server."""

import argparse
import contextlib
import os
import shlex
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
        self._start_window_manager()
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
        # The server takes a free number and writes which. Without -noreset it begins anew when its only program so far
        # ends, and turns away whoever comes just then.
        read_end, write_end = os.pipe()
        width, height = self.size
        self._start(["Xvfb", "-displayfd", str(write_end), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp", "-noreset"],
                    "xvfb.log", pass_fds=(write_end,))
        os.close(write_end)
        with os.fdopen(read_end) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise AssertionError(f"Xvfb did not start: {(self.folder / 'xvfb.log').read_text()}")
        self.environment["DISPLAY"] = f":{number}"

    def _start_window_manager(self):
        """Before any window opens: without one no window has the keyboard."""
        manager = self._start(["openbox"], "openbox.log")
        wait_for("the window manager",
                 lambda: manager.poll() is not None or self.ask_xdotool("get_num_desktops") > ["0"])
        if manager.poll() is not None:
            raise AssertionError(f"openbox ended: {(self.folder / 'openbox.log').read_text()}")

    def start_program(self, command, log):
        """A program of the desktop; a person who cannot see it would use it too."""
        environment = dict(self.environment, QT_LINUX_ACCESSIBILITY_ALWAYS_ON="1")
        with open(log, "wb") as file:
            process = subprocess.Popen(command, env=environment, stdout=file, stderr=file)
        self._processes.append(process)
        return process

    def xdotool(self, *words):
        subprocess.run(["xdotool", *map(str, words)], env=self.environment, check=True)

    def ask_xdotool(self, *words):
        """What it says, nothing if it found nothing."""
        return subprocess.run(["xdotool", *map(str, words)], env=self.environment, capture_output=True,
                              text=True).stdout.split()

    @contextlib.contextmanager
    def another_window(self):
        """One of another program, in front, over no more than a corner."""
        process = self._start(["xmessage", "-title", "Another", "-geometry", "300x120+0+0", "Something else to do"],
                              "another.log")
        try:
            window = wait_for("the other window", lambda: self.ask_xdotool("search", "--onlyvisible", "--name", "^Another$"))
            self.xdotool("windowactivate", "--sync", window[-1])
            yield
        finally:
            process.terminate()
            process.wait(PATIENCE)

    def picture(self, file, part=None):
        """Of the whole screen, or of a part of it: x, y, width, height."""
        crop = ["-crop", "{2}x{3}+{0}+{1}".format(*part), "+repage"] if part else []
        subprocess.run(["import", "-window", "root", *crop, str(file)], env=self.environment, check=True)

    def pixels(self, part):
        """What is on a part of the screen, to be compared."""
        return subprocess.run(["import", "-window", "root", "-crop", "{2}x{3}+{0}+{1}".format(*part), "+repage", "rgb:-"],
                              env=self.environment, check=True, capture_output=True).stdout


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
        return wait_for(f"{role} {name!r}", lambda: self.find(role, name))

    def wait_to_say(self, role, name, words):
        """Until it is described so."""
        wait_for(f"{role} {name!r} to say {words}", lambda: self.asks(role, name, lambda node: words in node.get_description()))

    def gone(self, role, name):
        wait_for(f"{role} {name!r} to go", lambda: self.find(role, name) is None)

    def everything(self):
        """Each object that is shown: itself, role, name, and what it can do and be."""
        for node in self._walk():
            try:
                yield node, node.get_role_name(), node.get_name(), node.get_state_set()
            except GLib.Error:
                continue

    def describe(self):
        """All that is shown, a line each; the keyboard is where it says so."""
        return "\n".join(f"  {node.get_role_name()} {node.get_name()!r}{', focused' * self.is_focused(node)}"
                         for node in self._walk())

    def is_focused(self, node):
        return node.get_state_set().contains(Atspi.StateType.FOCUSED)

    def is_selected(self, node):
        return node.get_state_set().contains(Atspi.StateType.SELECTED)

    def middle(self, node):
        box = Atspi.Component.get_extents(node, Atspi.CoordType.SCREEN)
        return box.x + box.width // 2, box.y + box.height // 2

    def resting_place(self, role, name):
        """The middle of it, once it has stopped moving."""
        places = []

        def rests():
            try:
                places.append(self.middle(self.wait(role, name)))
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

    def asks(self, role, name, question):
        """The answer of the object, false if it went while it was asked."""
        node = self.find(role, name)
        try:
            return node is not None and question(node)
        except GLib.Error:
            return False

    @contextlib.contextmanager
    def pressed(self, role, name):
        """The left button is down in the middle of it, and it shows that the press is its own: on a busy machine what
        seemed to rest may have moved on, and what takes no press yet shows none."""

        def press():
            self._screen.xdotool("mouseup", 1, "mousemove", *self.resting_place(role, name), "mousedown", 1)

        def is_pressed(node):
            return node.get_state_set().contains(Atspi.StateType.PRESSED)

        try:
            self._until(f"{role} {name!r} to be pressed", press, lambda: self.asks(role, name, is_pressed))
            yield
        finally:
            self._screen.xdotool("mouseup", 1)

    def click(self, role, name):
        with self.pressed(role, name):
            pass

    def enter(self, name, text):
        """Puts text in the place of what a field holds."""

        def write():
            self._screen.xdotool("mousemove", *self.resting_place("text", name), "click", 1, "key", "ctrl+a")
            self._screen.xdotool("type", "--delay", 5, "--", text)

        def holds(node):
            return Atspi.Text.get_text(node, 0, -1) == text

        self._until(f"{name!r} to hold {text}", write, lambda: self.asks("text", name, holds))

    def box(self, role, name):
        """Where it is on the screen: x, y, width, height."""
        box = Atspi.Component.get_extents(self.wait(role, name), Atspi.CoordType.SCREEN)
        return box.x, box.y, box.width, box.height

    def picture(self, file):
        """Of the window without its frame."""
        self._screen.picture(file, self.box("frame", lambda name: name != ""))

    def choose(self, role, name):
        """A click on a row that is then selected."""
        self._click_until(role, name, self.is_selected)

    def focus(self, role, name):
        """A click into it that brings the keyboard there. The pointer then rests where it points at nothing."""
        self._click_until(role, name, self.is_focused)
        self._screen.xdotool("mousemove", 0, 0)

    def _click_until(self, role, name, is_done):
        def click():
            self._screen.xdotool("mousemove", *self.resting_place(role, name), "click", 1)

        self._until(f"a click on {role} {name!r}", click, lambda: self.asks(role, name, is_done))

    def tab_to(self, role, name):
        """Takes the keyboard there, from one thing to the next."""

        def focused():
            found = [node for node in self._walk() if self.is_focused(node)]
            return (found[-1].get_role_name(), found[-1].get_name()) if found else None

        def next_focused():
            now = focused()
            return now if now != passed[-1] else None

        passed = [focused()]
        while passed[-1] != (role, name):
            assert passed.count(passed[-1]) < 3, f"Tab does not lead to {role} {name!r} but to {passed}"
            passed.append(self.key_until("the keyboard to go on", "Tab", next_focused))

    def key(self, name):
        self._screen.xdotool("key", name)

    def key_until(self, what, name, ask):
        """For a key that may come before it counts. What is asked for may only follow from it."""
        return self._until(what, lambda: self.key(name), ask)


class Luthien:
    """The program with its window, its data in a folder of its own. Flows are made of this."""

    def __init__(self, screen, options, config="", folder="data"):
        self.screen, self.work, self.pictures = screen, options.work, options.pictures
        self._programs, self._inside = options.programs, options.inside
        self._data = ["--data-dir", str(self.work / folder)]
        self._log = self.work / f"{folder}.log"
        if config:
            (self.work / "config.yaml").write_text(config)
            self._data += ["--config", str(self.work / "config.yaml")]
        self.open()

    def open(self):
        self.process = self.screen.start_program(self.command(), self._log)
        self.window = Window(self.screen, "luthien")

    def command(self):
        """What starts the window."""
        return self._command("luthien", *self._data, "--listen", "127.0.0.1:0")

    def _command(self, program, *words):
        return [*self._inside, str(self._programs / program), *words]

    def luthiend(self, *words):
        """What the command says, over the same data."""
        return subprocess.run(self._command("luthiend", *words, *self._data), check=True, capture_output=True,
                              text=True).stdout

    def address(self):
        """Where the proxy takes calls, as the window tells once it does."""
        tells = "The proxy listens at "
        return "http://" + self.window.wait("push button", lambda name: name.startswith(tells)).get_name()[len(tells):]

    def frame(self):
        """The X server's name of the window; None while it is not shown."""
        found = self.screen.ask_xdotool("search", "--onlyvisible", "--pid", self.process.pid)
        return found[-1] if found else None

    def is_in_front(self):
        return self.screen.ask_xdotool("getactivewindow") == [self.frame()]

    def picture(self, name):
        self.window.picture(self.pictures / f"{type(self).__name__.lower()}-{name}.png")

    def export(self, form, file, picture):
        """The session that is shown, with a picture of how that ended."""
        self.window.click("push button", lambda name: name.startswith("Export…"))
        self.window.click("radio button", f"Format: {form}")
        self.window.enter("File", str(file))
        self.window.click("push button", "Export")
        self.window.wait("push button", "Done")
        self.picture(picture)
        self.window.click("push button", "Done")
        self.window.gone("push button", "Done")

    def leave(self, key):
        """Ends the program by a key, and not otherwise."""
        # The window manager misses one now and then; a person would press again.
        for _ in range(12):
            self.window.key(key)
            try:
                assert self.process.wait(10) == 0, self._log.read_text()
                return
            except subprocess.TimeoutExpired:
                continue
        raise AssertionError("the program does not end")


def run(description, make, *steps):
    """The main of a flow: makes it on a screen of its own and takes the steps, each a function of what was made. A step
    that fails leaves a picture of the screen, and says what was on it."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("programs", type=Path)
    parser.add_argument("work", type=lambda folder: Path(folder).resolve())
    parser.add_argument("--pictures", type=lambda folder: Path(folder).resolve())
    parser.add_argument("--inside", type=shlex.split, default=[], help="what runs the programs, as in 'chroot ROOT'")
    options = parser.parse_args()
    options.pictures = options.pictures or options.work
    shutil.rmtree(options.work, ignore_errors=True)
    (options.work / "home").mkdir(parents=True)
    os.environ["HOME"] = str(options.work / "home")
    # A keyring that nobody has set up would ask for a password, in a window above ours.
    os.environ["LUTHIEN_SECRETS"] = "off"
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "http_proxy", "HTTP_PROXY"):
        os.environ.pop(name, None)
    with Screen() as screen:
        made = make(screen, options)
        for step in steps:
            began = time.monotonic()
            try:
                step(made)
            except BaseException:
                screen.picture(options.work / "failed.png")
                print(f"{step.__name__}: failed, see {options.work / 'failed.png'}; there was\n{made.window.describe()}")
                raise
            print(f"{step.__name__}: {time.monotonic() - began:.1f} s", flush=True)
