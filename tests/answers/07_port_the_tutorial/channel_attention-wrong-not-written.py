# exercise: channel_attention
# kind: wrong
# score: 0
# says: not written
def channel_attention(input_feature, ratio=8):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")
