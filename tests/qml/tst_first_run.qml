// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.FirstRun

TestCase {
    id: root

    name: "FirstRunPane"
    width: 900
    height: 700
    when: windowShown
    visible: true

    FirstRunPane {
        id: pane

        anchors.fill: parent
        agents: fixture.agents
        clipboard: fixture.clipboard
        proxy: fixture.proxy
    }

    TextEdit {
        id: paper

        visible: false
    }

    function cards(item) {
        let found = [];
        for (let i = 0; i < item.children.length; ++i) {
            const child = item.children[i];
            found = child.snippet !== undefined ? found.concat([child]) : found.concat(cards(child));
        }
        return found;
    }

    function test_copiesTheExactLine() {
        const claude = cards(pane).filter(card => card.name === "Claude Code")[0];
        compare(claude.snippet, "ANTHROPIC_BASE_URL=http://127.0.0.1:4000 claude");
        claude.copyRequested();
        paper.paste();
        compare(paper.text, claude.snippet);
    }

    function test_namesEveryAgent() {
        const names = cards(pane).map(card => card.name);
        for (const name of ["Claude Code", "Codex", "OpenCode", "Gemini CLI", "OpenAI SDKs", "Anthropic SDKs"])
            verify(names.includes(name), name);
    }
}
