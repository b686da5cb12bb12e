"""What an exercise is: questions, answers, properties that answers must have, and the courses' catalogues of them.

questions, answers : what a student's function is asked, and what comes back.
exercise           : an exercise, its properties and known mistakes, and a round of questions with a student's answers.
arrays, counts     : the properties of functions that return arrays, or whole numbers.
models             : the properties of what Keras functions, layers and networks hold and compute.
errors, catalogue  : exceptions as sentences; a course's exercises by notebook.
"""
