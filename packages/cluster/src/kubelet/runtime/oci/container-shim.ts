/**
 * The parent of a container, a shell script that outlives the control process: it mounts the root for itself alone, so that the kernel takes the
 * mount back with it; copies what the container prints into files; and writes down how it ended, whoever is there to read it. Its arguments
 * are the container's folder, the engine, the engine's state folder, the container's id, the image's root, the kernel's file about memory, and
 * `terminal`, `input` or neither.
 */
export const shimScript = `
folder=$1 engine=$2 state=$3 id=$4 image=$5 memory=$6 kind=$7
fail() { echo "$1" > "$folder/failure"; exit 1; }
mount -t overlay overlay -o "lowerdir=$image,upperdir=$folder/upper,workdir=$folder/work" "$folder/rootfs" \\
  || fail "the root file system could not be mounted"
mkfifo -m 600 "$folder/out" "$folder/err" || fail "no pipes could be made in $folder"
cat < "$folder/out" >> "$folder/stdout" &
cat < "$folder/err" >> "$folder/stderr" &
run="$engine --root $state --log $folder/log --log-format json run --keep --bundle $folder --pid-file $folder/pid $id"
case $kind in
terminal-closed)
  mkfifo -m 600 "$folder/in"
  script -q -e -f -c "$run" /dev/null <> "$folder/in" > "$folder/out" 2> "$folder/err" ;;
terminal) script -q -e -f -c "$run" /dev/null > "$folder/out" 2> "$folder/err" ;;
*) $run > "$folder/out" 2> "$folder/err" ;;
esac
code=$?
cat "$memory" > "$folder/memory" 2> /dev/null
$engine --root $state delete --force $id 2> /dev/null
wait
echo $code > "$folder/exit.part"
mv "$folder/exit.part" "$folder/exit"
`;
