# exercise: first_channels_for
# kind: wrong
# score: 0.5
# says: exchanged
def first_channels_for(k, gamma=2, b=1):
    odd = k if k % 2 else k + 1
    return 2 ** max(b * (odd - 1) - gamma, 0)
