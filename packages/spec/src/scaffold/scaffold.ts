import type { Language } from "../model/service.ts";

/** A file to be written, by its path in the folder that it is for. */
export interface ScaffoldFile {
  readonly path: string;
  readonly text: string;
}

export interface NewPlatform {
  readonly name: string;
}

export function scaffoldPlatform({ name }: NewPlatform): readonly ScaffoldFile[] {
  return [
    { path: "platform.yaml", text: platformText(name) },
    { path: "README.md", text: platformReadme(name) },
    { path: ".gitignore", text: ".fairway/\nnode_modules/\n" },
  ];
}

function platformText(name: string): string {
  return `# yaml-language-server: $schema=https://fairway.dev/schemas/v1/platform.schema.json
# What all services have in common. \`fairway explain platform\` documents each field.
apiVersion: fairway.dev/v1
kind: Platform
metadata: { name: ${name} }
spec:
  # In the order of promotion: a version comes to prod by way of dev and staging.
  environments:
    - name: dev
      gates: { promotion: auto }
    - name: staging
      gates: { smokeTest: {} }
    - name: prod
      gates: { soak: 1h, approvers: { count: 1 } }
`;
}

function platformReadme(name: string): string {
  return `# ${name}

\`platform.yaml\` says what all services have in common; each service has a folder with a \`service.yaml\`.

\`\`\`sh
fairway new service orders --language typescript   # add a service
fairway check                                      # check every description
fairway explain service.release                    # document a field
\`\`\`
`;
}

export interface NewService {
  readonly name: string;
  readonly language: Language;
  readonly owner: string;
}

export function scaffoldService({ name, language, owner }: NewService): readonly ScaffoldFile[] {
  return [{ path: `services/${name}/service.yaml`, text: serviceText({ name, language, owner }) }];
}

function serviceText({ name, language, owner }: NewService): string {
  return `# yaml-language-server: $schema=https://fairway.dev/schemas/v1/service.schema.json
# \`fairway explain service\` documents each field; everything that is not here has a default.
apiVersion: fairway.dev/v1
kind: Service
metadata: { name: ${name}, owner: ${owner} }
spec:
  language: ${language}
  http:
    port: 8080
    # Paths that can be reached from outside.
    public: []
  needs:
    # Network policies, database roles and secrets follow from what stands here.
    calls: []
    publishes: []
    consumes: []
`;
}
