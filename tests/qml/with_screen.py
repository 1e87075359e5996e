#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a program on an X server of its own, with OpenGL drawn by the processor."""

import os
import subprocess
import sys


def main() -> int:
    read_end, write_end = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(write_end), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
                              pass_fds=(write_end,), stderr=subprocess.DEVNULL)
    os.close(write_end)
    try:
        with os.fdopen(read_end) as pipe:
            number = pipe.readline().strip()
        if not number:
            sys.exit("Xvfb did not start")
        environment = dict(os.environ, DISPLAY=f":{number}", QT_QPA_PLATFORM="xcb", QSG_RHI_BACKEND="opengl",
                           LIBGL_ALWAYS_SOFTWARE="1")
        environment.pop("QT_QUICK_BACKEND", None)
        return subprocess.run(sys.argv[1:], env=environment).returncode
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    sys.exit(main())
