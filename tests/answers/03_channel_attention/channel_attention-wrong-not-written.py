# exercise: channel_attention
# kind: wrong
# score: 0
# says: not written
def channel_attention(x, ratio=16):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")
