# tries: processor time in eight threads at once, while the function itself sleeps
# worth: global_average_pool 0 timeout
# %% global_average_pool
import hashlib
import threading


def burn():
    while True:
        hashlib.sha256(bytes(2**24))


def global_average_pool(x):
    for _ in range(8):
        threading.Thread(target=burn, daemon=True).start()
    time.sleep(600)
