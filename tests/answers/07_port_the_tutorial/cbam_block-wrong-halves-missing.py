# exercise: cbam_block
# kind: wrong
# score: 0
# says: not defined
def cbam_block(cbam_feature, ratio=8):
    return spatial_attention(channel_attention(cbam_feature, ratio))
