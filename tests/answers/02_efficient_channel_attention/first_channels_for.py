# %% shared
import math


def eca_kernel_size(channels, gamma=2, b=1):
    t = int(abs((math.log2(channels) + b) / gamma))
    return t if t % 2 else t + 1

# %% right closed-form
def first_channels_for(k, gamma=2, b=1):
    odd = k if k % 2 else k + 1
    return 2 ** max(gamma * (odd - 1) - b, 0)

# %% right search-one-by-one, after shared
def first_channels_for(k, gamma=2, b=1):
    channels = 1
    while eca_kernel_size(channels, gamma, b) < k:
        channels += 1
    return channels

# %% right ceiling-of-a-float
import math


def first_channels_for(k, gamma=2, b=1):
    need = k // 2 * 2
    return max(1, math.ceil(2.0 ** (gamma * need - b)))

# %% right doubling-and-halving, after shared
def first_channels_for(k, gamma=2, b=1):
    high = 1
    while eca_kernel_size(high, gamma, b) < k:
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        if eca_kernel_size(middle, gamma, b) >= k:
            high = middle
        else:
            low = middle
    print("between", low, high)
    return high

# %% right generator
from itertools import count
import math


def eca_kernel_size(channels, gamma=2, b=1):
    t = int(abs((math.log2(channels) + b) / gamma))
    return t if t % 2 else t + 1


def first_channels_for(k, gamma=2, b=1):
    return next(c for c in count(1) if eca_kernel_size(c, gamma, b) >= k)

# %% right shift
def first_channels_for(k, gamma=2, b=1):
    exponent = (k | 1) * gamma - gamma - b
    if exponent < 0:
        return 1
    return 1 << exponent

# %% wrong always-one-more: 0.25, "tie is left out", like right closed-form
# -     return 2 ** max(gamma * (odd - 1) - b, 0)
# +     return 2 ** max(gamma * (odd - 1) - b, 0) + 1

# %% wrong b-ignored: 1.5, "b is ignored", like right closed-form
# -     return 2 ** max(gamma * (odd - 1) - b, 0)
# +     return 2 ** max(gamma * (odd - 1) - 1, 0)

# %% wrong b-left-out: 0.5, "b is left out", like right closed-form
# -     return 2 ** max(gamma * (odd - 1) - b, 0)
# +     return 2 ** (gamma * (odd - 1))

# %% wrong equation-for-the-next-odd: 0.25, "reaches k itself", like right closed-form
# -     return 2 ** max(gamma * (odd - 1) - b, 0)
# +     return 2 ** (gamma * odd - b)

# %% wrong exchanged: 0.5, "exchanged", like right closed-form
# -     return 2 ** max(gamma * (odd - 1) - b, 0)
# +     return 2 ** max(b * (odd - 1) - gamma, 0)

# %% wrong float: 1.75, "type float", like right closed-form
# -     return 2 ** max(gamma * (odd - 1) - b, 0)
# +     return 2.0 ** max(gamma * (odd - 1) - b, 0)

# %% wrong gamma-ignored: 1.5, "gamma is ignored", like right closed-form
# -     return 2 ** max(gamma * (odd - 1) - b, 0)
# +     return 2 ** max(2 * (odd - 1) - b, 0)

# %% wrong half-a-channel: 1.25, "less than one channel", like right closed-form
# -     return 2 ** max(gamma * (odd - 1) - b, 0)
# +     return 2 ** (gamma * (odd - 1) - b)

# %% wrong no-return: 0, "return", like right closed-form
# -     return 2 ** max(gamma * (odd - 1) - b, 0)
# +     first = 2 ** max(gamma * (odd - 1) - b, 0)

# %% wrong one-too-few: 0.25, "too small", like right closed-form
# -     return 2 ** max(gamma * (odd - 1) - b, 0)
# +     return 2 ** max(gamma * (odd - 1) - b, 0) - 1

# %% wrong poster-sign: 0.25, "wrong sign", like right closed-form
# -     return 2 ** max(gamma * (odd - 1) - b, 0)
# +     return 2 ** (gamma * (odd - 1) + b)

# %% wrong zero-channels: 1.25, "less than one channel", like right closed-form
# -     return 2 ** max(gamma * (odd - 1) - b, 0)
# +     return int(2 ** (gamma * (odd - 1) - b))

# %% wrong both-ignored: 1.5, "gamma and b are ignored", like right search-one-by-one
# -     while eca_kernel_size(channels, gamma, b) < k:
# +     while eca_kernel_size(channels) < k:

# %% wrong more-than-k: 0.5, "includes k itself", like right doubling-and-halving
# -     while eca_kernel_size(high, gamma, b) < k:
# +     while eca_kernel_size(high, gamma, b) <= k:

# -         if eca_kernel_size(middle, gamma, b) >= k:
# +         if eca_kernel_size(middle, gamma, b) > k:

# %% wrong search-begins-at-two: 1.25, "smallest network", like right search-one-by-one
# -     channels = 1
# +     channels = 2

# %% wrong search-begins-at-zero: 0, "raised", like right search-one-by-one
# -     channels = 1
# +     channels = 0

# %% wrong even-as-it-is: 1.75, "at least 4", like right ceiling-of-a-float
# -     need = k // 2 * 2
# -     return max(1, math.ceil(2.0 ** (gamma * need - b)))
# +     return max(1, math.ceil(2 ** (gamma * (k - 1) - b)))

# %% wrong equation-as-it-stands: 0.5, "reaches k itself"
def first_channels_for(k, gamma=2, b=1):
    return 2 ** (gamma * k - b)

# %% wrong exactly-k-searched: 1.25, "None", after shared
def first_channels_for(k, gamma=2, b=1):
    for channels in range(1, 70000):
        if eca_kernel_size(channels, gamma, b) == k:
            return channels
    return None

# %% wrong last-of-the-range: 0.25, "last count of the range", like right doubling-and-halving
# -     while eca_kernel_size(high, gamma, b) < k:
# +     while eca_kernel_size(high, gamma, b) <= k:

# -         if eca_kernel_size(middle, gamma, b) >= k:
# +         if eca_kernel_size(middle, gamma, b) > k:

# -     return high
# +     return high - 1

# %% wrong not-written: 0, "not written"
def first_channels_for(k, gamma=2, b=1):
    raise NotImplementedError

# %% wrong other-direction: 0.5, "not the count of a size", after shared
def first_channels_for(k, gamma=2, b=1):
    return eca_kernel_size(k, gamma, b)

# %% wrong search-ends-early: 1.25, "None", after shared
def first_channels_for(k, gamma=2, b=1):
    for channels in range(1, 5000):
        if eca_kernel_size(channels, gamma, b) >= k:
            return channels

# %% wrong table: 0.5, "gamma and b"
def first_channels_for(k, gamma=2, b=1):
    return {1: 1, 2: 8, 3: 8, 4: 128, 5: 128, 6: 2048, 7: 2048, 9: 32768}[k]

# %% wrong tie-left-out: 0.5, "tie is left out"
def first_channels_for(k, gamma=2, b=1):
    odd = k if k % 2 else k + 1
    if odd == 1:
        return 1
    return 2 ** max(gamma * (odd - 1) - b, 0) + 1
