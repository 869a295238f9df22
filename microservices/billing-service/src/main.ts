import { runService } from "@fairway/kit";
import { billingService } from "./service.ts";

await runService(billingService);
