/** What `shop start` and `shop run` have in common. */
export const shopOptions = {
  folder: { type: "string", valueName: "DIR", summary: "where database, logs and state are kept (.fairway/shop)" },
  port: {
    type: "integer",
    valueName: "N",
    min: 0,
    max: 65_535,
    summary: "where the gateway listens (8080; 0 takes a free one)",
  },
  set: { type: "strings", valueName: "NAME=VALUE", summary: "a setting for the services: FAILURE_RATE=0.2" },
} as const;

export const folderOption = { folder: shopOptions.folder } as const;
