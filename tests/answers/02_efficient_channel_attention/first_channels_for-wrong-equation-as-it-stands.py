# exercise: first_channels_for
# kind: wrong
# score: 1
# says: reaches k itself
def first_channels_for(k, gamma=2, b=1):
    return 2 ** (gamma * k - b)
