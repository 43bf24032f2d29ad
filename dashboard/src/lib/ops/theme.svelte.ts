export type ThemeChoice = 'system' | 'light' | 'dark'

const place = 'fastchat.theme'
const choices: readonly ThemeChoice[] = ['system', 'light', 'dark']

/** Light or dark. app.html reads the same place before the first paint. */
export class Theme {
  #choice = $state<ThemeChoice>(kept())

  get choice(): ThemeChoice {
    return this.#choice
  }

  next(): void {
    const choice = choices[(choices.indexOf(this.#choice) + 1) % choices.length] ?? 'system'
    this.#choice = choice
    if (choice === 'system') {
      localStorage.removeItem(place)
      delete document.documentElement.dataset.theme
    } else {
      localStorage.setItem(place, choice)
      document.documentElement.dataset.theme = choice
    }
  }
}

function kept(): ThemeChoice {
  const choice = localStorage.getItem(place)
  return choice === 'light' || choice === 'dark' ? choice : 'system'
}
