export const languages = ['en', 'es'] as const
export type Language = (typeof languages)[number]
export const languageKey = 'flux-language'

export const isLanguage = (value: string | null | undefined): value is Language =>
  languages.some((language) => language === value)

/**
 * Runs in the head of every page, as `theme-script.ts` does: the language that was chosen on this device, else that of
 * the browser. The page is built in English, so for others it stays hidden until their words are there, or 3 seconds.
 */
export const languageScript =
  "(function(){var d=document.documentElement,l;try{l=localStorage.getItem('flux-language')}catch(e){}if(l!=='en'&&l!=='es')l=/^es\\b/i.test(navigator.language)?'es':'en';if(l!=='en'){d.lang=l;d.dataset.waiting='';setTimeout(function(){delete d.dataset.waiting},3000)}addEventListener('storage',function(e){if(e.key==='flux-language'&&(e.newValue==='en'||e.newValue==='es'))d.lang=e.newValue})})()"
