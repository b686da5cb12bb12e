# exercise: CBAM
# kind: wrong
# score: 0
# says: a class that inherits


def CBAM(ratio=16, kernel_size=7):
    def block(x):
        return x

    return block
