# exercise: attach
# kind: right
# score: 5
import functools

TABLE = dict(none=(None, {}), se=(se_block, {"ratio": 4}), eca=(eca_block, {}), cbam=(cbam_block, {"ratio": 4}))


def attach(name, x):
    try:
        block, settings = TABLE[name]
    except KeyError:
        raise ValueError(f"no block is called {name}; choose from {list(TABLE)}") from None
    print("attaching", name)
    return x if block is None else functools.partial(block, **settings)(x)
