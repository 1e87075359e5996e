# SPDX-License-Identifier: Apache-2.0
"""What the window has exported, as somebody else would check it."""

import hashlib
import json


def records(file):
    """Of an export as JSON lines: every line is JSON, and the last one holds the sum of those before it."""
    *lines, end = file.read_bytes().splitlines(keepends=True)
    end = json.loads(end)
    assert (end["type"], end["sha256"]) == ("end", hashlib.sha256(b"".join(lines)).hexdigest()), end
    found = [json.loads(line) for line in lines]
    assert found[0]["type"] == "session", found[0]
    return found
