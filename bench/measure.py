"""Runs a command and prints, as its last line, what it and its children cost: CPU seconds, greatest RSS of one process, status.

    measure.py [--seconds N] COMMAND...     ends it with SIGTERM after N seconds; so does a line on stdin, or its end
"""

import json
import resource
import signal
import subprocess
import sys
import threading
import time

arguments = sys.argv[1:]
seconds = None
if arguments[0] == "--seconds":
    seconds = float(arguments[1])
    arguments = arguments[2:]
began = time.monotonic()
child = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def stop():
    child.send_signal(signal.SIGTERM)


def stop_when_told():
    # Also when whoever measures is gone.
    sys.stdin.readline()
    stop()


if seconds is not None:
    threading.Timer(seconds, stop).start()
else:
    threading.Thread(target=stop_when_told, daemon=True).start()
status = child.wait()
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(
    json.dumps(
        {
            "cpuSeconds": used.ru_utime + used.ru_stime,
            "wallSeconds": time.monotonic() - began,
            "rssBytes": used.ru_maxrss * 1024,
            "status": status,
        }
    ),
    flush=True,
)
