-- A shop with empty shelves shows nothing. These ids are known to the stock of the inventory as well.
INSERT INTO categories (slug, name) VALUES
  ('charts', 'Charts and books'),
  ('deck', 'On deck'),
  ('galley', 'Galley'),
  ('lights', 'Lights and signals'),
  ('wear', 'Foul-weather wear');

INSERT INTO products (id, name, description, category, price_cents, currency, emblem) VALUES
  ('01900000-0000-7000-8000-000000000001', 'Harbour chart', 'The approach to the harbour with all buoys, on paper that stands rain.', 'charts', 2450, 'EUR', 'chart'),
  ('01900000-0000-7000-8000-000000000002', 'Tide tables', 'High and low water for every day of the year, to the minute.', 'charts', 1290, 'EUR', 'book'),
  ('01900000-0000-7000-8000-000000000003', 'Logbook', 'Two hundred pages, sewn, with a column for the weather.', 'charts', 1850, 'EUR', 'logbook'),
  ('01900000-0000-7000-8000-000000000004', 'Brass compass', 'Liquid-filled, gimballed, and calm in any sea.', 'deck', 8900, 'EUR', 'compass'),
  ('01900000-0000-7000-8000-000000000005', 'Anchor, 10 kg', 'A plough anchor that holds in sand and mud.', 'deck', 12900, 'EUR', 'anchor'),
  ('01900000-0000-7000-8000-000000000006', 'Mooring rope, 20 m', 'Braided, soft in the hand, stretches before it breaks.', 'deck', 3990, 'EUR', 'rope'),
  ('01900000-0000-7000-8000-000000000007', 'Life ring', 'Sixty centimetres of orange, with a line of thirty metres.', 'deck', 5490, 'EUR', 'ring'),
  ('01900000-0000-7000-8000-000000000008', 'Bilge pump', 'By hand, forty litres a minute, no battery to run flat.', 'deck', 6750, 'EUR', 'pump'),
  ('01900000-0000-7000-8000-000000000009', 'Enamel mug', 'Keeps coffee hot for a watch and bounces when it falls.', 'galley', 1150, 'EUR', 'mug'),
  ('01900000-0000-7000-8000-00000000000a', 'Ship''s biscuit', 'A tin of twenty-four. Nobody has ever seen one go bad.', 'galley', 890, 'EUR', 'biscuit'),
  ('01900000-0000-7000-8000-00000000000b', 'Gimballed stove', 'One burner that stays level while the boat does not.', 'galley', 15900, 'EUR', 'stove'),
  ('01900000-0000-7000-8000-00000000000c', 'Galley knife', 'Stainless, with a blunt tip and a sheath that floats.', 'galley', 2790, 'EUR', 'knife'),
  ('01900000-0000-7000-8000-00000000000d', 'Masthead light', 'Two nautical miles, one watt.', 'lights', 7450, 'EUR', 'light'),
  ('01900000-0000-7000-8000-00000000000e', 'Storm lantern', 'Burns in wind that blows out everything else.', 'lights', 3250, 'EUR', 'lantern'),
  ('01900000-0000-7000-8000-00000000000f', 'Signal flags', 'The whole alphabet in cotton, with a book that says what it means.', 'lights', 9900, 'EUR', 'flags'),
  ('01900000-0000-7000-8000-000000000010', 'Ship''s bell', 'Cast brass. Rings the watch and calls to dinner.', 'lights', 11900, 'EUR', 'bell'),
  ('01900000-0000-7000-8000-000000000011', 'Oilskin jacket', 'Yellow, and dry on the inside.', 'wear', 13900, 'EUR', 'jacket'),
  ('01900000-0000-7000-8000-000000000012', 'Sea boots', 'Soles that hold on a wet deck.', 'wear', 8450, 'EUR', 'boots'),
  ('01900000-0000-7000-8000-000000000013', 'Wool cap', 'Knitted by somebody who has stood a night watch.', 'wear', 2490, 'EUR', 'cap'),
  ('01900000-0000-7000-8000-000000000014', 'Sailing gloves', 'Full palms, free fingertips.', 'wear', 3190, 'EUR', 'gloves');
