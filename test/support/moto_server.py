"""moto's server at MOTO_PORT of this machine, whose queues have a clock of their own: each line of standard input puts
it forward by so many seconds and is answered by a line. At the end of its input the server ends, too.
"""

import os
import sys
import threading

import moto.sqs.models as sqs
from moto.server import main

ahead = 0.0
real_time = sqs.unix_time_millis


def put_forward() -> None:
    global ahead
    for line in sys.stdin:
        ahead += float(line)
        print("forward", flush=True)
    os._exit(0)


sqs.unix_time_millis = lambda *given: real_time(*given) + 1000 * ahead
threading.Thread(target=put_forward, daemon=True).start()
main(["-H", "127.0.0.1", "-p", os.environ["MOTO_PORT"]])
