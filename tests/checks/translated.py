#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whatever a person reads in the window, or is told by a screen reader, goes through qsTr.

In what is said, each text with two letters does; elsewhere each that reads like a sentence.
"""

import re
from pathlib import Path
from typing import Iterator

import source_tree

SAID = "text title placeholderText label heading explanation Accessible.name Accessible.description".split()
# Names of fonts and keys, and what an agent or a person types, are the same in every language.
SAME = {"Inter", "JetBrains Mono", "Del", "Bash", "rm -rf build", "All done.", "drop table", r'\"drop table\"'}
BINDING = re.compile(r"^(?P<indent>\s*)(?:(?:readonly )?property string )?(?P<name>[\w.]+): (?P<value>.*)$")
TEXT = r'"(?:\\.|[^"\\\n])*"'
# Translated, only compared, or a comment.
PASSED = re.compile(rf"\bqsTr\((?:{TEXT}(?:, )?)+|[!=]==? {TEXT}|case {TEXT}:|(?<!:)//.*")
LITERAL = re.compile(TEXT)
WORD = re.compile(r"[^\W\d_]{2}")
SENTENCE = re.compile(r"[^\W\d_]{2,} [^\W\d_]{2,}|^[A-Z][a-z]+$")


def lines(text: str) -> Iterator[tuple[int, str, bool]]:
    """Number, line, and whether it belongs to what is said, also within the block that begins after its name."""
    end = None
    for number, line in enumerate(text.splitlines(), 1):
        match = BINDING.match(line)
        if end is None and match and match["name"] in SAID:
            if match["value"].endswith(("{", "[")):
                end = match["indent"] + ("}" if match["value"].endswith("{") else "]")
            yield number, line, True
        else:
            yield number, line, end is not None
            if end is not None and line.startswith(end):
                end = None


def violations(root: Path) -> Iterator[str]:
    for path in source_tree.files(root, ("qml",), ".qml"):
        for number, line, is_said in lines(path.read_text()):
            for literal in LITERAL.findall(PASSED.sub("", line)):
                words = literal[1:-1]
                if words not in SAME and (WORD if is_said else SENTENCE).search(words):
                    yield f"{path.relative_to(root)}:{number}: {literal} without qsTr"


if __name__ == "__main__":
    source_tree.main(violations)
