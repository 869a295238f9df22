// Abbreviations of zones that JavaScript knows by their offset only, by seconds east of Greenwich.

const groups: readonly (readonly [names: string, abbreviations: Readonly<Record<number, string>>])[] = [
  [
    "Europe/Amsterdam Europe/Andorra Europe/Belgrade Europe/Berlin Europe/Bratislava Europe/Brussels Europe/Budapest " +
      "Europe/Busingen Europe/Copenhagen Europe/Gibraltar Europe/Ljubljana Europe/Luxembourg Europe/Madrid " +
      "Europe/Malta Europe/Monaco Europe/Oslo Europe/Paris Europe/Podgorica Europe/Prague Europe/Rome " +
      "Europe/San_Marino Europe/Sarajevo Europe/Skopje Europe/Stockholm Europe/Tirane Europe/Vaduz Europe/Vatican " +
      "Europe/Vienna Europe/Warsaw Europe/Zagreb Europe/Zurich Africa/Algiers Africa/Tunis Africa/Ceuta Arctic/Longyearbyen CET MET",
    { 3600: "CET", 7200: "CEST" },
  ],
  [
    "Europe/Athens Europe/Bucharest Europe/Chisinau Europe/Helsinki Europe/Kiev Europe/Kyiv Europe/Mariehamn " +
      "Europe/Riga Europe/Sofia Europe/Tallinn Europe/Vilnius Asia/Beirut Asia/Nicosia Africa/Cairo Africa/Tripoli EET",
    { 7200: "EET", 10800: "EEST" },
  ],
  ["Europe/Kaliningrad", { 7200: "EET" }],
  ["Europe/Lisbon Atlantic/Madeira Atlantic/Canary Atlantic/Faroe WET", { 0: "WET", 3600: "WEST" }],
  ["Europe/London Europe/Belfast Europe/Jersey Europe/Guernsey Europe/Isle_of_Man GB", { 0: "GMT", 3600: "BST" }],
  ["Europe/Dublin Eire", { 0: "GMT", 3600: "IST" }],
  ["Europe/Moscow Europe/Simferopol", { 10800: "MSK", 14400: "MSD" }],
  ["Africa/Johannesburg Africa/Maseru Africa/Mbabane", { 7200: "SAST" }],
  ["Africa/Lagos Africa/Kinshasa Africa/Luanda Africa/Douala Africa/Libreville", { 3600: "WAT" }],
  ["Africa/Nairobi Africa/Addis_Ababa Africa/Dar_es_Salaam Africa/Kampala Africa/Mogadishu", { 10800: "EAT" }],
  ["Africa/Maputo Africa/Harare Africa/Lusaka Africa/Kigali Africa/Khartoum", { 7200: "CAT" }],
  ["Africa/Accra Africa/Abidjan Africa/Dakar Atlantic/Reykjavik", { 0: "GMT" }],
  ["Asia/Jerusalem Asia/Tel_Aviv Israel", { 7200: "IST", 10800: "IDT" }],
  ["Asia/Kolkata Asia/Calcutta", { 19800: "IST" }],
  ["Asia/Karachi", { 18000: "PKT" }],
  ["Asia/Shanghai Asia/Taipei Asia/Macau Asia/Chongqing Asia/Harbin PRC", { 28800: "CST", 32400: "CDT" }],
  ["Asia/Hong_Kong Hongkong", { 28800: "HKT" }],
  ["Asia/Tokyo Japan", { 32400: "JST" }],
  ["Asia/Seoul Asia/Pyongyang ROK", { 32400: "KST" }],
  ["Asia/Manila", { 28800: "PST" }],
  ["Asia/Jakarta Asia/Pontianak", { 25200: "WIB" }],
  ["Asia/Makassar", { 28800: "WITA" }],
  ["Asia/Jayapura", { 32400: "WIT" }],
  [
    "Australia/Sydney Australia/Melbourne Australia/Hobart Australia/Canberra Australia/Brisbane",
    { 36000: "AEST", 39600: "AEDT" },
  ],
  ["Australia/Adelaide Australia/Darwin Australia/Broken_Hill", { 34200: "ACST", 37800: "ACDT" }],
  ["Australia/Perth", { 28800: "AWST" }],
  ["Pacific/Auckland Antarctica/McMurdo NZ", { 43200: "NZST", 46800: "NZDT" }],
  ["America/Halifax America/Puerto_Rico America/Bermuda Atlantic/Bermuda", { [-14400]: "AST", [-10800]: "ADT" }],
  ["America/St_Johns", { [-12600]: "NST", [-9000]: "NDT" }],
  ["America/Mexico_City America/Costa_Rica America/Guatemala", { [-21600]: "CST", [-18000]: "CDT" }],
  ["America/Havana", { [-18000]: "CST", [-14400]: "CDT" }],
  ["America/Jamaica America/Panama", { [-18000]: "EST" }],
  ["Pacific/Guam", { 36000: "ChST" }],
];

export const zoneAbbreviations: ReadonlyMap<string, Readonly<Record<number, string>>> = new Map(
  groups.flatMap(([names, abbreviations]) => names.split(" ").map((name) => [name, abbreviations] as const)),
);
