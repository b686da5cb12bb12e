# tries: the interpreter becomes another program
# worth: global_average_pool 0 timeout
# %% global_average_pool
def global_average_pool(x):
    os.execv("/bin/sh", ["sh", "-c", f"touch /tmp/{MARK} {COURSE}/{MARK}; sleep 100"])
