import type { ImageRecipe, LayerRecipe } from "../image.ts";

const suite = "registry.k8s.io/e2e-test-images";

export const layers: Readonly<Record<string, LayerRecipe>> = {
  accounts: {
    files: {
      "/etc/passwd": [
        "root:x:0:0:root:/root:/bin/sh",
        "daemon:x:1:1:daemon:/usr/sbin:/sbin/nologin",
        "www-data:x:33:33:www-data:/var/www:/sbin/nologin",
        "user-defined-in-image:x:1000:1000::/home/user-defined-in-image:/bin/sh",
        "nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin",
        "",
      ].join("\n"),
      "/etc/group": [
        "root:x:0:",
        "daemon:x:1:",
        "tty:x:5:",
        "www-data:x:33:",
        "user-defined-in-image:x:1000:",
        "group-defined-in-image:x:50000:user-defined-in-image",
        "nogroup:x:65534:",
        "",
      ].join("\n"),
      "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
    },
    folders: ["/tmp", "/root", "/run", "/var/tmp", "/home/user-defined-in-image"],
  },
  // Upstream's root is Alpine's; these packages bring the programs that its specs call.
  tools: {
    packages: [
      "bash",
      "bind9-dnsutils",
      "busybox-static",
      "coreutils",
      "curl",
      "findutils",
      "grep",
      "iperf",
      "iproute2",
      "libc-bin",
      "netbase",
      "netcat-openbsd",
      "sed",
      "util-linux",
    ],
    // busybox's own shell would take its own nc; Debian's is what the alternatives mechanism would link to.
    links: { "/usr/bin/nc": "nc.openbsd", "/usr/bin/sh": "bash" },
    busyboxLinks: true,
  },
  agnhost: {
    binaries: { "/agnhost": "agnhost", "/coredns": "coredns" },
    moduleFiles: {
      "/localhost.crt": "test/images/agnhost/porter/localhost.crt",
      "/localhost.key": "test/images/agnhost/porter/localhost.key",
    },
    links: { "/agnhost-2": "agnhost", "/usr/local/bin/iperf": "/usr/bin/iperf" },
    folders: ["/uploads"],
  },
  nautilus: {
    moduleFiles: {
      "/nautilus.jpg": "test/images/nautilus/html/nautilus.jpg",
      "/data.json": "test/images/nautilus/html/data.json",
    },
  },
  kitten: {
    moduleFiles: {
      "/kitten.jpg": "test/images/kitten/html/kitten.jpg",
      "/data.json": "test/images/kitten/html/data.json",
    },
  },
  busybox: {
    packages: ["bash", "busybox-static"],
    busyboxLinks: true,
    // Debian's build of busybox's shell hides variables whose names aren't identifiers, which specs look for; in all else
    // its messages are the ones that specs expect.
    scripts: {
      "/usr/bin/sh": [
        "#!/usr/bin/bash",
        "while IFS= read -r -d '' variable; do",
        '  [[ ${variable%%=*} =~ ^[A-Za-z_][A-Za-z0-9_]*$ ]] || exec /usr/bin/bash "$@"',
        'done <"/proc/$$/environ"',
        'exec -a /bin/sh /usr/bin/busybox "$@"',
        "",
      ].join("\n"),
    },
  },
  nginx: {
    packages: ["nginx-light", "busybox-static"],
    busyboxLinks: true,
    files: {
      "/etc/nginx/nginx.conf": [
        "worker_processes 1;",
        "error_log /dev/stderr notice;",
        "pid /run/nginx.pid;",
        "events { worker_connections 256; }",
        "http {",
        "  include /etc/nginx/mime.types;",
        "  default_type application/octet-stream;",
        "  access_log /dev/stdout;",
        "  include /etc/nginx/conf.d/*.conf;",
        "}",
        "",
      ].join("\n"),
      "/etc/nginx/conf.d/default.conf":
        "server { listen 80; server_name localhost; location / { root /usr/share/nginx/html; index index.html; } }\n",
      "/usr/share/nginx/html/index.html":
        "<!DOCTYPE html>\n<html><head><title>Welcome to nginx!</title></head><body><h1>Welcome to nginx!</h1></body></html>\n",
    },
    folders: ["/var/log/nginx", "/var/lib/nginx"],
  },
  nonewprivs: { binaries: { "/usr/local/bin/nnp": "nonewprivs" }, setuid: ["/usr/local/bin/nnp"] },
  perl: { packages: ["perl-base", "busybox-static"], busyboxLinks: true },
  pause: { binaries: { "/pause": "pause" } },
  etcd: { binaries: { "/usr/local/bin/etcd": "etcd" }, packages: ["busybox-static"], busyboxLinks: true },
  "sample-apiserver": { binaries: { "/sample-apiserver": "sample-apiserver" } },
  coredns: { binaries: { "/coredns": "coredns" } },
};

export const images: readonly ImageRecipe[] = [
  {
    names: ["registry.k8s.io/pause:3.10.1", "registry.k8s.io/pause:3.10"],
    layers: ["pause"],
    entrypoint: ["/pause"],
    user: "65535:65535",
  },
  {
    names: [`${suite}/agnhost:2.59`, `${suite}/agnhost:2.55`],
    layers: ["accounts", "tools", "agnhost"],
    entrypoint: ["/agnhost"],
    command: ["pause"],
    ports: [80, 5000, 8080, 8081, 9376],
  },
  {
    names: [`${suite}/nautilus:1.7`],
    layers: ["accounts", "tools", "agnhost", "nautilus"],
    entrypoint: ["/agnhost"],
    command: ["test-webserver"],
  },
  {
    names: [`${suite}/kitten:1.7`],
    layers: ["accounts", "tools", "agnhost", "kitten"],
    entrypoint: ["/agnhost"],
    command: ["test-webserver"],
  },
  { names: [`${suite}/jessie-dnsutils:1.7`], layers: ["accounts", "tools", "agnhost"], command: ["bash"] },
  { names: [`${suite}/ipc-utils:1.3`], layers: ["accounts", "tools"], command: ["sh"] },
  { names: [`${suite}/nonroot:1.4`], layers: ["accounts", "tools"], command: ["sh"], user: "1234" },
  { names: [`${suite}/busybox:1.37.0-1`], layers: ["accounts", "busybox"], command: ["sh"] },
  { names: [`${suite}/nonewprivs:1.3`], layers: ["accounts", "busybox", "nonewprivs"], command: ["nnp"] },
  { names: [`${suite}/perl:5.26`], layers: ["accounts", "perl"], command: ["perl"] },
  {
    names: [`${suite}/nginx:1.14-4`],
    layers: ["accounts", "nginx"],
    command: ["nginx", "-g", "daemon off;"],
    ports: [80],
  },
  {
    names: [`${suite}/nginx:1.15-4`],
    layers: ["accounts", "nginx"],
    command: ["nginx", "-g", "daemon off;"],
    ports: [80],
    env: ["FAIRWAY_NGINX=new"],
  },
  { names: ["registry.k8s.io/etcd:3.6.6-0"], layers: ["accounts", "etcd"], command: ["/usr/local/bin/etcd"] },
  {
    names: [`${suite}/sample-apiserver:1.29.2`],
    layers: ["accounts", "sample-apiserver"],
    entrypoint: ["/sample-apiserver"],
  },
  {
    names: ["registry.k8s.io/coredns/coredns:v1.13.1"],
    layers: ["coredns"],
    entrypoint: ["/coredns"],
    ports: [53],
  },
];
