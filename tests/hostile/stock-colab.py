# tries: clumsy, not hostile: Colab's metadata on every cell
# handling: Colab
