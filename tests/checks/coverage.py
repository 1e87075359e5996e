#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Line coverage of core/ and app/ against the committed number, which may only rise.

Usage: coverage.py BUILD_DIRECTORY, after the tests of an instrumented build have run.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import source_tree

COMMITTED = source_tree.ROOT / "tests/checks/coverage.txt"
# Runs differ a little in what timing lets them reach.
TOLERANCE_PERCENT = 0.2
WORTH_COMMITTING_PERCENT = 0.5


def measure(build: Path) -> dict:
    command = ["gcovr", "--root", str(source_tree.ROOT), "--filter", "core/", "--filter", "app/"]
    command += ["-j", str(os.cpu_count()), "--json-summary", "-", str(build)]
    done = subprocess.run(command, cwd=source_tree.ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"coverage: gcovr failed: {done.stderr.strip()}")
    return json.loads(done.stdout)


def verdict(measured: float, committed: float) -> tuple[str, bool]:
    """The line to print, and whether the ratchet holds."""
    line = f"coverage: {measured:.1f} % of the lines of core/ and app/, committed {committed:.1f} %"
    if measured < committed - TOLERANCE_PERCENT:
        return f"{line}: it fell, cover what is new", False
    if measured >= committed + WORTH_COMMITTING_PERCENT:
        return f"{line}: it rose, write {measured:.1f} into {COMMITTED.relative_to(source_tree.ROOT)}", True
    return line, True


def main() -> None:
    summary = measure(Path(sys.argv[1]))
    for file in sorted(summary["files"], key=lambda row: row["line_covered"] - row["line_total"])[:10]:
        missed = file["line_total"] - file["line_covered"]
        print(f"coverage: {missed:5d} lines of {file['line_total']:5d} not reached in {file['filename']}")
    line, holds = verdict(summary["line_percent"], float(COMMITTED.read_text()))
    print(line)
    sys.exit(0 if holds else 1)


if __name__ == "__main__":
    main()
