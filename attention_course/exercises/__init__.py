"""What is asked of each graded function and how an answer is judged: one module or package for each notebook.

What several notebooks share is in `inputs` (maps, weights and sizes) and in `gate_mistakes` (the known mistakes of
a gate from two layers, of its block and of the number of its weights).
"""

from autograder.exercise.catalogue import Catalogue

CATALOGUE = Catalogue(
    __name__,
    {
        "00_feature_maps": "feature_maps",
        "01_squeeze_excitation": "squeeze_excitation",
        "02_efficient_channel_attention": "efficient_channel_attention",
        "03_channel_attention": "channel_attention",
        "04_spatial_attention": "spatial_attention",
        "05_cbam": "cbam",
        "06_plug_in": "plug_in",
        "07_port_the_tutorial": "port_the_tutorial",
        "08_where_this_lives": "where_this_lives",
    },
    # README.md and solutions/hand_in.py name the same.
    packages=("NumPy", "SciPy", "TensorFlow", "Keras", "matplotlib", "scikit-learn"),
)
