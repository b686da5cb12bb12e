# exercise: first_channels_for
# kind: right
# score: 4
def first_channels_for(k, gamma=2, b=1):
    exponent = (k | 1) * gamma - gamma - b
    if exponent < 0:
        return 1
    return 1 << exponent
