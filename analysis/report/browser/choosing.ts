/// <reference lib="dom" />
import type { Configuration, Section } from "../analysis.ts";
import { preferencesOf, recommended, stability } from "../answer/recommendation.ts";
import { named, stabilityInWords } from "../answer/words.ts";
import { comparisonHtml } from "../page/answer.ts";

/** Joins the chooser, the preferences and the comparison below them. */
export function choosing(section: Section): void {
  const of = <Found extends Element>(selector: string) => document.querySelector<Found>(`${selector}[data-section="${section.id}"]`);
  const place = document.getElementById(`${section.id}-comparison`);
  const chooser = of<HTMLFormElement>("form.chooser");
  if (place === null || chooser === null) return;
  const side = (name: "before" | "after") => chooser.querySelector<HTMLSelectElement>(`select[data-side="${name}"]`);
  const configuration = (id: string | undefined) => section.configurations.find((own) => own.id === id);
  const compare = () => {
    const [before, after] = [configuration(side("before")?.value), configuration(side("after")?.value)];
    if (before === undefined || after === undefined) return;
    place.innerHTML = before === after ? `<p>Choose two configurations.</p>` : comparisonHtml(section, before, after).text;
  };
  chooser.addEventListener("change", compare);
  chooser.addEventListener("submit", (event) => event.preventDefault());
  compare();
  const form = of<HTMLFormElement>("form.preferences");
  if (form !== null)
    preferring(section, form, (chosen) => {
      const select = side("after");
      if (select !== null) select.value = chosen.id;
      compare();
    });
}

/** The recommendation follows what is set; `onChange` is told of each that is another. */
function preferring(section: Section, form: HTMLFormElement, onChange: (chosen: Configuration) => void): void {
  let last = section.answer.recommendation?.configuration;
  const numbers = (attribute: "weight" | "limit") =>
    Object.fromEntries(
      [...form.querySelectorAll<HTMLInputElement>(`input[data-${attribute}]`)].flatMap((input): [string, number][] =>
        input.value === "" ? [] : [[input.dataset[attribute] ?? "", Number(input.value)]],
      ),
    );
  const told = form.querySelector(".preferred");
  const follow = () => {
    const preferences = preferencesOf(section, numbers("weight"), numbers("limit"));
    for (const input of form.querySelectorAll<HTMLInputElement>("input[data-weight]")) {
      const output = input.parentElement?.querySelector("output");
      if (output) output.textContent = (preferences.weights[input.dataset.weight ?? ""] ?? 0).toFixed(2);
    }
    const chosen = recommended(section, preferences);
    const symbolOf = (key: string) => section.objectives.find((axis) => axis.key === key)?.symbol ?? key;
    if (told)
      told.textContent =
        chosen === null
          ? "No configuration is within these limits."
          : `With these preferences: ${named(chosen)}. ${stabilityInWords(stability(section, preferences), symbolOf)}`;
    if (chosen !== null && chosen.id !== last) {
      last = chosen.id;
      onChange(chosen);
    }
  };
  form.addEventListener("input", follow);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(follow));
  follow();
}
