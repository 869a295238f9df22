import { runService } from "@fairway/kit";
import { ordersService } from "./service.ts";

await runService(ordersService);
