import { runService } from "@fairway/kit";
import { usersService } from "./service.ts";

await runService(usersService);
