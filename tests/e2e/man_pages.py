#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every command and every option that a program's --help names is in its manual page, and the page names no other.
usage: man_pages.py FOLDER_OF_THE_PROGRAMS FOLDER_OF_THE_PAGES"""

import re
import subprocess
import sys
from pathlib import Path

OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")


def help_of(program, *command):
    return subprocess.run([program, *command, "--help"], check=True, capture_output=True, text=True).stdout


def commands_of(program):
    """The words that stand first in the indented lines before the options."""
    head = help_of(program).split("\nOptions", 1)[0]
    return re.findall(r"^  ([a-z][a-z-]*)  ", head, re.MULTILINE)


def options_in_page(text):
    """Fl -name, as mdoc has long options; a lone dash ends the options."""
    return {"-" + word for word in re.findall(r"(?:^\.It |^\.|\s|\|\s?)Fl (?:\w , )?(-[a-z][a-z-]*)", text, re.MULTILINE)} | {
        "-" + word for word in re.findall(r"\| (-[a-z][a-z-]*)", text)}


def section(text, name):
    """What the page says about one command, up to the next heading."""
    found = re.search(rf"^\.Ss {re.escape(name)}$(.*?)(?=^\.S[sh] )", text, re.MULTILINE | re.DOTALL)
    return found.group(1) if found else None


def problems(program, page):
    text = page.read_text()
    common = set(OPTION.findall(help_of(program)))
    named = options_in_page(text)
    known = set(common)
    for command in commands_of(program):
        said = section(text, command)
        if said is None:
            yield f"{page.name}: has no section for '{command}'"
            continue
        options = set(OPTION.findall(help_of(program, command))) - common
        known |= options
        for option in sorted(options - options_in_page(said)):
            yield f"{page.name}: '{command}' lacks {option}"
        for option in sorted(options_in_page(said) - options - common):
            yield f"{page.name}: '{command}' has no {option}"
    for option in sorted(common - named):
        yield f"{page.name}: lacks {option}"
    for option in sorted(named - known):
        yield f"{page.name}: nothing has {option}"


def main():
    programs, pages = map(Path, sys.argv[1:])
    found = [each for name in ("luthien", "luthiend") for each in problems(programs / name, pages / f"{name}.1.in")]
    for each in found:
        print(each)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
