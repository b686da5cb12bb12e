# tries: lock every shared file that the others read, and keep it locked
# copies: 2
# %% first
import fcntl
import sys

held = []
for top in (sys.prefix, "/usr/lib/locale", "/etc"):
    for path, _ in walk(top, depth=8, seconds=1):
        try:
            handle = os.open(path, os.O_RDONLY)
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            held.append(handle)
        except OSError:
            pass
        if len(held) > 50:
            break
