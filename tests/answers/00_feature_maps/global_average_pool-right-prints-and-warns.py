# exercise: global_average_pool
# kind: right
# score: 3
import sys
import warnings


def global_average_pool(x):
    print("x has the shape", x.shape)
    warnings.warn("I am not sure about axis 0")
    sys.stderr.write("debug: " + str(x.mean()) + "\n")
    answer = np.mean(x, axis=(1, 2))
    print(answer)
    return answer
