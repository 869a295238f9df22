import { runService } from "@fairway/kit";
import { inventoryService } from "./service.ts";

await runService(inventoryService);
