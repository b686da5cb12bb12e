# tries: signed messages whose contents are no JSON, no dictionary, or hold numbers beyond reason
# %% global_average_pool
def send_frames(*frames):
    kernel = get_ipython().kernel
    session = kernel.session
    header = session.pack(session.msg_header("display_data"))
    parent = session.pack(kernel.get_parent()["header"])
    packed = [header, parent, b"{}", *frames]
    kernel.iopub_socket.send_multipart([b"stream", b"<IDS|MSG>", session.sign(packed[:4]), *packed])


def global_average_pool(x):
    for content in (b"\xff\xfe", b"{", b"[]", b"3", b"null", b'{"data": 1e999}', b'"' + b"9" * 5000 + b'"', b"9" * 5000):
        send_frames(content)
    return x.mean((1, 2))
