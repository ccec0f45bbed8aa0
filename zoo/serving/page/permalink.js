// The address of an input: #text=…&model=…&models=a,b&lang=en

/** What the address asks for; what it does not name is null. */
export function readAddress() {
  const fields = new URLSearchParams(location.hash.slice(1));
  const models = fields.get("models");
  return {
    text: fields.get("text"),
    model: fields.get("model"),
    compared: models === null ? null : models.split(",").filter(Boolean),
    language: fields.get("lang"),
  };
}

/** Put an input into the address bar without a new entry in the history. */
export function writeAddress({ text, model, compared, language }) {
  const fields = new URLSearchParams({ text });
  if (model) fields.set("model", model);
  fields.set("models", compared.join(","));
  fields.set("lang", language);
  history.replaceState(null, "", `#${fields}`);
}
