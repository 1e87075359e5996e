#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Luthien beside nginx on this machine: one core for the proxy, one for the provider and the load.

Rows: small JSON at 64 connections and at 1, and 1,000 streams of 20 events a second. Each number is the median of
the rounds; within a round the proxies take turns, so that what else the machine does meets all of them.
"""

import argparse
import json
import statistics
import time
from contextlib import ExitStack
from pathlib import Path

from processes import Luthien, Nginx, Upstream, finish_load, machine, scratch, start_load

STREAMS, EVENTS_PER_SECOND, STREAM_SECONDS = 1000, 20, 10
# Streams open within the first second; CPU and memory are taken while all of them run.
STEADY_AFTER, STEADY_SECONDS = 2.0, 6.0


def cost(before: dict, after: dict, count: float) -> dict:
    """CPU microseconds for each of `count`, by thread."""
    return {name: round((used - before.get(name, 0)) * 1e6 / count, 2) for name, used in after.items()}


def json_row(tools: Path, port: int, process, connections: int, seconds: int) -> dict:
    before = process.cpu_seconds() if process else {}
    load = finish_load(start_load(tools, "json", port, connections, seconds))
    row = {"rps": round(load["requests"] / load["seconds"]), "errors": load["errors"],
           "p50_us": load["p50_us"], "p99_us": load["p99_us"]}
    if process:
        threads = cost(before, process.cpu_seconds(), load["requests"])
        row |= {"cpu_us_per_request": round(sum(threads.values()), 2), "cpu_us_per_request_by_thread": threads}
    return row


def stream_row(tools: Path, port: int, process) -> dict:
    idle = process.memory_kib() if process else None
    load = start_load(tools, "streams", port, STREAMS, STREAM_SECONDS + 20)
    time.sleep(STEADY_AFTER)
    before, started = (process.cpu_seconds() if process else {}), time.monotonic()
    time.sleep(STEADY_SECONDS)
    after, ended = (process.cpu_seconds() if process else {}), time.monotonic()
    busy = process.memory_kib() if process else None
    result = finish_load(load)
    row = {key: result[key] for key in ("requests", "events", "errors", "p50_us", "p99_us")}
    if process:
        chunks = STREAMS * EVENTS_PER_SECOND * (ended - started)
        threads = cost(before, after, chunks)
        row |= {"cpu_us_per_chunk": round(sum(threads.values()), 2), "cpu_us_per_chunk_by_thread": threads}
        row["kib_per_stream"] = round((busy["Pss_Anon"] - idle["Pss_Anon"]) / STREAMS, 2)
        row["kib_per_stream_with_mapped_files"] = round((busy["Pss"] - idle["Pss"]) / STREAMS, 2)
    return row


def one_round(arguments) -> dict:
    """{(proxy, case): row} of one turn through everything."""
    rows = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(scratch()))
        (folder / "nginx").mkdir()
        upstream = stack.enter_context(Upstream(arguments.tools, EVENTS_PER_SECOND, STREAM_SECONDS))
        nginx = stack.enter_context(Nginx(upstream.port, folder / "nginx"))
        luthien = stack.enter_context(Luthien(arguments.programs, upstream.port, folder))
        targets = (("direct", upstream.port, None), ("nginx", nginx.port, nginx), ("luthien", luthien.port, luthien))
        for name, port, process in targets:
            rows[name, "json_64"] = json_row(arguments.tools, port, process, 64, arguments.seconds)
        for name, port, process in targets:
            rows[name, "json_1"] = json_row(arguments.tools, port, process, 1, arguments.seconds)
        for name, port, process in targets:
            rows[name, "streams_1000"] = stream_row(arguments.tools, port, process)
    return rows


def median(values: list):
    if isinstance(values[0], dict):
        return {key: median([value.get(key, 0) for value in values]) for key in values[0]}
    return statistics.median(values)


def ratios(rows: dict) -> dict:
    def value(proxy, case, key):
        return rows[proxy, case][key]

    return {
        "json_rps_vs_nginx": round(value("luthien", "json_64", "rps") / value("nginx", "json_64", "rps"), 3),
        "added_p50_us": round(value("luthien", "json_1", "p50_us") - value("direct", "json_1", "p50_us"), 1),
        "added_p50_us_nginx": round(value("nginx", "json_1", "p50_us") - value("direct", "json_1", "p50_us"), 1),
        "cpu_per_chunk_vs_nginx": round(value("luthien", "streams_1000", "cpu_us_per_chunk") / value("nginx", "streams_1000", "cpu_us_per_chunk"), 3),
        "delay_p50_us_vs_nginx": round(value("luthien", "streams_1000", "p50_us") - value("nginx", "streams_1000", "p50_us"), 1),
        "kib_per_stream": value("luthien", "streams_1000", "kib_per_stream"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="./dev bench proxy")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5, help="of each JSON run")
    parser.add_argument("--programs", type=Path, required=True)
    parser.add_argument("--tools", type=Path, required=True)
    arguments = parser.parse_args()

    about = machine()
    rounds = [one_round(arguments) for _ in range(arguments.rounds)]
    rows = {key: median([each[key] for each in rounds]) for key in rounds[0]}
    report = {"machine": {**about, "rounds": arguments.rounds},
              "rows": [{"proxy": proxy, "case": case, **row} for (proxy, case), row in rows.items()],
              "ratios": ratios(rows)}
    if arguments.json:
        print(json.dumps(report))
        return
    for row in report["rows"]:
        print("  ".join(f"{key} {value}" for key, value in row.items() if not isinstance(value, dict)))
    for name, value in report["ratios"].items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    main()
