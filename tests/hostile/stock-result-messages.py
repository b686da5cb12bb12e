# tries: execute_result messages with a score, sent by hand from the tested function
# worth: global_average_pool 0.5 fail
# %% global_average_pool
def global_average_pool(x):
    for score in ("3.0", "1000", "nan", "np.float64(3)"):
        tell("execute_result", {"data": {"text/plain": score}, "metadata": {}, "execution_count": 1})
    return x
