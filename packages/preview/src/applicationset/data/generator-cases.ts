import type { KnownCluster, KnownPullRequest } from "../world.ts";

/** What a generator gives in a small world: facts of Argo CD's own tests and documentation as data. */
export interface GeneratorCase {
  readonly name: string;
  /** In YAML. */
  readonly generator: string;
  /** Files with their texts, or folders with a space between them. */
  readonly files?: Readonly<Record<string, string>> | string;
  readonly clusters?: readonly KnownCluster[];
  readonly pullRequests?: readonly KnownPullRequest[];
  readonly isGo?: boolean;
  readonly options?: readonly string[];
  /** The parameter sets in YAML. */
  readonly gives?: string;
  readonly error?: RegExp;
}

const listCases: readonly GeneratorCase[] = [
  {
    name: "list: elements, with values under their own name",
    generator: "list: {elements: [{cluster: c, url: u}, {cluster: d, values: {foo: bar}}]}",
    gives: "[{cluster: c, url: u}, {cluster: d, values.foo: bar}]",
  },
  {
    name: "list: elements as they are in Go templates",
    generator: "list: {elements: [{cluster: c, count: 1, values: {foo: [bar]}}]}",
    isGo: true,
    gives: "[{cluster: c, count: 1, values: {foo: [bar]}}]",
  },
  {
    name: "list: elementsYaml come after the elements",
    generator: `list: {elements: [{cluster: c}], elementsYaml: '[{"cluster": "d"}, {"cluster": "e"}]'}`,
    isGo: true,
    gives: "[{cluster: c}, {cluster: d}, {cluster: e}]",
  },
  {
    name: "list: a number needs Go templates",
    generator: "list: {elements: [{count: 1}]}",
    error: /list element "count" is no string; goTemplate: true allows others/,
  },
];

const tree = "app1 app2 app_3 p1/app2 p1/app3 p1/p2/app3 p1/p2/p3/app4 .hidden/app p2/app3";

const directoryCases: readonly GeneratorCase[] = [
  {
    name: "git directories: one level, names made fit for objects",
    generator: "git: {repoURL: r, directories: [{path: 'app*'}]}",
    files: tree,
    gives: `
- {path: app1, path.basename: app1, path.basenameNormalized: app1, 'path[0]': app1}
- {path: app2, path.basename: app2, path.basenameNormalized: app2, 'path[0]': app2}
- {path: app_3, path.basename: app_3, path.basenameNormalized: app-3, 'path[0]': app_3}`,
  },
  {
    name: "git directories: a star is one segment",
    generator: "git: {repoURL: r, directories: [{path: p1/*}, {path: p1/*/*}]}",
    files: "app1 p1/app2 p1/x/app3 p1/x/w/app4",
    gives: `
- {path: p1/app2, path.basename: app2, path.basenameNormalized: app2, 'path[0]': p1, 'path[1]': app2}
- {path: p1/x, path.basename: x, path.basenameNormalized: x, 'path[0]': p1, 'path[1]': x}
- {path: p1/x/app3, path.basename: app3, path.basenameNormalized: app3, 'path[0]': p1, 'path[1]': x, 'path[2]': app3}
- {path: p1/x/w, path.basename: w, path.basenameNormalized: w, 'path[0]': p1, 'path[1]': x, 'path[2]': w}`,
  },
  {
    name: "git directories: what is excluded stays out, wherever it stands in the list",
    generator: "git: {repoURL: r, directories: [{path: p1/*, exclude: true}, {path: '*/*'}]}",
    files: "app1 p1/app2 p1/app3 p2/app3",
    gives: "[{path: p2/app3, path.basename: app3, path.basenameNormalized: app3, 'path[0]': p2, 'path[1]': app3}]",
  },
  {
    name: "git directories: hidden folders are passed over",
    generator: "git: {repoURL: r, directories: [{path: '*'}, {path: '*/*'}]}",
    files: ".hidden/app .git2",
    gives: "[]",
  },
  {
    name: "git directories: a prefix of the parameters",
    generator: "git: {repoURL: r, pathParamPrefix: mine, directories: [{path: a/*}]}",
    files: "a/b",
    gives:
      "[{mine.path: a/b, mine.path.basename: b, mine.path.basenameNormalized: b, 'mine.path[0]': a, 'mine.path[1]': b}]",
  },
  {
    name: "git directories: Go templates get one object",
    generator: "git: {repoURL: r, directories: [{path: a/*}]}",
    files: "a/b_c",
    isGo: true,
    gives: "[{path: {path: a/b_c, basename: b_c, basenameNormalized: b-c, segments: [a, b_c]}}]",
  },
  {
    name: "git directories: Go templates with a prefix",
    generator: "git: {repoURL: r, pathParamPrefix: mine, directories: [{path: a/*}]}",
    files: "a/b",
    isGo: true,
    gives: "[{mine: {path: {path: a/b, basename: b, basenameNormalized: b, segments: [a, b]}}}]",
  },
  {
    name: "git directories: values are filled from the parameters, and unknown names stay",
    generator: `git: {repoURL: r, directories: [{path: a/*}], values: {foo: bar, aaa: "{{ path[0] }}", no-op: "{{ no }}"}}`,
    files: "a/b",
    gives: `[{path: a/b, path.basename: b, path.basenameNormalized: b, 'path[0]': a, 'path[1]': b, values.foo: bar, values.aaa: a, values.no-op: "{{ no }}"}]`,
  },
  {
    name: "git: values can't be made of one another",
    generator: `git: {repoURL: r, directories: [{path: a}], values: {a: lol, b: "{{values.a}}{{values.a}}"}}`,
    files: "a",
    gives: `[{path: a, path.basename: a, path.basenameNormalized: a, 'path[0]': a, values.a: lol, values.b: "{{values.a}}{{values.a}}"}]`,
  },
  {
    name: "git: an address has to be given",
    generator: "git: {directories: [{path: '*'}]}",
    error: /a git generator has no repoURL/,
  },
];

const place =
  "path: a/b, path.basename: b, path.filename: c_d.json, path.basenameNormalized: b, path.filenameNormalized: c-d.json, 'path[0]': a, 'path[1]': b";

const fileCases: readonly GeneratorCase[] = [
  {
    name: "git files: nested values get dotted names",
    generator: "git: {repoURL: r, files: [{path: '**/c_d.json'}]}",
    files: {
      "a/b/c_d.json": `{"cluster": {"name": "x", "zones": ["p", {"q": true}]}, "key": 2.5, "none": {}, "nil": null}`,
    },
    gives: `[{cluster.name: x, cluster.zones.0: p, cluster.zones.1.q: 'true', key: '2.5', nil: '<nil>', ${place}}]`,
  },
  {
    name: "git files: numbers are printed as Go prints them",
    generator: "git: {repoURL: r, files: [{path: a/b/c_d.json}]}",
    files: { "a/b/c_d.json": `{"small": 100000, "large": 1000000, "odd": 123456789}` },
    gives: `[{small: '100000', large: 1e+06, odd: 1.23456789e+08, ${place}}]`
      .replace("1e+06", "'1e+06'")
      .replace("1.23456789e+08", "'1.23456789e+08'"),
  },
  {
    name: "git files: a list in a file gives a set for each of its items",
    generator: "git: {repoURL: r, files: [{path: a/b/c_d.json}]}",
    files: { "a/b/c_d.json": `[{"name": "x"}, {"name": "w"}]` },
    gives: `[{name: x, ${place}}, {name: w, ${place}}]`,
  },
  {
    name: "git files: an empty file gives the path alone",
    generator: "git: {repoURL: r, files: [{path: a/b/c_d.json}]}",
    files: { "a/b/c_d.json": "" },
    gives: `[{${place}}]`,
  },
  {
    name: "git files: what is neither an object nor a list is an error that names the file",
    generator: "git: {repoURL: r, files: [{path: a.json}]}",
    files: { "a.json": "this is not json or yaml" },
    error: /a\.json: neither an object nor a list of objects/,
  },
  {
    name: "git files: the path wins over a value of that name, and Go templates keep structure",
    generator: "git: {repoURL: r, files: [{path: '*/config.yaml'}], values: {at: '{{ .path.basename }}-{{ .count }}'}}",
    files: { "a/config.yaml": "path: mine\ncount: 1\nlist: [{b: c}]\n" },
    isGo: true,
    gives:
      "[{count: 1, list: [{b: c}], path: {path: a, basename: a, basenameNormalized: a, segments: [a], filename: config.yaml, filenameNormalized: config.yaml}, values: {at: a-1}}]",
  },
  {
    name: "git files: a star goes through folders, as git ls-files does, and excluded files stay out",
    generator:
      "git: {repoURL: r, pathParamPrefix: f, files: [{path: 'c/*.json'}, {path: '*/skip.json', exclude: true}]}",
    files: { "c/a.json": "{}", "c/d/b.json": "{}", "c/d/skip.json": "{}", "x/a.json": "{}" },
    gives: `
- {f.path: c, f.path.basename: c, f.path.basenameNormalized: c, f.path.filename: a.json, f.path.filenameNormalized: a.json, 'f.path[0]': c}
- {f.path: c/d, f.path.basename: d, f.path.basenameNormalized: d, f.path.filename: b.json, f.path.filenameNormalized: b.json, 'f.path[0]': c, 'f.path[1]': d}`,
  },
  {
    name: "git files: a file at the root lies in a dot",
    generator: "git: {repoURL: r, files: [{path: a.json}]}",
    files: { "a.json": "{}" },
    isGo: true,
    gives:
      "[{path: {path: ., basename: ., basenameNormalized: '', segments: [.], filename: a.json, filenameNormalized: a.json}}]",
  },
];

const clusters: readonly KnownCluster[] = [
  {
    name: "staging-01",
    server: "https://staging.example.com",
    labels: { environment: "staging", org: "foo" },
    annotations: { owner: "a" },
  },
  {
    name: "Production_01/West",
    server: "https://production.example.com",
    project: "p",
    labels: { environment: "production" },
  },
];

const clusterCases: readonly GeneratorCase[] = [
  {
    name: "clusters: all of them, and the one that Argo CD runs in at the end",
    generator: "clusters: {values: {at: '{{metadata.labels.environment}}'}}",
    clusters,
    gives: `
- {name: staging-01, nameNormalized: staging-01, server: https://staging.example.com, project: '', metadata.annotations.owner: a, metadata.labels.environment: staging, metadata.labels.org: foo, values.at: staging}
- {name: Production_01/West, nameNormalized: production-01-west, server: https://production.example.com, project: p, metadata.labels.environment: production, values.at: production}
- {name: in-cluster, nameNormalized: in-cluster, server: https://kubernetes.default.svc, project: '', values.at: '{{metadata.labels.environment}}'}`,
  },
  {
    name: "clusters: a selector leaves the local cluster out",
    generator: "clusters: {selector: {matchLabels: {environment: production}}}",
    clusters,
    gives:
      "[{name: Production_01/West, nameNormalized: production-01-west, server: https://production.example.com, project: p, metadata.labels.environment: production}]",
  },
  {
    name: "clusters: expressions of selectors",
    generator:
      "clusters: {selector: {matchExpressions: [{key: environment, operator: In, values: [staging, production]}, {key: org, operator: Exists}, {key: gone, operator: DoesNotExist}, {key: environment, operator: NotIn, values: [x]}]}}",
    clusters,
    isGo: true,
    gives:
      "[{name: staging-01, nameNormalized: staging-01, server: https://staging.example.com, project: '', metadata: {annotations: {owner: a}, labels: {environment: staging, org: foo}}}]",
  },
  {
    name: "clusters: a flat list is one set",
    generator:
      "clusters: {flatList: true, selector: {matchLabels: {environment: production}}, values: {a: '{{.name}}'}}",
    clusters,
    isGo: true,
    gives:
      "[{clusters: [{name: Production_01/West, nameNormalized: production-01-west, server: https://production.example.com, project: p, metadata: {labels: {environment: production}}, values: {a: Production_01/West}}]}]",
  },
  {
    name: "clusters: a selector of a generator goes over the parameters, addresses too",
    generator: "{clusters: {}, selector: {matchLabels: {server: 'https://kubernetes.default.svc'}}}",
    clusters,
    gives: "[{name: in-cluster, nameNormalized: in-cluster, server: https://kubernetes.default.svc, project: ''}]",
  },
  {
    name: "clusters: a selector of a generator sees the labels in Go templates",
    generator: "{clusters: {}, selector: {matchLabels: {metadata.labels.org: foo}}}",
    clusters,
    isGo: true,
    gives:
      "[{name: staging-01, nameNormalized: staging-01, server: https://staging.example.com, project: '', metadata: {annotations: {owner: a}, labels: {environment: staging, org: foo}}}]",
  },
  {
    name: "clusters: an unknown operator",
    generator: "clusters: {selector: {matchExpressions: [{key: a, operator: Near}]}}",
    clusters,
    error: /"Near" is not a valid label selector operator/,
  },
];

const matrixCases: readonly GeneratorCase[] = [
  {
    name: "matrix: every pair",
    generator:
      "matrix: {generators: [{git: {repoURL: r, directories: [{path: '*'}]}}, {list: {elements: [{c: x}, {c: w}]}}]}",
    files: "a b",
    gives: `
- {path: a, path.basename: a, path.basenameNormalized: a, 'path[0]': a, c: x}
- {path: a, path.basename: a, path.basenameNormalized: a, 'path[0]': a, c: w}
- {path: b, path.basename: b, path.basenameNormalized: b, 'path[0]': b, c: x}
- {path: b, path.basename: b, path.basenameNormalized: b, 'path[0]': b, c: w}`,
  },
  {
    name: "matrix: the second generator uses what the first gives",
    generator:
      "matrix: {generators: [{list: {elements: [{env: staging}, {env: production}]}}, {clusters: {selector: {matchLabels: {environment: '{{env}}'}}, values: {of: '{{env}}-{{name}}'}}}]}",
    clusters,
    gives: `
- {env: staging, name: staging-01, nameNormalized: staging-01, server: https://staging.example.com, project: '', metadata.annotations.owner: a, metadata.labels.environment: staging, metadata.labels.org: foo, values.of: staging-staging-01}
- {env: production, name: Production_01/West, nameNormalized: production-01-west, server: https://production.example.com, project: p, metadata.labels.environment: production, values.of: production-Production_01/West}`,
  },
  {
    name: "matrix: values in Go templates may name what their own generator gives",
    generator:
      "matrix: {generators: [{list: {elements: [{env: production}]}}, {clusters: {selector: {matchLabels: {environment: '{{.env}}'}}, values: {mine: '{{.name}}', outer: '{{.env}}'}}}]}",
    clusters,
    isGo: true,
    gives:
      "[{env: production, name: Production_01/West, nameNormalized: production-01-west, server: https://production.example.com, project: p, metadata: {labels: {environment: production}}, values: {mine: Production_01/West, outer: production}}]",
  },
  {
    name: "matrix: elementsYaml made of the first generator's list",
    generator:
      "matrix: {generators: [{git: {repoURL: r, files: [{path: a.yaml}], pathParamPrefix: f}}, {list: {elements: [], elementsYaml: '{{ .apps | toJson }}'}}]}",
    files: { "a.yaml": "apps: [{it: x}, {it: z}]" },
    isGo: true,
    gives: `
- {it: x, apps: &apps [{it: x}, {it: z}], f: &f {path: {path: ., basename: ., basenameNormalized: '', segments: [.], filename: a.yaml, filenameNormalized: a.yaml}}}
- {it: z, apps: *apps, f: *f}`,
  },
  {
    name: "matrix: the same name with two values is an error",
    generator: "matrix: {generators: [{list: {elements: [{a: x}]}}, {list: {elements: [{a: w}]}}]}",
    error: /both generators of a matrix give "a", with different values: "x" and "w"/,
  },
  {
    name: "matrix: in Go templates the first generator wins",
    generator:
      "matrix: {generators: [{list: {elements: [{a: x, m: {p: 1}}]}}, {list: {elements: [{a: w, m: {q: 2}}]}}]}",
    isGo: true,
    gives: "[{a: x, m: {p: 1, q: 2}}]",
  },
  {
    name: "matrix: not fewer and not more than two generators",
    generator: "matrix: {generators: [{list: {elements: [{a: x}]}}]}",
    error: /a matrix has two generators; found 1/,
  },
  {
    name: "matrix: inside a matrix",
    generator:
      "matrix: {generators: [{matrix: {generators: [{list: {elements: [{a: x}]}}, {list: {elements: [{b: '{{a}}w'}]}}]}}, {list: {elements: [{c: '{{b}}z'}]}}]}",
    gives: "[{a: x, b: xw, c: xwz}]",
  },
];

const mergeCases: readonly GeneratorCase[] = [
  {
    name: "merge: later generators override where the keys are the same",
    generator:
      "merge: {mergeKeys: [a, b], generators: [{list: {elements: [{a: '1', b: '1', c: base}, {a: '1', b: '2', c: base}]}}, {list: {elements: [{a: '1', b: '1', c: over}, {a: '3', b: '3', c: lost}]}}, {list: {elements: [{a: '1', b: '1', d: more}]}}]}",
    gives: "[{a: '1', b: '1', c: over, d: more}, {a: '1', b: '2', c: base}]",
  },
  {
    name: "merge: a missing key is a value of its own",
    generator:
      "merge: {mergeKeys: [k], generators: [{list: {elements: [{a: x}]}}, {list: {elements: [{b: w}, {k: z, b: no one}]}}]}",
    gives: "[{a: x, b: w}]",
  },
  {
    name: "merge: deeply in Go templates",
    generator:
      "merge: {mergeKeys: [k], generators: [{list: {elements: [{k: 1, m: {p: 1, q: 1}}]}}, {list: {elements: [{k: 1, m: {q: 2}}]}}]}",
    isGo: true,
    gives: "[{k: 1, m: {p: 1, q: 2}}]",
  },
  {
    name: "merge: two sets with the same keys in one generator",
    generator:
      "merge: {mergeKeys: [k], generators: [{list: {elements: [{k: x}, {k: x}]}}, {list: {elements: [{k: x}]}}]}",
    error: /a generator of a merge gives two sets with the same merge keys: k="x"/,
  },
  {
    name: "merge: keys have to be given",
    generator: "merge: {generators: [{list: {elements: [{k: x}]}}, {list: {elements: [{k: x}]}}]}",
    error: /a merge has no mergeKeys/,
  },
  {
    name: "merge: two generators at least",
    generator: "merge: {mergeKeys: [k], generators: [{list: {elements: [{k: x}]}}]}",
    error: /a merge has two generators or more; found 1/,
  },
  {
    name: "merge: a selector of an inner generator",
    generator:
      "merge: {mergeKeys: [k], generators: [{list: {elements: [{k: x}, {k: w}]}, selector: {matchLabels: {k: w}}}, {list: {elements: [{k: w, b: z}]}}]}",
    gives: "[{k: w, b: z}]",
  },
];

const sha = "089d92cbf9ff857a39e6feccd32798ca700fb958";
const pullRequests: readonly KnownPullRequest[] = [
  {
    number: 1,
    title: "one",
    branch: "my_branch",
    targetBranch: "master",
    headSha: sha,
    author: "tester",
    labels: ["preview"],
  },
  {
    number: 2,
    branch: "feat/a_really+long_pull_request_name_to_test_argo_slugification_and_branch_name_shortening_feature",
    targetBranch:
      "feat/anotherreally+long_pull_request_name_to_test_argo_slugification_and_branch_name_shortening_feature",
    headSha: "abc",
  },
];

const pullRequestCases: readonly GeneratorCase[] = [
  {
    name: "pullRequest: numbers, branches and commits, short ones too",
    generator: "pullRequest: {github: {owner: o, repo: r}, values: {of: 'pr-{{number}}'}}",
    pullRequests,
    gives: `
- {number: '1', title: one, branch: my_branch, branch_slug: my-branch, target_branch: master, target_branch_slug: master, head_sha: ${sha}, head_short_sha: 089d92cb, head_short_sha_7: 089d92c, author: tester, values.of: pr-1}
- {number: '2', title: '', branch: feat/a_really+long_pull_request_name_to_test_argo_slugification_and_branch_name_shortening_feature, branch_slug: feat-a-really-long-pull-request-name-to-test-argo, target_branch: feat/anotherreally+long_pull_request_name_to_test_argo_slugification_and_branch_name_shortening_feature, target_branch_slug: feat-anotherreally-long-pull-request-name-to-test, head_sha: abc, head_short_sha: abc, head_short_sha_7: abc, author: '', values.of: pr-2}`,
  },
  {
    name: "pullRequest: labels choose, and Go templates see them",
    generator: "pullRequest: {github: {owner: o, repo: r, labels: [preview]}}",
    pullRequests,
    isGo: true,
    gives: `[{number: '1', title: one, branch: my_branch, branch_slug: my-branch, target_branch: master, target_branch_slug: master, head_sha: ${sha}, head_short_sha: 089d92cb, head_short_sha_7: 089d92c, author: tester, labels: [preview]}]`,
  },
  {
    name: "pullRequest: filters, one of which has to pass",
    generator:
      "pullRequest: {gitlab: {project: '1'}, filters: [{branchMatch: ^none$}, {branchMatch: ^my, titleMatch: two}]}",
    pullRequests,
    gives: "[]",
  },
  {
    name: "pullRequest: a broken filter",
    generator: "pullRequest: {github: {}, filters: [{branchMatch: '('}]}",
    pullRequests,
    error: /filter of pull requests/,
  },
];

const otherCases: readonly GeneratorCase[] = [
  {
    name: "a generator that asks a service is refused by name",
    generator: "scmProvider: {github: {organization: o}}",
    error: /generator "scmProvider" asks a service/,
  },
  {
    name: "a plugin is refused by name",
    generator: "plugin: {configMapRef: {name: x}}",
    error: /generator "plugin" asks/,
  },
  {
    name: "an unknown generator is answered with those that there are",
    generator: "lists: {elements: []}",
    error: /unrecognized generator lists: expected one of list, git, clusters, matrix, merge, pullRequest/,
  },
];

export const generatorCases: readonly GeneratorCase[] = [
  ...listCases,
  ...directoryCases,
  ...fileCases,
  ...clusterCases,
  ...matrixCases,
  ...mergeCases,
  ...pullRequestCases,
  ...otherCases,
];
