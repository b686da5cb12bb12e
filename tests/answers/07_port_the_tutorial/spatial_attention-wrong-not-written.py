# exercise: spatial_attention
# kind: wrong
# score: 0
# says: not written
def spatial_attention(input_feature):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")
