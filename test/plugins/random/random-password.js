// What a `RandomPassword` of @pulumi/random takes, and the drawing of one.
const { randomInt } = require("node:crypto");

const classes = [
  { use: "lower", min: "minLower", characters: "abcdefghijklmnopqrstuvwxyz" },
  { use: "upper", min: "minUpper", characters: "ABCDEFGHIJKLMNOPQRSTUVWXYZ" },
  { use: "numeric", min: "minNumeric", characters: "0123456789" },
  { use: "special", min: "minSpecial", characters: "!@#$%&*()-_=+[]{}<>:?" },
];

function withDefaults(inputs) {
  const defaults = classes.flatMap(({ use, min }) => [
    [use, true],
    [min, 0],
  ]);
  return { ...Object.fromEntries(defaults), ...inputs };
}

/** @returns {{ property: string; reason: string }[]} What is wrong with the inputs */
function checkOptions(inputs) {
  const options = withDefaults(inputs);
  if (typeof options.length !== "number") return []; // not known yet
  const least = classes.reduce((sum, { min }) => sum + options[min], 0);
  if (options.length >= Math.max(1, least)) return [];
  return [{ property: "length", reason: `${options.length} is less than ${Math.max(1, least)}` }];
}

/** As many of each class as asked for, the rest from all of them, in any order. */
function drawPassword(options) {
  const charactersOf = ({ use, characters }) =>
    use === "special" && options.overrideSpecial ? options.overrideSpecial : characters;
  const all = classes.filter(({ use }) => options[use]).map(charactersOf);
  const drawn = classes.flatMap((each) => draw(charactersOf(each), options[each.min]));
  return shuffle([...drawn, ...draw(all.join(""), options.length - drawn.length)]).join("");
}

function draw(characters, count) {
  return Array.from({ length: count }, () => characters[randomInt(characters.length)]);
}

function shuffle(items) {
  for (let i = items.length - 1; i > 0; i--) {
    const j = randomInt(i + 1);
    [items[i], items[j]] = [items[j], items[i]];
  }
  return items;
}

module.exports = { checkOptions, drawPassword, withDefaults };
