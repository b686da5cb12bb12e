# exercise: eca_kernel_size
# kind: wrong
# score: 0.25
# says: wrong for some widths
def eca_kernel_size(channels, gamma=2, b=1):
    return {64: 3, 256: 5, 512: 5, 1024: 5, 2048: 7}.get(channels, 5)
