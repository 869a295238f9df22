import { runService } from "@fairway/kit";
import { authService } from "./service.ts";

await runService(authService);
