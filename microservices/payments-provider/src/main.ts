import { runService } from "@fairway/kit";
import { paymentsProvider } from "./service.ts";

await runService(paymentsProvider);
