# The first process of a node's namespaces: prepares them, starts what it is told to on standard input
# (a name, a tab, a command), and reaps what is left to it. All of it ends when this process does.
set -eu
node=$1
name=$2
bind() { mkdir -p "$node/$1"; mount --bind "$node/$1" "$2"; }

# The paths that containerd and the kubelet have built in are the node's own.
bind run /run
bind var-lib /var/lib
bind var-log /var/log
mkdir -p /run/lock /run/netns /var/lib/kubelet /var/lib/cni /var/log/pods /var/log/containers
if [ "$(readlink -f /var/run)" != /run ]; then bind run /var/run; fi

# The kubelet sets these for the whole kernel when they differ; here it reads what it wants to see.
mkdir -p "$node/sysctl"
pretend() {
  [ -e "/proc/sys/$1" ] || return 0
  printf "%s\n" "$2" > "$node/sysctl/${1##*/}"
  mount --bind "$node/sysctl/${1##*/}" "/proc/sys/$1"
}
pretend vm/overcommit_memory 1
pretend vm/panic_on_oom 0
pretend kernel/panic 10
pretend kernel/panic_on_oops 1
pretend kernel/keys/root_maxkeys 1000000
pretend kernel/keys/root_maxbytes 25000000
mount --make-rshared /

hostname "$name"
ip link set lo up
echo 1 > /proc/sys/net/ipv4/ip_forward
if [ -e /proc/sys/net/bridge/bridge-nf-call-iptables ]; then echo 1 > /proc/sys/net/bridge/bridge-nf-call-iptables; fi
: > "$node/prepared"

set +e
while IFS="$(printf '\t')" read -r component command; do
  ( bash -c "exec $command" </dev/null >>"$node/../logs/$component.log" 2>&1; echo $? >"$node/ended-$component" ) &
done
while :; do sleep infinity & wait; done
