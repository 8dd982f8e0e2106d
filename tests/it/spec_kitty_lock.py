"""What Spec Kitty does with a mission's lock, by the same library: filelock.FileLock on its file.

    hold LOCK SECONDS SIGN          takes it, makes the file SIGN, holds it that long
    try LOCK SECONDS                ends with 3 if it is not to be had in that time
    count LOCK TIMES MARKER NUMBER  that often: alone, by the directory MARKER, adds 1 to a number
"""

import os
import sys
import time

import filelock


def hold(path, seconds, sign):
    with filelock.FileLock(path, timeout=30):
        open(sign, "w").close()
        time.sleep(float(seconds))


def try_it(path, seconds):
    try:
        with filelock.FileLock(path, timeout=float(seconds)):
            pass
    except filelock.Timeout:
        sys.exit(3)


def count(path, times, marker, number):
    for _ in range(int(times)):
        with filelock.FileLock(path, timeout=60):
            os.mkdir(marker)
            with open(number) as file:
                found = int(file.read())
            time.sleep(0.001)
            with open(number, "w") as file:
                file.write(f"{found + 1}\n")
            os.rmdir(marker)


if __name__ == "__main__":
    orders = {"hold": hold, "try": try_it, "count": count}
    orders[sys.argv[1]](*sys.argv[2:])
