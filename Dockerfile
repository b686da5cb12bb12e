# The course in a container: `docker build --tag attention-course .`, then see docs/setting-up.md.

# What the machine has: Python, make, and bubblewrap, which confines submissions where a class is graded.
FROM python:3.12-slim-bookworm AS machine
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends bubblewrap git make \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 --shell /bin/bash student

FROM machine AS course
COPY --chown=student . /course
RUN chown student /course
# The student, by number: a system that lets no root in can tell.
USER 1000
WORKDIR /course
# The folder for one's work is there before a volume is mounted on it, so that the volume belongs to the student.
RUN make .venv && mkdir work
EXPOSE 8888
CMD ["make", "lab", "LAB_OPTIONS=--ip=0.0.0.0 --no-browser"]
