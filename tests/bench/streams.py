#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Many streams at once through luthiend: none fails, each event is in the record, and what a stream costs in memory."""

import argparse
import json
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Iterator

from processes import Luthien, Upstream, finish_load, machine, scratch, start_load

EVENTS_PER_SECOND = 20


def lines_of(programs: Path, folder: Path, *arguments: str) -> Iterator[dict]:
    command = [str(programs / "luthiend"), *arguments, "--data-dir", str(folder / "data")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        yield from map(json.loads, child.stdout)
    if child.returncode != 0:
        raise SystemExit(f"luthiend {arguments[0]} failed")


def recorded(programs: Path, folder: Path) -> tuple[int, int]:
    """Calls that ended well, and text events in them, as the exports of all sessions tell."""
    completed = texts = 0
    for session in list(lines_of(programs, folder, "sessions", "--json", "--limit", "500")):
        export = ("export", "--session", session["id"], "--format", "jsonl", "--output", "-")
        for row in lines_of(programs, folder, *export):
            completed += row["type"] == "call" and row["status"] == "completed"
            texts += row["type"] == "event" and row["kind"] == "text" and row["direction"] == "received"
    return completed, texts


def main() -> None:
    parser = argparse.ArgumentParser(prog="./dev bench streams")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--streams", type=int, default=1000)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--programs", type=Path, required=True)
    parser.add_argument("--tools", type=Path, required=True)
    arguments = parser.parse_args()

    with ExitStack() as stack:
        folder = Path(stack.enter_context(scratch()))
        upstream = stack.enter_context(Upstream(arguments.tools, EVENTS_PER_SECOND, arguments.seconds))
        with Luthien(arguments.programs, upstream.port, folder) as luthien:
            idle = luthien.memory_kib()
            load = start_load(arguments.tools, "streams", luthien.port, arguments.streams, arguments.seconds + 30)
            time.sleep(1 + arguments.seconds / 2)
            busy = luthien.memory_kib()
            result = finish_load(load)
        code = luthien.child.returncode
        completed, texts = recorded(arguments.programs, folder)

    wanted = arguments.streams * EVENTS_PER_SECOND * arguments.seconds
    row = {"streams": arguments.streams, "seconds": arguments.seconds, "errors": result["errors"],
           "events_at_client": result["events"], "calls_recorded": completed, "events_recorded": texts,
           "events_sent": wanted, "delay_p50_us": result["p50_us"], "delay_p99_us": result["p99_us"],
           "kib_per_stream": round((busy["Pss_Anon"] - idle["Pss_Anon"]) / arguments.streams, 2),
           "kib_per_stream_with_mapped_files": round((busy["Pss"] - idle["Pss"]) / arguments.streams, 2)}
    report = {"machine": machine(), "rows": [row], "ratios": {}}
    print(json.dumps(report) if arguments.json else "\n".join(f"{key} {value}" for key, value in row.items()))
    whole = result["errors"] == 0 and result["events"] == wanted and (completed, texts) == (arguments.streams, wanted)
    if not whole or code != 0:
        print(f"streams were lost or not recorded, or luthiend ended with {code}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
