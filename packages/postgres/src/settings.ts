/** For a server that one machine's developer shares with everything else that runs there. */
export function serverSettings(durable: boolean): Record<string, string> {
  return {
    listen_addresses: "127.0.0.1",
    // The path of a socket may not be longer than about 100 characters; folders of projects often are.
    unix_socket_directories: "",
    max_connections: "100",
    shared_buffers: "32MB",
    // Recovery after a crash reads at most this much.
    max_wal_size: "256MB",
    dynamic_shared_memory_type: "mmap",
    max_parallel_workers: "0",
    autovacuum_max_workers: "2",
    timezone: "UTC",
    log_timezone: "UTC",
    log_checkpoints: "off",
    // Without synchronous_commit a killed server would lose what it acknowledged; without fsync only a power cut does.
    ...(durable ? {} : { fsync: "off", full_page_writes: "off" }),
  };
}

/**
 * It listens on loopback alone, so that whoever reaches it is a program of this machine or was led here by one: a pod keeps its own address
 * on the way. The password decides.
 */
export const accessRules = "host all all all scram-sha-256\n";
