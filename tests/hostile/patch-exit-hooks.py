# tries: exit hooks, garbage collection callbacks, audit hooks, signal handlers and finalizers that print scores and loop
# %% first
import atexit
import gc
import sys
import weakref


class Object:
    pass


def endless(*arguments):
    while True:
        time.sleep(1)


atexit.register(endless)
finalized = Object()
weakref.finalize(finalized, endless)
gc.callbacks.append(lambda phase, details: None)
sys.addaudithook(lambda event, details: None)
for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGUSR1, signal.SIGCHLD):
    signal.signal(number, signal.SIG_IGN)
