# tries: exceptions that are hard to report: endless text, text that raises, markup, and those that end an interpreter
# worth: global_average_pool 0 fail
# worth: channel_pool 0 fail|timeout
# worth: apply_channel_gate 0 fail
# worth: apply_spatial_gate 0 fail
# worth: to_channels_first 0 fail
# %% global_average_pool
def global_average_pool(x):
    raise ValueError("<script>alert(1)</script>" + "x" * 30_000_000)
# %% channel_pool
class Silent(Exception):
    def __str__(self):
        raise self


def channel_pool(x):
    raise Silent
# %% apply_channel_gate
def apply_channel_gate(x, gate):
    raise SystemExit(0)
# %% apply_spatial_gate
def apply_spatial_gate(x, gate):
    raise KeyboardInterrupt
# %% to_channels_first
def to_channels_first(x):
    raise GeneratorExit
