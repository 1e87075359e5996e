#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""No analyser is told to look away and no test is skipped: the code is changed instead."""

import re
from pathlib import Path
from typing import Iterator

import source_tree

SUFFIXES = (".cpp", ".h", ".qml", ".js", ".mjs", ".py", ".sh")
SUPPRESSION = re.compile(
    r"\bNOLINT|qmllint\s+disable|diagnostic\s+ignored|\bQSKIP\b|clang-format\s+off|shellcheck\s+disable"
    r"|\b(?:test|it|describe|t)\.(?:skip|todo)\b|unittest\.skip|\bskipTest\b"
    r"|\bnoqa\b|type:\s*ignore|eslint-disable|GCOVR?_EXCL|LCOV_EXCL"
)


def violations(root: Path) -> Iterator[str]:
    scripts = [path for path in (root / "dev", root / ".ci/run") if path.is_file()]
    for path in [*source_tree.files(root, source_tree.CODE_FOLDERS, *SUFFIXES), *scripts]:
        own = path.relative_to(root)
        if own.parts[:2] == ("tests", "checks"):
            continue  # the checks name what they look for
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if SUPPRESSION.search(line):
                yield f"{own}:{number}: {line.strip()}"


if __name__ == "__main__":
    source_tree.main(violations)
