// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace luthien::archive {

/// How an exported session looks; the colours are those of the window.
inline constexpr std::string_view kHtmlStyle = R"css(
:root { color-scheme: light dark;
  --canvas: #ffffff; --panel: #f6f7f9; --line: #e4e7ec; --text: #14171f; --text2: #474e5c; --text3: #5f6775;
  --accent: #3a56d4; --allow: #17693b; --modify: #7c4a03; --modify-soft: #fcf0d5; --block: #b3261e;
  --block-soft: #fde9e7; --hold: #5b3cc4; --hold-soft: #efeafd; --mark: #ffd9d5; }
@media (prefers-color-scheme: dark) { :root {
  --canvas: #0e1015; --panel: #13161c; --line: #232832; --text: #e2e6ed; --text2: #adb5c3; --text3: #8b94a5;
  --accent: #8ea4ff; --allow: #67d391; --modify: #eebd54; --modify-soft: #2b2210; --block: #ff8f87;
  --block-soft: #35181a; --hold: #bba6ff; --hold-soft: #241d3c; --mark: #6b2522; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--canvas); color: var(--text); line-height: 1.5;
  font: 15px/1.5 Inter, system-ui, -apple-system, "Segoe UI", sans-serif; }
main { max-width: 56rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.35rem; margin: 0 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1rem; margin: 0; }
h3 { font-size: .8rem; margin: 1.5rem 0 .4rem; color: var(--text2); font-weight: 600; }
p { margin: .2rem 0; overflow-wrap: anywhere; }
.head { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.25rem; margin: 0 0 1.5rem;
  padding: 1rem 1.25rem; background: var(--panel); border: 1px solid var(--line); border-radius: 8px; }
.head dt { color: var(--text3); } .head dd { margin: 0; overflow-wrap: anywhere; }
.call { border-top: 1px solid var(--line); margin-top: 2rem; padding-top: 1.25rem; }
.call header { display: flex; flex-wrap: wrap; gap: .3rem .8rem; align-items: baseline; }
.meta, .faint { color: var(--text3); font-size: .8rem; overflow-wrap: anywhere; }
.text, .mono, .quote { white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; }
.mono, .quote { font: 13px/1.5 "JetBrains Mono", ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
.user .text { background: var(--panel); border-left: 3px solid var(--accent); padding: .6rem .9rem; border-radius: 6px; }
.text + .text { margin-top: .6rem; }
.refusal { color: var(--modify); }
.card { border: 1px solid var(--line); border-radius: 8px; margin: .6rem 0; overflow: hidden; }
.card > summary, .bar { padding: .4rem .8rem; background: var(--panel); color: var(--text2); font-size: .85rem; }
.card > summary { cursor: pointer; }
.bar > * { margin-right: .6rem; }
.name { font-weight: 600; color: var(--text); }
.body { margin: 0; padding: .6rem .8rem; }
dl.body { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .2rem 1rem; }
dl.body dt { color: var(--text3); font-size: .85rem; } dl.body dd { margin: 0; }
.blocked { border-color: var(--block); }
.tag { border: 1px solid var(--line); border-radius: 4px; padding: 0 .35rem; font-size: .75rem; color: var(--text2); }
.tag.block { color: var(--block); border-color: var(--block); }
.status { font-size: .8rem; color: var(--text2); }
.status.completed { color: var(--allow); } .status.failed, .status.truncated, .status.blocked { color: var(--block); }
.status.open, .status.cancelled { color: var(--modify); }
.decision { border-left: 4px solid var(--text3); border-radius: 6px; background: var(--panel); padding: .6rem .9rem;
  margin: .6rem 0; }
.decision.block { border-color: var(--block); background: var(--block-soft); }
.decision.block strong { color: var(--block); }
.decision.replace { border-color: var(--modify); background: var(--modify-soft); }
.decision.replace strong { color: var(--modify); }
.decision.hold { border-color: var(--hold); background: var(--hold-soft); } .decision.hold strong { color: var(--hold); }
.decision.shadow { border-left-style: dashed; }
.label { margin-top: .5rem; font-size: .75rem; color: var(--text3); }
.quote { padding: .3rem .6rem; border: 1px solid var(--line); border-radius: 6px; background: var(--canvas); }
.notice { color: var(--block); }
mark { background: var(--mark); color: inherit; border-radius: 3px; }
.code { font: 600 .8em ui-monospace, monospace; color: var(--block); border: 1px solid currentColor; border-radius: 3px;
  padding: 0 .2em; margin: 0 .1em; }
footer { margin-top: 3rem; color: var(--text3); font-size: .8rem; }
@media print { .card, .decision { break-inside: avoid; } }
)css";

} // namespace luthien::archive
