# exercise: eca_kernel_size
# kind: wrong
# score: 3.75
# says: equally near
def eca_kernel_size(channels, gamma=2, b=1):
    two = np.log(np.float32(2))
    t = int(abs(np.log(np.float32(channels)) / two + b) / gamma)
    return t if t % 2 else t + 1
