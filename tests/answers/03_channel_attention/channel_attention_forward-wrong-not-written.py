# exercise: channel_attention_forward
# kind: wrong
# score: 0
# says: not written
def channel_attention_forward(x, w1, b1, w2, b2):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")
