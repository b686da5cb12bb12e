# tries: clumsy: warnings as errors, floating point errors raised, random state, printing, collection, hash of nothing
# %% global_average_pool
import gc
import random
import sys
import warnings

warnings.simplefilter("error")
np.seterr(all="raise")
np.set_printoptions(threshold=1, precision=0, formatter={"float": lambda number: 1 / 0})
np.random.seed(0)
random.seed(0)
gc.disable()
gc.set_threshold(1)
sys.setswitchinterval(10)
sys.dont_write_bytecode = False
sys.path.clear()


def global_average_pool(x):
    return x.mean((1, 2))
