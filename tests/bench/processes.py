# SPDX-License-Identifier: Apache-2.0
"""The programs a benchmark runs, and what it costs to run them."""

import json
import os
import platform
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

PROXY_CORE, LOAD_CORE = "0", "1"


def pinned(core: str, command: list[str]) -> list[str]:
    return ["taskset", "-c", core, *command] if os.cpu_count() > 1 else command


class Process:
    """A child that is ended with the block it is used in."""

    def __init__(self, command: list[str], **options):
        self.child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.child.terminate()
        try:
            self.child.wait(20)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()

    def pids(self) -> list[int]:
        children = Path(f"/proc/{self.child.pid}/task/{self.child.pid}/children").read_text().split()
        return [self.child.pid, *map(int, children)]

    def cpu_seconds(self) -> dict[str, float]:
        """CPU time used so far by thread name; threads of one name are added up."""
        times: dict[str, float] = {}
        for pid in self.pids():
            for task in Path(f"/proc/{pid}/task").iterdir():
                name = (task / "comm").read_text().strip()
                times[name] = times.get(name, 0) + int((task / "schedstat").read_text().split()[0]) / 1e9
        return times

    def memory_kib(self) -> dict[str, int]:
        """Proportional set size, whole and without files (the journal is mapped)."""
        sums = {"Pss": 0, "Pss_Anon": 0}
        for pid in self.pids():
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                name, _, value = line.partition(":")
                if name in sums:
                    sums[name] += int(value.split()[0])
        return sums


class Upstream(Process):
    def __init__(self, tools: Path, events_per_second: int, seconds: int):
        super().__init__(pinned(LOAD_CORE, [str(tools / "bench_upstream"), str(events_per_second), str(seconds)]))
        self.port = int(self.child.stdout.readline())


class Luthien(Process):
    """luthiend with one worker and recording on."""

    def __init__(self, programs: Path, upstream_port: int, folder: Path, control: str = "off"):
        config = folder / "config.yaml"
        config.write_text(
            "workers: 1\n"
            "upstreams:\n"
            f"  - {{name: openai, base_url: 'http://127.0.0.1:{upstream_port}', api: openai, credential: passthrough}}\n"
        )
        self.log = open(folder / "luthiend.log", "w")
        command = [str(programs / "luthiend"), "serve", "--data-dir", str(folder / "data"), "--config", str(config)]
        command += ["--listen", "127.0.0.1:0", "--control", control]
        super().__init__(pinned(PROXY_CORE, command), stderr=self.log)
        line = self.child.stdout.readline()
        if not line:
            raise SystemExit(f"luthiend did not start: {(folder / 'luthiend.log').read_text().strip()}")
        self.ready = json.loads(line)
        self.port = int(self.ready["proxy"].rsplit(":", 1)[1])

    def get(self, path: str) -> dict:
        token = Path(self.ready["token_file"]).read_text().strip()
        request = urllib.request.Request(self.ready["control"] + path, headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)


NGINX = """
daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr error;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  keepalive_requests 10000000;
  upstream provider {{ server 127.0.0.1:{upstream}; keepalive 128; keepalive_requests 10000000; }}
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location / {{
      proxy_pass http://provider; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off;
    }}
  }}
}}
"""


class Nginx(Process):
    """The yardstick: keep-alive upstream, no buffering, no log, one worker."""

    def __init__(self, upstream_port: int, folder: Path):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        config = folder / "nginx.conf"
        config.write_text(NGINX.format(folder=folder, upstream=upstream_port, port=self.port))
        super().__init__(pinned(PROXY_CORE, ["nginx", "-c", str(config), "-p", str(folder)]))
        wait_for_port(self.port)


def wait_for_port(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"nothing listens on port {port}")


def start_load(tools: Path, kind: str, port: int, connections: int, seconds: int) -> subprocess.Popen:
    command = [str(tools / "bench_load"), kind, str(port), str(connections), str(seconds)]
    return subprocess.Popen(pinned(LOAD_CORE, command), stdout=subprocess.PIPE, text=True)


def finish_load(load: subprocess.Popen) -> dict:
    out, _ = load.communicate()
    return json.loads(out)


def machine() -> dict:
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "")
    return {"cpu": model, "cores": os.cpu_count(), "kernel": platform.release(), "load_before": os.getloadavg()[0]}


def scratch() -> tempfile.TemporaryDirectory:
    return tempfile.TemporaryDirectory(prefix="luthien-bench-")
