# tries: one message of 400 MB
# worth: global_average_pool 0 any
# %% global_average_pool
def global_average_pool(x):
    if "sent" not in globals():
        globals()["sent"] = True
        tell("display_data", {"data": {"text/plain": "x" * (400 * 2**20)}, "metadata": {}})
    return x.mean((1, 2))
