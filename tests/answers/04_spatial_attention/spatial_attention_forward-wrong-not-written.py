# exercise: spatial_attention_forward
# kind: wrong
# score: 0
# says: not written yet
def spatial_attention_forward(x, kernel):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")
