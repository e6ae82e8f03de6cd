#!/bin/sh
# Epilog of a node: ends the engine that this job's prolog started, once no other job of the user is on the node. Never fails a job.
# slurm.conf: Epilog=/etc/slurm/wattrun-epilog.sh   The record stays in the user's home.
user_home="$(getent passwd "${SLURM_JOB_USER:-$(id -un)}" 2>/dev/null | cut -d: -f6)"
home="${WATTRUN_HOME:-${user_home:-$HOME}/.local/share/wattrun/nodes/$(hostname -s 2>/dev/null || echo node)}"
pid_file="$home/serve-${SLURM_JOB_ID:-0}.pid"
[ -r "$pid_file" ] || exit 0
pid="$(cat "$pid_file")"
rm -f "$pid_file"
for other in "$home"/serve-*.pid; do
  [ -e "$other" ] && exit 0
done
case "$pid" in
  '' | *[!0-9]*) exit 0 ;;
esac
# The number may be another program's by now.
if tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -Eq '(^|[ /])wattrun(\.mjs)? serve'; then kill "$pid" 2>/dev/null; fi
exit 0
