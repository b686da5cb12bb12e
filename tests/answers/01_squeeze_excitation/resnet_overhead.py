# %% right block-by-block
def resnet_overhead(widths, depths, ratio=16):
    blocks = []
    for stage in range(len(widths)):
        blocks.extend([widths[stage]] * depths[stage])
    return sum((c + 1) * (c // ratio) + (c // ratio + 1) * c for c in blocks)

# %% right helper-and-while
import sys


def block(channels, ratio):
    layers_of_block = (channels, channels // ratio, channels)
    return sum(a * b + b for a, b in zip(layers_of_block, layers_of_block[1:]))


def resnet_overhead(widths, depths, ratio=16):
    stage, total = 0, 0
    while stage < len(depths):
        total = total + depths[stage] * block(widths[stage], ratio)
        sys.stderr.write(f"{stage}: {total}\n")
        stage += 1
    return total

# %% right numpy
def resnet_overhead(widths, depths, ratio=16):
    c = np.array(widths)
    m = c // ratio
    return int(np.dot(depths, 2 * c * m + m + c))

# %% right recursive
def resnet_overhead(widths, depths, ratio=16):
    if not widths:
        return 0
    (c, *other_widths), (n, *other_depths) = widths, depths
    first = n * (2 * c * (c // ratio) + c // ratio + c)
    print("a stage of", n, "blocks adds", first)
    return first + resnet_overhead(other_widths, other_depths, ratio)

# %% right zip
def resnet_overhead(widths, depths, ratio=16):
    total = 0
    for width, depth in zip(widths, depths):
        m = width // ratio
        total += depth * (2 * width * m + m + width)
    return total

# %% wrong ends-too-early: 0.5, "too early"
def resnet_overhead(widths, depths, ratio=16):
    total = 0
    for i in range(len(widths) - 1):
        m = widths[i] // ratio
        total += depths[i] * (2 * widths[i] * m + m + widths[i])
    return total

# %% wrong four-stages: 2.25, "raised IndexError", like wrong ends-too-early
# -     for i in range(len(widths) - 1):
# +     for i in range(4):

# %% wrong exchanged: 0.5, "exchanged"
def resnet_overhead(widths, depths, ratio=16):
    total = 0
    for c, n in zip(depths, widths):
        m = c // ratio
        total += n * (2 * c * m + m + c)
    return total

# %% wrong whole-network: 0.5, "only what SE adds", like wrong exchanged
# -     total = 0
# -     for c, n in zip(depths, widths):
# +     total = 25557032
# +     for c, n in zip(widths, depths):

# %% wrong every-pair: 0.5, "every depth"
def resnet_overhead(widths, depths, ratio=16):
    total = 0
    for c in widths:
        for n in depths:
            m = c // ratio
            total += n * (2 * c * m + m + c)
    return total

# %% wrong float: 3.75, "float"
def resnet_overhead(widths, depths, ratio=16):
    return sum(n * (2 * c * c / ratio + c / ratio + c) for c, n in zip(widths, depths))

# %% wrong inner-width: 0.5, "inner width"
def resnet_overhead(widths, depths, ratio=16):
    total = 0
    for c, n in zip(widths, depths):
        inner = c // 4
        m = inner // ratio
        total += n * (2 * inner * m + m + inner)
    return total

# %% wrong last-stage: 0.5, "last stage"
def resnet_overhead(widths, depths, ratio=16):
    for c, n in zip(widths, depths):
        m = c // ratio
        total = n * (2 * c * m + m + c)
    return total

# %% wrong list-of-stages: 0.25, "type list"
def resnet_overhead(widths, depths, ratio=16):
    return [n * (2 * c * (c // ratio) + c // ratio + c) for c, n in zip(widths, depths)]

# %% wrong lists-multiplied: 0, "raised TypeError"
def resnet_overhead(widths, depths, ratio=16):
    m = widths // ratio
    return sum(depths * (2 * widths * m + m + widths))

# %% wrong no-biases: 0.5, "biases"
def resnet_overhead(widths, depths, ratio=16):
    return sum(n * 2 * c * (c // ratio) for c, n in zip(widths, depths))

# %% wrong not-written: 0, "not written"
def resnet_overhead(widths, depths, ratio=16):
    raise NotImplementedError

# %% wrong numpy-integer: 3.75, "int64"
def resnet_overhead(widths, depths, ratio=16):
    c, n = np.array(widths), np.array(depths)
    return np.sum(n * (2 * c * (c // ratio) + c // ratio + c))

# %% wrong per-cent: 0.25, "float"
def resnet_overhead(widths, depths, ratio=16):
    added = sum(n * (2 * c * (c // ratio) + c // ratio + c) for c, n in zip(widths, depths))
    return 100 * added / 25557032

# %% wrong pops: 3.75, "changes"
def resnet_overhead(widths, depths, ratio=16):
    total = 0
    while widths:
        c, n = widths.pop(), depths.pop()
        total += n * (2 * c * (c // ratio) + c // ratio + c)
    return total

# %% wrong prints: 0, "print"
def resnet_overhead(widths, depths, ratio=16):
    print(sum(n * (2 * c * (c // ratio) + c // ratio + c) for c, n in zip(widths, depths)))

# %% wrong rate-as-width: 0.5, "ratio is taken"
def resnet_overhead(widths, depths, ratio=16):
    return sum(n * (2 * c * ratio + ratio + c) for c, n in zip(widths, depths))

# %% wrong ratio-ignored: 3, "ratio is ignored"
def resnet_overhead(widths, depths, ratio=16):
    return sum(n * (2 * c * (c // 16) + c // 16 + c) for c, n in zip(widths, depths))

# %% wrong returns-in-loop: 0.5, "inside the loop"
def resnet_overhead(widths, depths, ratio=16):
    total = 0
    for c, n in zip(widths, depths):
        m = c // ratio
        total += n * (2 * c * m + m + c)
        return total

# %% wrong stage-once: 0.5, "counted once"
def resnet_overhead(widths, depths, ratio=16):
    return sum(2 * c * (c // ratio) + c // ratio + c for c in widths)

# %% wrong sums-first: 0.5, "square of its width"
def resnet_overhead(widths, depths, ratio=16):
    c, n = sum(widths), sum(depths)
    m = c // ratio
    return n * (2 * c * m + m + c)

# %% wrong written-down: 0.5, "other widths"
def resnet_overhead(widths, depths, ratio=16):
    return 2530992
