# tries: clumsy: shell commands, timing magics and a cell in another language
# %% after global_average_pool
get_ipython().system("echo hello; cat /etc/shadow; curl -s http://127.0.0.1:@PORT@/")
get_ipython().run_cell_magic("timeit", "-n1 -r1", "global_average_pool(numbers)")
get_ipython().run_cell_magic("bash", "", "sleep 0.1; exit 3")
get_ipython().run_line_magic("pip", "install hostile-was-here")
