"""What an exercise is: questions, answers, properties that answers must have, and the courses' catalogues of them."""
