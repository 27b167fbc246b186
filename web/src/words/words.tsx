// The texts of the client in the language of the person. Both languages are one
// type: a text that is missing in one does not compile.

import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { speak } from '../api/ask';
import { datesFor, type Dates } from './dates';
import { en } from './en';
import { it, type Words } from './it';

export type { Words };
export type Language = 'it' | 'en';

export interface Speech {
  language: Language;
  t: Words;
  dates: Dates;
  change(language: Language): void;
}

const languages: Record<Language, { t: Words; locale: string }> = {
  it: { t: it, locale: 'it-IT' },
  en: { t: en, locale: 'en-GB' },
};

const Context = createContext<Speech | null>(null);
const kept = 'smista.language';

/** The language of before; else that of the address, else Italian. */
export function firstLanguage(): Language {
  const asked = new URLSearchParams(location.search).get('lang') ?? localStorage.getItem(kept);
  return asked === 'en' ? 'en' : 'it';
}

/** Gives everything inside it the texts, and changes them without a reload. */
export function Speaking({ children, first = firstLanguage() }: { children: ReactNode; first?: Language }) {
  const [language, change] = useState(first);
  useEffect(() => {
    document.documentElement.lang = language;
    localStorage.setItem(kept, language);
    speak(language);
  }, [language]);
  const speech = useMemo(() => {
    const { t, locale } = languages[language];
    return { language, t, dates: datesFor(locale), change };
  }, [language]);
  return <Context value={speech}>{children}</Context>;
}

/** The texts of one room, which come with it and not with the first page: both languages are one type. */
export type Pair<W> = Readonly<Record<Language, W>>;

export function useWords<W>(pair: Pair<W>): W {
  return pair[useSpeech().language];
}

export function useSpeech(): Speech {
  const speech = useContext(Context);
  if (!speech) {
    throw new Error('outside of <Speaking>');
  }
  return speech;
}
