# tries: as many sleeping processes as the machine gives
# worth: global_average_pool 0 any
# %% global_average_pool
def global_average_pool(x):
    children = []
    for _ in range(@PROCESSES@ + 50):
        child = os.fork()
        if child == 0:
            time.sleep(600)
            os._exit(0)
        children.append(child)
    hole(f"{len(children)} processes")
    return x.mean((1, 2))
