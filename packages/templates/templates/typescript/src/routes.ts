import { Problem, type Route } from "./route.ts";

/** What this service is for. Everything else in this folder is the same in every service. */
export const routes: readonly Route[] = [
  {
    method: "GET",
    path: "/greetings/{name}",
    handle: ({ params }) => ({ status: 200, body: { message: `Hello, ${params["name"]}` } }),
  },
  {
    method: "POST",
    path: "/greetings",
    handle: ({ body }) => {
      const name = (body as { name?: unknown } | null)?.name;
      if (typeof name !== "string" || name === "") throw new Problem(400, "the body needs a name");
      return { status: 201, body: { message: `Hello, ${name}` } };
    },
  },
];
