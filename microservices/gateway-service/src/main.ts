import { runService } from "@fairway/kit";
import { gatewayService } from "./service.ts";

await runService(gatewayService);
