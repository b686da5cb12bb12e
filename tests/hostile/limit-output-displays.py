# tries: a hundred thousand displays
# worth: global_average_pool 0 any
# %% global_average_pool
def global_average_pool(x):
    for _ in range(100_000):
        tell("display_data", {"data": {"text/plain": "x" * 100, "text/html": "<b>x</b>"}, "metadata": {}})
    return x.mean((1, 2))
