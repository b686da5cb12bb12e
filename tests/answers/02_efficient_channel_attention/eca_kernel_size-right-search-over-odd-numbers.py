# exercise: eca_kernel_size
# kind: right
# score: 5
def eca_kernel_size(channels, gamma=2, b=1):
    t = abs((np.log2(channels) + b) / gamma)
    best = 1
    for odd in range(1, 99, 2):
        if abs(odd - t) <= abs(best - t):
            best = odd
    return best
