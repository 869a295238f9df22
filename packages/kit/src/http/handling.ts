import { authorize } from "./authorize.ts";
import { ClientGoneError, Deadline, remainingFrom } from "./deadline.ts";
import { finish, problemReply, sendable } from "./outcome.ts";
import { formatTraceparent, parseTraceparent } from "../telemetry/trace-context.ts";
import { HandlerRequest } from "./handler-request.ts";
import { headerText } from "./exchange.ts";
import { inContext } from "../telemetry/request-context.ts";
import type { ApplicationContext } from "./application.ts";
import type { Caller, Reply } from "./route.ts";
import type { DeadlineOwner } from "./deadline.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Incoming, Outgoing } from "./exchange.ts";
import type { RequestContext } from "../telemetry/request-context.ts";
import type { RouteMatch } from "./router.ts";
import type { Span } from "../telemetry/tracer.ts";

const unsampled = { traceId: `${"0".repeat(31)}1`, spanId: `${"0".repeat(15)}1`, sampled: false };
const noBytes = new Uint8Array();

/** One request on its way to its only answer; what it awaits finds it as the current context. */
export class Exchange implements RequestContext, DeadlineOwner {
  readonly incoming: Incoming;
  readonly path: string;
  readonly search: string;
  readonly span: Span;
  readonly started: number;
  readonly time: Deadline;
  readonly endpoint: Endpoint;
  readonly params: Readonly<Record<string, string>>;
  readonly #context: ApplicationContext;
  #caller: Caller | undefined;
  #answered = false;

  constructor(context: ApplicationContext, incoming: Incoming, { value: endpoint, params }: RouteMatch<Endpoint>) {
    const { target, headers } = incoming;
    const mark = target.indexOf("?");
    this.incoming = incoming;
    this.endpoint = endpoint;
    this.params = params;
    this.path = mark === -1 ? target : target.slice(0, mark);
    this.search = mark === -1 ? "" : target.slice(mark + 1);
    this.started = performance.now();
    this.time = new Deadline(this.started, Math.min(endpoint.timeoutMs, remainingFrom(headers)), this);
    const traceparent = headerText(headers, "traceparent");
    const parent = traceparent && parseTraceparent(traceparent, headerText(headers, "tracestate"));
    this.span = context.telemetry.tracer.startSpan(endpoint.spanName, undefined, {
      kind: "server",
      parent: parent || (endpoint.quiet ? unsampled : "none"),
      started: this.started,
    });
    this.#context = context;
    context.load.active++;
  }

  get deadline(): number {
    return this.time.at;
  }

  begin(): void {
    const { route, quiet } = this.endpoint;
    const { rateLimit, tokens } = this.#context;
    try {
      if (!quiet) rateLimit?.admit(this.incoming);
      if (route.access === "public") return this.#readBody();
      this.time.watch();
      inContext(this, () => authorize(route.access, this.incoming.headers, tokens)).then(
        (caller) => this.#admitted(caller),
        (error: unknown) => this.fail(error),
      );
    } catch (error) {
      this.fail(error);
    }
  }

  /** The answer for what was thrown. */
  fail(error: unknown): void {
    if (!this.#answered) this.#answer(inContext(this, () => problemReply(this.#context, this, error)));
  }

  onOver(reason: Error): void {
    this.fail(reason);
  }

  #admitted(caller: Caller | undefined): void {
    this.#caller = caller;
    if (!this.#answered) this.#readBody();
  }

  #readBody(): void {
    if (this.endpoint.route.method === "GET") return inContext(this, () => this.#handle(noBytes));
    this.time.watch();
    this.incoming.readBody(
      this.endpoint.bodyBytesMax,
      (bytes) => inContext(this, () => this.#handle(bytes)),
      (error) => this.fail(error),
    );
  }

  #handle(rawBody: Uint8Array): void {
    // The time was over while the body came.
    if (this.#answered) return;
    try {
      const { log } = this.#context.telemetry;
      const request = new HandlerRequest({ exchange: this, caller: this.#caller, rawBody, log });
      const replied = this.endpoint.route.handler(request);
      if (!(replied instanceof Promise)) return this.#answer(sendable(this.#context, this.endpoint, replied));
      this.time.watch();
      this.incoming.onGone(() =>
        this.time.stop(new ClientGoneError("the client closed the connection before the answer")),
      );
      replied.then(
        (reply) => this.#reply(reply),
        (error: unknown) => this.fail(error),
      );
    } catch (error) {
      this.fail(error);
    }
  }

  #reply(reply: Reply): void {
    if (this.#answered) return;
    try {
      this.#answer(sendable(this.#context, this.endpoint, reply));
    } catch (error) {
      this.fail(error);
    }
  }

  #answer(outgoing: Outgoing): void {
    const { cors, load, served } = this.#context;
    this.#answered = true;
    this.time.unwatch();
    load.active--;
    outgoing.headers["x-service-version"] ??= served;
    outgoing.headers["traceresponse"] = formatTraceparent(this.span.context);
    cors?.decorate(this.incoming, outgoing);
    finish(this.#context, this, outgoing.status);
    this.incoming.answer(outgoing);
  }
}
