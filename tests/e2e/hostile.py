#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""More than 2,000 hostile texts and lines of 1 MB, recorded through the real proxy and shown in the window: in the list,
the conversation, the inspector and the search. What the window asks the system for meanwhile is watched: it connects to
nothing but the desktop and opens no file that is not its own or the system's. That this can be seen at all is shown with
a careless text item first.
usage: hostile.py PROGRAMS WORK_FOLDER"""

import json
import os
import re
import socket
import subprocess
import threading
from pathlib import Path

import hostile_texts
from agents import Call, Provider, text
from desktop import Luthien, run

LINE = 1_000_000
READER = "Read all of it"
WATCH = ["strace", "-f", "-I", "1", "--seccomp-bpf", "-y", "-qq", "-s", "200", "-e", "trace=network,open,openat,openat2"]
# Where the window may look once it runs: what Qt, fonts and the desktop keep, and the system's account of it.
SYSTEM = ("/usr/", "/lib/", "/etc/fonts", "/etc/ld.so.cache", "/etc/localtime", "/etc/machine-id", "/proc/self/",
          "/proc/sys/", "/sys/", "/dev/", "/var/cache/fontconfig", "/var/lib/dbus/machine-id")


class Canary:
    """A server and a file that nobody has a reason to ask for."""

    def __init__(self, folder):
        self.file = folder / "canary" / "x.png"
        self.file.parent.mkdir()
        self.file.write_bytes(b"not a picture")
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.server = f"http://127.0.0.1:{self.port}"
        self.asked = 0
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self):
        while True:
            self._listener.accept()[0].close()
            self.asked += 1


class Watched:
    """What a program asked the system for, as strace writes it."""

    def __init__(self, log):
        self.log = log

    def command(self):
        return [*WATCH, "-o", str(self.log)]

    def size(self):
        return self.log.stat().st_size

    def connects(self, since=0):
        """Where to: host and port, or the path of a socket; and what was sent without connecting."""
        found = set()
        for call in self._calls(since):
            if not re.match(r"(connect|sendto|sendmsg|sendmmsg)\(", call):
                continue
            for port, host in re.findall(r"sin6?_port=htons\((\d+)\).*?inet_(?:addr|pton)\((?:AF_INET6, )?\"([^\"]+)\"", call):
                found.add(f"{host}:{port}")
            found.update(re.findall(r"^connect\(.*sun_path=@?\"([^\"]+)\"", call))
        return found

    def opens(self, since=0):
        """Whole paths: what is named from a folder, from that folder on."""
        found = set()
        for call in self._calls(since):
            if named := re.match(r"open(?:at2?)?\((?:[^,<\"]*(?:<([^>]*)>)?, )?\"([^\"]*)\"", call):
                folder, path = named.groups()
                found.add(os.path.normpath(os.path.join(folder or os.getcwd(), path)))
        return found

    def _calls(self, since):
        with open(self.log, errors="replace") as file:
            file.seek(since)
            for line in file:
                yield line.partition(" ")[2].lstrip()


def request(said, **more):
    return {"model": "m", "max_tokens": 100, "messages": [{"role": "user", "content": said}], **more}


def judged(said):
    """In the place of a model, a message, the arguments of a tool and its result."""
    call = {"type": "tool_use", "id": "toolu_1", "name": "Bash", "input": {"command": said}}
    return {"model": said[:100] or "m", "max_tokens": 100, "messages": [
        {"role": "user", "content": said}, {"role": "assistant", "content": [call]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": said}]}]}


class Hostile(Luthien):
    def __init__(self, screen, options):
        self.canary = Canary(options.work)
        self.texts = hostile_texts.texts(self.canary.server, self.canary.file)
        assert len(self.texts) > 2000, len(self.texts)
        self.provider = Provider(self.answers)
        self.watched = Watched(options.work / "window.strace")
        (options.work / "data").mkdir()
        # It begins at a page without a word of theirs, so that what it opens at the start is told from the rest.
        (options.work / "data" / "window.ini").write_text("[window]\npage=settings\n")
        self.record(options)
        options.inside = [*options.inside, *self.watched.command()]
        super().__init__(screen, options, self.provider.config())

    def answers(self, request):
        said = request["messages"][-1]["content"]
        if isinstance(said, list):
            said = said[-1]["content"]
        if said == READER:
            return [text(each) for each in self.texts]
        return [{"type": "thinking", "thinking": said, "signature": ""}, text(said), text("x" * LINE if said == "long" else said),
                {"type": "tool_use", "id": "toolu_2", "name": "Bash", "input": {"command": said, said[:60]: [said]}}]

    # --- the steps ---

    def a_careless_text_is_seen(self):
        page = self.work / "tst_careless.qml"
        page.write_text("import QtQuick\nimport QtTest\nTestCase {\n    name: 'Careless'\n    when: windowShown\n"
                        f"    Text {{\n        id: text\n        text: \"<img src='{self.canary.server}/x.png'>"
                        f"<img src='file://{self.canary.file}'>\"\n    }}\n    function test_shown() {{\n        wait(1500);\n    }}\n}}\n")
        watched = Watched(self.work / "careless.strace")
        subprocess.run([*watched.command(), "/usr/lib/qt6/bin/qmltestrunner", "-platform", "offscreen", "-input", str(page)],
                       check=True, capture_output=True)
        assert f"127.0.0.1:{self.canary.port}" in watched.connects(), watched.connects()
        assert str(self.canary.file) in watched.opens(), "the file of an image"
        (self.work / "named.strace").write_text('1 openat(AT_FDCWD</a/b>, "c", O_RDONLY) = 3</a/b/c>\n1 openat(3</a>, "../d", 0) = 4\n'
                                                '1 open("/e", O_RDONLY) = 5\n')
        assert Watched(self.work / "named.strace").opens() == {"/a/b/c", "/d", "/e"}, "whole paths"
        assert self.canary.asked > 0
        self.canary.asked = 0

    def is_recorded(self):
        self.window.wait("heading", "Settings")
        self.address()
        self.start = self.watched.size()

    def record(self, options):
        """Without a window: all that the proxy sends would be watched as well."""
        config = options.work / "record.yaml"
        config.write_text(self.provider.config())
        command = [str(options.programs / "luthiend"), "serve", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0",
                   "--config", str(config), "--data-dir", str(options.work / "data")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            proxy = json.loads(server.stdout.readline())["proxy"]
            waiting = [Call(proxy, request(said), session) for session, said in (("reader", READER), ("long", "long"))]
            for number, said in enumerate(self.texts):
                waiting.append(Call(proxy, judged(said), f"hostile-{number}"))
                if len(waiting) == 8:
                    waiting.pop(0).reply()
            for each in waiting:
                each.reply()
            server.terminate()

    def walk(self, key, times):
        """Presses it again and again; what it leads through has been drawn when the window answers again."""
        self.screen.xdotool("key", "--delay", 25, *[key] * times)
        self.window.wait("status bar", "Status")

    def is_listed(self):
        self.window.key("ctrl+1")
        self.window.wait("list", "Sessions")
        self.window.focus("list", "Sessions")
        self.window.key("Home")
        # A page has seven rows at least.
        self.walk("Next", len(self.texts) // 7)
        self.window.key("Home")
        self.walk("Down", 40)  # conversations of their own, too

    def is_read(self):
        self.open_call(READER)
        self.window.key("g")
        self.walk("Next", 600)
        self.window.key("i")
        for tab in ("Request", "Response", "Raw"):
            self.window.click(None, tab)
            self.walk("Next", 40)
        self.window.key("Escape")
        self.open_call("long")
        self.walk("Prior", 60)

    def open_call(self, said):
        """By its words: the search shows texts as well."""
        self.window.key("ctrl+5")
        self.window.enter("Words to search for", said)
        self.window.wait("list item", lambda name: name.startswith("Asked in"))
        self.window.key("Down")
        self.window.key("Return")
        self.window.wait("list", "Conversation")

    def is_found(self):
        self.window.key("ctrl+5")
        self.window.enter("Words to search for", "src")
        self.window.wait("list item", lambda name: " in " in name)
        self.walk("Next", 60)

    def nothing_was_asked_for(self):
        assert self.process.poll() is None, "the window has ended"
        assert self.canary.asked == 0, f"the canary was asked {self.canary.asked} times"
        own = {f"127.0.0.1:{self.provider.server_port}"}
        strangers = {each for each in self.watched.connects() if not each.startswith("/") and each not in own}
        assert not strangers, f"it connected to {strangers}"
        sockets = {each for each in self.watched.connects(self.start) if each.startswith("/")}
        assert not sockets, f"it looked for {sockets}"
        opened = self.watched.opens(self.start)
        own = (self.work / "data", self.work / "home")
        foreign = {path for path in opened if not path.startswith(SYSTEM) and
                   not any(Path(path).is_relative_to(folder) for folder in own)}
        assert not foreign, f"it opened {foreign}"
        print(f"{len(self.texts)} texts, {len(opened)} files of its own and the system's, no connection")

    def ends(self):
        self.leave("ctrl+q")


if __name__ == "__main__":
    run(__doc__, Hostile, Hostile.a_careless_text_is_seen, Hostile.is_recorded, Hostile.is_listed, Hostile.is_found,
        Hostile.is_read, Hostile.nothing_was_asked_for, Hostile.ends)
