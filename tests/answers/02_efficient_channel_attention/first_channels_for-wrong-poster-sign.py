# exercise: first_channels_for
# kind: wrong
# score: 0.25
# says: wrong sign
def first_channels_for(k, gamma=2, b=1):
    odd = k if k % 2 else k + 1
    return 2 ** (gamma * (odd - 1) + b)
