/** Of the page. Its hash stands in the Content-Security-Policy: the page allows no other. */
export const STYLE = `
:root { color-scheme: light dark; --back: #fff; --text: #1c2024; --quiet: #5c6570; --line: #d9dee3; --box: #f5f7f9; --link: #0b5cad; --accent: #8a3b00; }
@media (prefers-color-scheme: dark) {
  :root { --back: #14171a; --text: #e3e7eb; --quiet: #9aa5b1; --line: #333a41; --box: #1d2226; --link: #7ab8ff; --accent: #ffb27a; }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; background: var(--back); color: var(--text); font: 1rem/1.55 system-ui, sans-serif; }
a { color: var(--link); }
h1, h2, h3, h4 { line-height: 1.25; }
h3 a { color: inherit; text-decoration: none; }
h3 a:hover { text-decoration: underline; }
h4 { margin: 1.25rem 0 .25rem; color: var(--quiet); }
code, pre { font: .875em/1.5 ui-monospace, monospace; }
code { overflow-wrap: anywhere; }
pre { padding: .75rem; overflow-x: auto; background: var(--box); border: 1px solid var(--line); border-radius: .375rem; }
.copy { margin: -.5rem 0 1rem; padding: .125rem .625rem; font: inherit; font-size: .875rem; color: inherit; background: var(--box); border: 1px solid var(--quiet); border-radius: .375rem; cursor: pointer; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { padding: .25rem 1rem .25rem 0; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 1rem; }
.layout { display: grid; gap: 1rem; max-width: 80rem; margin: 0 auto; padding: 1rem; }
nav ul { margin: 0 0 .75rem; padding: 0; list-style: none; }
nav li { padding: .125rem 0; }
main { min-width: 0; }
.call { margin: 1rem 0 2.5rem; padding-top: .5rem; border-top: 1px solid var(--line); }
.method { padding: .0625rem .375rem; border: 1px solid; border-radius: .25rem; font-weight: 600; font-size: .8125rem; color: var(--accent); }
dl { margin: .25rem 0; }
.members .members, .alternatives { margin: .25rem 0 0; padding-left: .75rem; border-left: 2px solid var(--line); }
.alternatives { list-style: none; }
dt { margin-top: .5rem; }
dd { margin: 0 0 0 1rem; }
dd p { margin: 0; }
.type, .limits, .headers { color: var(--quiet); font-size: .875rem; }
.required { color: var(--accent); font-size: .875rem; }
@media (min-width: 60rem) {
  .layout { grid-template-columns: 16rem minmax(0, 1fr); gap: 2.5rem; }
  nav { position: sticky; top: 1rem; align-self: start; max-height: calc(100vh - 2rem); overflow-y: auto; }
}
`;
