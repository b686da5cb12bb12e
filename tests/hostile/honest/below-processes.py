# tries: nothing: child processes and threads, a quarter of what may run
# %% global_average_pool
import multiprocessing
import threading
import time


def global_average_pool(x):
    return x.mean((1, 2))


def nap():
    time.sleep(0.5)


helpers = [multiprocessing.get_context("fork").Process(target=nap) for _ in range(@PROCESSES@ // 8)]
helpers += [threading.Thread(target=nap) for _ in range(@PROCESSES@ // 8)]
for helper in helpers:
    helper.start()
for helper in helpers:
    helper.join()
