#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""No text item that could read markup: rich text loads remote images, and in a Button it crashes Qt 6.4.

Text, Label and TextEdit say PlainText themselves. Qt's own controls draw their text as they like, so they
are used only inside qml/Controls, where each gets a contentItem of ours.
"""

import re
from pathlib import Path
from typing import Iterator

import source_tree

TEXT_ITEMS = ("Text", "Label", "TextEdit")
MARKUP_CONTROLS = (
    "Button ToolButton RoundButton DelayButton TabButton ItemDelegate CheckDelegate RadioDelegate SwitchDelegate "
    "SwipeDelegate MenuItem Menu Action MenuBarItem CheckBox RadioButton Switch GroupBox ToolTip TextField Dialog"
).split()
OBJECT = re.compile(r"(?<![\w.])([A-Z]\w*)(?:\s+on\s+\w+)?\s*\{")
PLAIN = re.compile(r"^\s*textFormat:\s*(?:Text|TextEdit|Label)\.PlainText\s*$", re.M)


def block(text: str, start: int) -> str:
    """From the brace at `start` to its partner, without the blocks inside it."""
    depth, kept = 0, []
    for character in text[start:]:
        depth += (character == "{") - (character == "}")
        if depth == 0:
            break
        if depth == 1:
            kept.append(character)
    return "".join(kept)


def without_comments_and_strings(text: str) -> str:
    pattern = r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
    return re.sub(pattern, lambda match: "\n" * match[0].count("\n"), text, flags=re.S)


def violations(root: Path) -> Iterator[str]:
    paths = list(source_tree.files(root, ("qml",), ".qml"))
    ours = {path.stem for path in paths}
    for path in paths:
        own = path.relative_to(root)
        text = without_comments_and_strings(path.read_text())
        qt_controls = re.search(r"^\s*import\s+QtQuick\.Controls(?:\.\w+)?\s*$", text, re.M)
        for match in OBJECT.finditer(text):
            kind, line = match[1], text.count("\n", 0, match.start()) + 1
            if kind in TEXT_ITEMS and kind not in ours:
                if not PLAIN.search(block(text, match.end() - 1)):
                    yield f"{own}:{line}: {kind} without textFormat: Text.PlainText"
            elif kind in MARKUP_CONTROLS and kind not in ours and own.parts[1] != "Controls":
                yield f"{own}:{line}: Qt's {kind} reads markup, use one of qml/Controls"
            elif kind in ours and kind in (*MARKUP_CONTROLS, *TEXT_ITEMS) and qt_controls:
                yield f"{own}:{line}: {kind} could be Qt's or ours, import QtQuick.Controls under a name"
        for match in re.finditer(r"\bToolTip\.(?:text|show)\b", text):
            yield f"{own}:{text.count(chr(10), 0, match.start()) + 1}: the attached ToolTip reads markup"


if __name__ == "__main__":
    source_tree.main(violations)
