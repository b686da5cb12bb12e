# tries: two thousand cells that look like the instructor's at a glance, so that comparing them takes hours
# handling: anagrams
