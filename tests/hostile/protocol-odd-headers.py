# tries: headers and parents that are lists, numbers or nothing, and dates that are no dates
# %% global_average_pool
def global_average_pool(x):
    kernel = get_ipython().kernel
    session = kernel.session
    good = session.msg_header("stream")
    for header in ([], 3, None, {}, {**good, "msg_type": 3}, {**good, "date": "never"}, {**good, "msg_type": ["a"]}):
        for parent in ([], 3, None, {"msg_id": 3}, kernel.get_parent()["header"]):
            packed = [session.pack(header), session.pack(parent), b"[]", b'{"name": "stdout", "text": "x"}']
            kernel.iopub_socket.send_multipart([b"<IDS|MSG>", session.sign(packed), *packed])
    return x.mean((1, 2))
