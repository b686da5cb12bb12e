# exercise: first_channels_for
# kind: wrong
# score: 2.75
# says: b is ignored
def first_channels_for(k, gamma=2, b=1):
    odd = k if k % 2 else k + 1
    return 2 ** max(gamma * (odd - 1) - 1, 0)
