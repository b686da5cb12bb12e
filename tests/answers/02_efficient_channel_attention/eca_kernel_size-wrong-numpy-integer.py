# exercise: eca_kernel_size
# kind: wrong
# score: 4.75
# says: type int64
def eca_kernel_size(channels, gamma=2, b=1):
    t = np.abs((np.log2(channels) + b) / gamma).astype(int)
    return t if t % 2 else t + 1
