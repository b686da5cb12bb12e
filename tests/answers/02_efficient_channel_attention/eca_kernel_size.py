# %% right floor-then-up
import math


def eca_kernel_size(channels, gamma=2, b=1):
    t = int(abs((math.log2(channels) + b) / gamma))
    return t if t % 2 else t + 1

# %% right last-bit, like right floor-then-up
# -     t = int(abs((math.log2(channels) + b) / gamma))
# -     return t if t % 2 else t + 1
# +     return math.floor(abs(math.log(channels, 2) + b) / gamma) | 1

# %% right half-up
import math


def eca_kernel_size(channels, gamma=2, b=1):
    t = abs(math.log2(channels) / gamma + b / gamma)
    half = (t - 1) / 2
    return 2 * math.floor(half + 0.5) + 1

# %% right numpy-float64
def eca_kernel_size(channels, gamma=2, b=1):
    print("channels", channels)
    t = np.floor(np.abs(np.log2(channels) + b) / gamma)
    if t % 2 == 0:
        t += 1
    return int(t)

# %% right search-over-odd-numbers
def eca_kernel_size(channels, gamma=2, b=1):
    t = abs((np.log2(channels) + b) / gamma)
    best = 1
    for odd in range(1, 99, 2):
        if abs(odd - t) <= abs(best - t):
            best = odd
    return best

# %% right twice-the-half
from math import floor, log2


def eca_kernel_size(channels, gamma=2, b=1):
    return 2 * floor(abs(log2(channels) / gamma + b / gamma) / 2) + 1

# %% wrong always-three: 0.25, "always 3", like right floor-then-up
# -     t = int(abs((math.log2(channels) + b) / gamma))
# -     return t if t % 2 else t + 1
# +     return 3

# %% wrong at-least-three: 4.25, "at 3 or above", like right floor-then-up
# -     return t if t % 2 else t + 1
# +     k = t if t % 2 else t + 1
# +     return max(k, 3)

# %% wrong b-ignored: 3.75, "b is ignored", like right floor-then-up
# -     t = int(abs((math.log2(channels) + b) / gamma))
# +     t = int(abs(math.log2(channels) + 1) / gamma)

# %% wrong b-alone-divided: 0.25, "Only b is divided", like right floor-then-up
# -     t = int(abs((math.log2(channels) + b) / gamma))
# +     t = int(abs(math.log2(channels) + b / gamma))

# %% wrong b-left-out: 1, "b is left out", like right floor-then-up
# -     t = int(abs((math.log2(channels) + b) / gamma))
# +     t = int(abs(math.log2(channels) / gamma))

# %% wrong b-not-divided: 1.5, "divided by gamma", like right floor-then-up
# -     t = int(abs((math.log2(channels) + b) / gamma))
# +     t = int(abs(math.log2(channels) / gamma + b))

# %% wrong base-ten: 1, "base ten", like right floor-then-up
# -     t = int(abs((math.log2(channels) + b) / gamma))
# +     t = int(abs((math.log10(channels) + b) / gamma))

# %% wrong both-ignored: 3.75, "gamma and b are ignored", like right floor-then-up
# -     t = int(abs((math.log2(channels) + b) / gamma))
# +     t = int((math.log2(channels) + 1) / 2)

# %% wrong even-goes-down: 0.25, "goes down to the odd", like right floor-then-up
# -     return t if t % 2 else t + 1
# +     return t if t % 2 else t - 1

# %% wrong even-sizes: 0.25, "not made odd", like right floor-then-up
# -     t = int(abs((math.log2(channels) + b) / gamma))
# -     return t if t % 2 else t + 1
# +     return int(abs((math.log2(channels) + b) / gamma))

# %% wrong even-sizes-rounded: 0.25, "not made odd", like right floor-then-up
# -     t = int(abs((math.log2(channels) + b) / gamma))
# -     return t if t % 2 else t + 1
# +     return round(abs((math.log2(channels) + b) / gamma))

# %% wrong exchanged: 0.25, "exchanged", like right floor-then-up
# -     t = int(abs((math.log2(channels) + b) / gamma))
# +     t = int(abs((math.log2(channels) + gamma) / b))

# %% wrong float-result: 4.75, "type float", like right floor-then-up
# -     t = int(abs((math.log2(channels) + b) / gamma))
# +     t = abs((math.log2(channels) + b) / gamma) // 1

# %% wrong fraction: 0, "type float", like right floor-then-up
# -     t = int(abs((math.log2(channels) + b) / gamma))
# -     return t if t % 2 else t + 1
# +     return abs((math.log2(channels) + b) / gamma)

# %% wrong gamma-ignored: 3.75, "gamma is ignored", like right floor-then-up
# -     t = int(abs((math.log2(channels) + b) / gamma))
# +     t = int(abs(math.log2(channels) + b) / 2)

# %% wrong halves-to-even: 3.75, "Halves", like right floor-then-up
# -     t = int(abs((math.log2(channels) + b) / gamma))
# -     return t if t % 2 else t + 1
# +     t = abs((math.log2(channels) + b) / gamma)
# +     return 2 * round((t - 1) / 2) + 1

# %% wrong list-that-ends: 1, "other values", like right floor-then-up
# -     t = int(abs((math.log2(channels) + b) / gamma))
# -     return t if t % 2 else t + 1
# +     t = abs(math.log2(channels) + b) / gamma
# +     return min(range(11, 0, -2), key=lambda odd: abs(odd - t))

# %% wrong logarithm-cut-down: 3.75, "too early", like right floor-then-up
# -     t = int(abs((math.log2(channels) + b) / gamma))
# +     t = abs(int(math.log2(channels)) + b) // gamma

# %% wrong natural-logarithm: 1, "natural", like right floor-then-up
# -     t = int(abs((math.log2(channels) + b) / gamma))
# +     t = int(abs((math.log(channels) + b) / gamma))

# %% wrong no-absolute-value: 3.75, "absolute value", like right floor-then-up
# -     t = int(abs((math.log2(channels) + b) / gamma))
# +     t = int((math.log2(channels) + b) / gamma)

# %% wrong no-defaults: 0, "default", like right floor-then-up
# - def eca_kernel_size(channels, gamma=2, b=1):
# + def eca_kernel_size(channels, gamma, b):

# %% wrong not-written: 0, "not written", like right floor-then-up
# -     t = int(abs((math.log2(channels) + b) / gamma))
# -     return t if t % 2 else t + 1
# +     raise NotImplementedError("Your turn: write this function, then run this cell again.")

# %% wrong odd-made-even: 0.25, "made even", like right floor-then-up
# -     return t if t % 2 else t + 1
# +     return t + 1 if t % 2 else t

# %% wrong poster-sign: 1, "wrong sign", like right floor-then-up
# -     t = int(abs((math.log2(channels) + b) / gamma))
# +     t = int(abs(math.log2(channels) - b) / gamma)

# %% wrong prints: 0, "print", like right floor-then-up
# -     t = int(abs((math.log2(channels) + b) / gamma))
# -     return t if t % 2 else t + 1
# +     t = int(abs(math.log2(channels) + b) / gamma)
# +     print(t if t % 2 else t + 1)

# %% wrong quarter-width: 0.25, "quarter", like right floor-then-up
# -     t = int(abs((math.log2(channels) + b) / gamma))
# +     t = int(abs((math.log2(channels // 4) + b) / gamma))

# %% wrong rounded: 1.5, "rounded before", like right floor-then-up
# -     t = int(abs((math.log2(channels) + b) / gamma))
# +     t = round(abs((math.log2(channels) + b) / gamma))

# %% wrong rounded-up: 1.5, "rounded up before", like right floor-then-up
# -     t = int(abs((math.log2(channels) + b) / gamma))
# +     t = math.ceil(abs((math.log2(channels) + b) / gamma))

# %% wrong ties-down: 3.75, "Ties go down", like right floor-then-up
# -     t = int(abs((math.log2(channels) + b) / gamma))
# -     return t if t % 2 else t + 1
# +     t = abs((math.log2(channels) + b) / gamma)
# +     return max(1, 2 * math.ceil(t / 2 - 1) + 1)

# %% wrong float32-logarithms: 3.75, "equally near"
def eca_kernel_size(channels, gamma=2, b=1):
    two = np.log(np.float32(2))
    t = int(abs(np.log(np.float32(channels)) / two + b) / gamma)
    return t if t % 2 else t + 1

# %% wrong looked-up: 0.25, "wrong for some widths"
def eca_kernel_size(channels, gamma=2, b=1):
    return {64: 3, 256: 5, 512: 5, 1024: 5, 2048: 7}.get(channels, 5)

# %% wrong numpy-integer: 4.75, "type int64"
def eca_kernel_size(channels, gamma=2, b=1):
    t = np.abs((np.log2(channels) + b) / gamma).astype(int)
    return t if t % 2 else t + 1
