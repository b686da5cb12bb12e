# tries: clumsy: priority, file mask, locale, time zone, alarms, affinity, and an empty environment
# %% global_average_pool
import locale

os.nice(19)
os.umask(0o777)
for name in ("C", "C.UTF-8", "POSIX"):
    try:
        locale.setlocale(locale.LC_ALL, name)
    except locale.Error:
        pass
os.environ["TZ"] = "Pacific/Kiritimati"
time.tzset()
os.environ.clear()
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
signal.setitimer(signal.ITIMER_REAL, 0)


def global_average_pool(x):
    return x.mean((1, 2))
