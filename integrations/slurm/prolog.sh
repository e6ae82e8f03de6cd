#!/bin/sh
# TaskProlog: tells every task where the engine of its user on this node is. What it prints as `export …` is the task's environment.
# slurm.conf: TaskProlog=/etc/slurm/wattrun-prolog.sh   Starts an engine for the job where none is alive. Never fails a job.
home="${WATTRUN_HOME:-${XDG_DATA_HOME:-$HOME/.local/share}/wattrun}"
# Where homes are shared between nodes, a node has a directory of its own: an engine measures one machine.
node="$home/nodes/$(hostname -s 2>/dev/null || echo node)"
[ -n "${WATTRUN_HOME:-}" ] || home="$node"
echo "export WATTRUN_HOME=$home"

if [ "${SLURM_LOCALID:-0}" = 0 ] && [ ! -e "$home/engine.json" ] && command -v wattrun >/dev/null 2>&1; then
  mkdir -p "$home" 2>/dev/null || exit 0
  # An engine is one to a user and node: a second one connects to the first and ends.
  WATTRUN_HOME="$home" nohup setsid wattrun serve >"$home/serve.log" 2>&1 </dev/null &
  echo "$!" >"$home/serve-${SLURM_JOB_ID:-0}.pid" 2>/dev/null
fi
exit 0
