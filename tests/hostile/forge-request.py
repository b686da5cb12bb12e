# tries: read the request that the asker was given, for more than inputs
# worth: global_average_pool 0.5 fail
# %% global_average_pool
import io
import json
import sys


def global_average_pool(x):
    frame = sys._getframe(1)
    while frame:
        request = frame.f_locals.get("request")
        if isinstance(request, bytes) and "looked" not in globals():
            globals()["looked"] = True
            with np.load(io.BytesIO(request)) as archive:
                arrays = {name: archive[name] for name in archive.files}
            header = json.loads(arrays.pop("header").tobytes())
            if {"expected", "points", "seed", "properties"} & set(header) or "seed" in str(header):
                hole(f"in the request: {sorted(header)}")
            given = sum(len(q.get("arguments", [])) for q in header["questions"])
            if len(arrays) > given:
                hole(f"{len(arrays)} arrays for {given} arguments")
        frame = frame.f_back
    return x
