#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares every include, every linked target and every QML import with arrows.txt."""

import re
from pathlib import Path
from typing import Iterator

import source_tree

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.M)
OWN_TARGET = re.compile(r"\bLuthien::(\w+)")
QT_TARGET = re.compile(r"\bQt6::(\w+)")
QML_IMPORT = re.compile(r'^\s*import\s+("?)([\w./]+)', re.M)
SCREEN_MODULES = ("Gui", "Widgets", "Quick", "QuickControls2", "QuickTest", "OpenGL", "Svg")
# The pages know each other only through the shell.
QML_SHARED = ("Luthien.Theme", "Luthien.Controls", "Luthien.Desktop")


def reachable(arrows: dict[str, str]) -> dict[str, set[str]]:
    """Each folder with everything its arrows lead to."""
    result: dict[str, set[str]] = {}

    def follow(folder: str) -> set[str]:
        if folder not in result:
            result[folder] = {folder, "core/base"}
            for target in arrows[folder].split():
                result[folder] |= follow(target)
        return result[folder]

    for folder in arrows:
        follow(folder)
    return result


def folder_of(path: str, folders: dict[str, set[str]]) -> str | None:
    """The longest folder of the table that holds `path`."""
    holders = [folder for folder in folders if path.startswith(folder + "/")]
    return max(holders, key=len, default=None)


def resolve(root: Path, including: Path, name: str) -> str | None:
    for base in (root / "core", root / "app", including.parent):
        if (base / name).is_file():
            return str((base / name).resolve().relative_to(root.resolve()))
    return None


def has_screen(folder: str) -> bool:
    return folder == "app/desktop"


def include_violations(root: Path, allowed: dict[str, set[str]]) -> Iterator[str]:
    for path in source_tree.files(root, ("core", "app"), ".cpp", ".h"):
        own = str(path.relative_to(root))
        folder = folder_of(own, allowed)
        if folder is None:
            yield f"{own}: its folder is not in arrows.txt"
            continue
        for bracket, name in INCLUDE.findall(path.read_text()):
            if bracket == "<":
                module = re.match(r"Qt(\w+)/", name)
                if module and module[1] in SCREEN_MODULES and not has_screen(folder):
                    yield f"{own}: includes <{name}>, but only app/desktop may draw"
                continue
            target = resolve(root, path, name)
            if target is None:
                if not name.endswith(".moc"):
                    yield f'{own}: "{name}" is no file of core/ or app/ (use <> for others)'
            elif folder_of(target, allowed) not in allowed[folder]:
                yield f"{own}: {folder} may not include {target}"


def link_violations(root: Path, allowed: dict[str, set[str]]) -> Iterator[str]:
    targets = {folder.split("/", 1)[1].replace("/", "_"): folder for folder in allowed}
    for path in source_tree.files(root, ("core", "app"), ".txt"):
        own = str(path.relative_to(root))
        folder = folder_of(own, allowed)
        if folder is None:
            continue
        text = path.read_text()
        for name in OWN_TARGET.findall(text):
            if targets.get(name) not in allowed[folder]:
                yield f"{own}: {folder} may not link Luthien::{name}"
        for name in QT_TARGET.findall(text):
            if name in SCREEN_MODULES and not has_screen(folder):
                yield f"{own}: {folder} may not link Qt6::{name}"


def qml_violations(root: Path) -> Iterator[str]:
    for path in source_tree.files(root, ("qml",), ".qml"):
        own = str(path.relative_to(root))
        module = path.relative_to(root / "qml").parts[0]
        for quote, name in QML_IMPORT.findall(path.read_text()):
            if quote:
                yield f'{own}: imports "{name}" by path, import the module instead'
            elif name.startswith("Luthien.") and name not in (*QML_SHARED, f"Luthien.{module}") and module != "Shell":
                yield f"{own}: {module} may not import {name}"


def violations(root: Path) -> Iterator[str]:
    allowed = reachable(source_tree.table(root / "tests/checks/arrows.txt", "->"))
    yield from include_violations(root, allowed)
    yield from link_violations(root, allowed)
    yield from qml_violations(root)


if __name__ == "__main__":
    source_tree.main(violations)
