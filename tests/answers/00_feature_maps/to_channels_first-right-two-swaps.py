# exercise: to_channels_first
# kind: right
# score: 2
def to_channels_first(x):
    # B H W C -> B C W H -> B C H W
    return x.swapaxes(1, 3).swapaxes(2, 3)
