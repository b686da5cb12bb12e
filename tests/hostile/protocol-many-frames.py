# tries: one message of a million frames
# worth: global_average_pool 0 any
# %% global_average_pool
def global_average_pool(x):
    get_ipython().kernel.iopub_socket.send_multipart([b"<IDS|MSG>"] + [b"x"] * 1_000_000)
    return x.mean((1, 2))
