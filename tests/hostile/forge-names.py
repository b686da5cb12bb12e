# tries: names of functions that are no functions, or whose call is a trap
# worth: global_average_pool 0 missing|fail
# worth: channel_pool 0 missing|fail
# worth: apply_channel_gate 0 fail
# %% global_average_pool
global_average_pool = 3.0
# %% channel_pool
class Refuses(type):
    def __call__(cls, *arguments):
        raise RuntimeError("no")


class channel_pool(metaclass=Refuses):
    pass
# %% apply_channel_gate
class Trap:
    def __getattribute__(self, name):
        raise SystemError(name)

    def __call__(self, *arguments):
        return self


apply_channel_gate = Trap()
