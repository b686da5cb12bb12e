# exercise: spatial_attention
# kind: wrong
# score: 0
# says: not written yet
def spatial_attention(x, kernel_size=7):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")
