import { appearanceKey, themeColours } from '@/look/appearance';
import { languageKey, languages } from '@/words/languages';

/**
 * Runs before the first paint, so that nothing shows in the wrong theme, size or language: what `look/appearance.ts` and
 * `words/languages.ts` do later, in as little as possible. Where storage is refused, everything stays as it comes.
 */
export const earlyScript = `(function(d){
try{var a=JSON.parse(localStorage.getItem('${appearanceKey}')||'{}')}catch(e){a={}}
try{var l=localStorage.getItem('${languageKey}')}catch(e){}
if(a.theme==='light'||a.theme==='dark'){d.dataset.theme=a.theme;
document.querySelectorAll('meta[name="theme-color"]').forEach(function(m){m.content=a.theme==='dark'?'${themeColours.dark}':'${themeColours.light}'})}
if(/^(small|large|largest)$/.test(a.textSize))d.dataset.textSize=a.textSize;
var k=${JSON.stringify(languages)};
l=k.indexOf(l)<0?(navigator.languages||[]).map(function(t){return t.toLowerCase().split('-')[0]}).filter(function(t){return k.indexOf(t)>=0})[0]||'en':l;
if(l!=='en'){d.lang=l;d.dataset.words='coming'}
})(document.documentElement)`.replaceAll('\n', '');
