"""What the tests, the benchmark and the tools share: answers, submissions, classes, courses of their own."""
