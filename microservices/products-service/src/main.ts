import { runService } from "@fairway/kit";
import { productsService } from "./service.ts";

await runService(productsService);
