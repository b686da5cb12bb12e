# exercise: eca_kernel_size
# kind: right
# score: 5
def eca_kernel_size(channels, gamma=2, b=1):
    print("channels", channels)
    t = np.floor(np.abs(np.log2(channels) + b) / gamma)
    if t % 2 == 0:
        t += 1
    return int(t)
