# tries: as many threads as the machine gives
# worth: global_average_pool 0 any
# %% global_average_pool
import threading


def global_average_pool(x):
    for _ in range(@PROCESSES@ + 50):
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
    hole("threads beyond the limit")
    return x.mean((1, 2))
