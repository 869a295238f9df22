import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { checkFiles } from "@fairway/spec";
import { readDescriptions } from "../platform-folder.ts";
import { addressVariable, wiringOf } from "./service-wiring.ts";
import { environmentOf, readShopServices, shopDatabases } from "./shop-services.ts";
import type { ShopService } from "./shop-services.ts";

const microservices = join(import.meta.dirname, "../../../../microservices");
const files = await readDescriptions(microservices);
const { services } = checkFiles(files);

interface Schema {
  readonly properties: Readonly<Record<string, { readonly default?: unknown }>>;
  readonly required: readonly string[];
}

async function configurationOf(name: string): Promise<Schema> {
  const file = files.find(({ path }) => dirname(path) === name);
  assert.ok(file, `${name} is not in a folder of its name`);
  const { configuration } = (await import(moduleAt(`${name}/src/configuration.ts`))) as { configuration: Schema };
  return configuration;
}

describe("what service.yaml says is all that a service needs to start", () => {
  for (const service of services) {
    const { name } = service.metadata;
    const given = wiringOf(service);

    test(`${name} is given each variable that it cannot do without`, async () => {
      const { properties, required } = await configurationOf(name);
      const missing = required.filter((each) => properties[each]?.default === undefined && !given.has(each));
      assert.deepEqual(missing, []);
    });

    test(`${name} is given nothing that it does not read`, async () => {
      const { properties } = await configurationOf(name);
      assert.deepEqual(
        [...given.keys()].filter((each) => !(each in properties)),
        [],
      );
    });
  }
});

/** All of them in one process beside this one, since a service leaves its marks on the process it lives in. */
const build = `
  import { createService } from ${JSON.stringify(moduleAt("../packages/kit/src/index.ts"))};
  const faults = [];
  for (const { name, module, environment } of JSON.parse(process.env.SERVICES)) {
    try {
      const [make] = Object.values(await import(module));
      createService(make({ PORT: "0", ...environment }));
    } catch (error) {
      faults.push(name + ": " + error.message);
    }
  }
  process.stdout.write(JSON.stringify(faults), () => process.exit());
`;

test("every service can be put together with that and nothing else", async () => {
  const world = {
    url: () => "http://127.0.0.1:9",
    database: () => "postgres://127.0.0.1:9/none",
    secret: () => "a long random text",
  };
  const all = readShopServices(microservices).map((service) => ({
    name: service.name,
    module: moduleAt(`${service.name}/src/service.ts`),
    environment: environmentOf(service, world),
  }));
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", build], {
    env: { SERVICES: JSON.stringify(all) },
  });
  assert.deepEqual(JSON.parse(stdout), []);
});

function moduleAt(path: string): string {
  return pathToFileURL(join(microservices, path)).href;
}

test("a service is called at a variable of its name", () => {
  assert.equal(addressVariable("orders-service"), "ORDERS_URL");
  assert.equal(addressVariable("payments-provider"), "PAYMENTS_PROVIDER_URL");
  assert.equal(addressVariable("service-desk"), "SERVICE_DESK_URL");
});

describe("the shop as processes of one machine", () => {
  const shop = readShopServices(microservices);
  const world = {
    url: (name: string) => `at ${name}`,
    database: (name: string) => `database ${name}`,
    secret: (name: string, key: string) => `${name}: ${key}`,
  };
  const environment = (name: string): Record<string, string> => environmentOf(serviceOf(name), world);

  function serviceOf(name: string): ShopService {
    const found = shop.find((each) => each.name === name);
    assert.ok(found, `there is no ${name}`);
    return found;
  }

  test("has a secret of one name once, so that two services share what is in it", () => {
    for (const name of ["PROVIDER_API_KEY", "WEBHOOK_SECRET"]) {
      assert.ok(environment("billing-service")[name]);
      assert.equal(environment("billing-service")[name], environment("payments-provider")[name]);
    }
  });

  test("finds services at the variables of their names", () => {
    assert.equal(environment("payments-provider")["BILLING_URL"], "at billing-service");
    assert.equal(environment("billing-service")["PAYMENTS_PROVIDER_URL"], "at payments-provider");
  });

  test("starts those first that others lean on", () => {
    const names = shop.map(({ name }) => name);
    assert.ok(names.indexOf("auth-service") < names.indexOf("orders-service"));
    assert.equal(names.at(-1), "gateway-service");
  });

  test("has a database for each that asks for one, and one for events", () => {
    const wanted = ["auth", "billing", "events", "inventory", "orders", "payments_provider", "products", "users"];
    assert.deepEqual(shopDatabases(shop).toSorted(), wanted);
    assert.equal(environment("orders-service")["DATABASE_URL"], "database orders");
    assert.equal(environment("orders-service")["EVENTS_URL"], "database events");
    assert.equal(environment("users-service")["EVENTS_URL"], undefined);
  });
});
