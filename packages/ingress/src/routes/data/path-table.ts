/** What the specification of Ingress and the conformance suite of its controllers say, in our own words: rules, path, the rule that gets it. */
export interface PathCase {
  /** `exact /foo`, `prefix /foo` */
  readonly rules: readonly string[];
  readonly path: string;
  /** Undefined: none, so the default backend. */
  readonly taken: string | undefined;
}

const [exact, prefix] = ["exact /foo", "prefix /foo"];

export const pathTable: readonly PathCase[] = [
  { rules: ["prefix /"], path: "/", taken: "prefix /" },
  { rules: ["prefix /"], path: "/any/thing/at.all", taken: "prefix /" },
  { rules: [exact], path: "/foo", taken: exact },
  { rules: [exact], path: "/bar", taken: undefined },
  { rules: [exact], path: "/foo/", taken: undefined },
  { rules: [exact], path: "/FOO", taken: undefined },
  { rules: ["exact /foo/"], path: "/foo", taken: undefined },
  { rules: ["exact /foo/"], path: "/foo/", taken: "exact /foo/" },
  { rules: [prefix], path: "/foo", taken: prefix },
  { rules: [prefix], path: "/foo/", taken: prefix },
  { rules: [prefix], path: "/FOO", taken: undefined },
  { rules: ["prefix /foo/"], path: "/foo", taken: "prefix /foo/" },
  { rules: ["prefix /foo/"], path: "/foo/", taken: "prefix /foo/" },
  { rules: ["prefix /aaa/bb"], path: "/aaa/bbb", taken: undefined },
  { rules: ["prefix /aaa/bbb"], path: "/aaa/bbb", taken: "prefix /aaa/bbb" },
  { rules: ["prefix /aaa/bbb/"], path: "/aaa/bbb", taken: "prefix /aaa/bbb/" },
  { rules: ["prefix /aaa/bbb/"], path: "/aaa/bbb/", taken: "prefix /aaa/bbb/" },
  { rules: ["prefix /aaa/bbb"], path: "/aaa/bbb/", taken: "prefix /aaa/bbb" },
  { rules: ["prefix /aaa/bbb"], path: "/aaa/bbb/ccc", taken: "prefix /aaa/bbb" },
  { rules: ["prefix /aaa/bbb"], path: "/aaa/bbbxyz", taken: undefined },
  { rules: ["prefix /aaa"], path: "/aaaccc", taken: undefined },
  { rules: ["prefix /", "prefix /aaa"], path: "/aaa/ccc", taken: "prefix /aaa" },
  { rules: ["prefix /aaa", "prefix /"], path: "/aaa/bbb", taken: "prefix /aaa" },
  { rules: ["prefix /", "prefix /aaa", "prefix /aaa/bbb"], path: "/aaa/bbb", taken: "prefix /aaa/bbb" },
  { rules: ["prefix /", "prefix /aaa", "prefix /aaa/bbb"], path: "/ccc", taken: "prefix /" },
  { rules: ["prefix /aaa/bbb", "prefix /aaa"], path: "/aaa/bbb/ccc", taken: "prefix /aaa/bbb" },
  { rules: ["prefix /aaa"], path: "/ccc", taken: undefined },
  { rules: [prefix, exact], path: "/foo", taken: exact },
  { rules: [prefix, exact], path: "/foo/bar", taken: prefix },
  { rules: ["prefix /foo/", exact], path: "/foo", taken: exact },
  // Who goes around a route by dots is led as who comes straight.
  { rules: ["prefix /", "prefix /private"], path: "/shop/../private/keys", taken: "prefix /private" },
  { rules: ["prefix /", "prefix /private"], path: "/shop/%2E%2e/private", taken: "prefix /private" },
  { rules: ["prefix /", "prefix /private"], path: "/./private?x=/..", taken: "prefix /private" },
  { rules: ["prefix /", "prefix /shop"], path: "/shop?next=/private/..", taken: "prefix /shop" },
  { rules: ["prefix /", "prefix /.well-known"], path: "/.well-known/x", taken: "prefix /.well-known" },
];

/** Hosts of rules, the host of the request, the host whose rule gets it. */
export interface HostCase {
  readonly hosts: readonly string[];
  readonly host: string;
  readonly taken: string | undefined;
}

export const hostTable: readonly HostCase[] = [
  { hosts: ["*.foo.com", "foo.bar.com"], host: "foo.bar.com", taken: "foo.bar.com" },
  { hosts: ["*.foo.com", "foo.bar.com"], host: "subdomain.bar.com", taken: undefined },
  { hosts: ["*.foo.com", "foo.bar.com"], host: "bar.foo.com", taken: "*.foo.com" },
  { hosts: ["*.foo.com", "foo.bar.com"], host: "baz.bar.foo.com", taken: undefined },
  { hosts: ["*.foo.com", "foo.bar.com"], host: "foo.com", taken: undefined },
  { hosts: ["*.foo.com", "bar.foo.com"], host: "bar.foo.com", taken: "bar.foo.com" },
  { hosts: ["*.foo.com", ""], host: "bar.foo.com", taken: "*.foo.com" },
  { hosts: ["*.foo.com", ""], host: "foo.com", taken: "" },
  { hosts: [""], host: "", taken: "" },
  { hosts: ["foo.com"], host: "FOO.com:8080", taken: "foo.com" },
  { hosts: ["foo.com"], host: "foo.com.", taken: "foo.com" },
  { hosts: ["", "foo.com"], host: "[::1]:8080", taken: "" },
  { hosts: ["", "*.foo.com"], host: ".foo.com", taken: "" },
];
