// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.Settings
import Luthien.Desktop

TestCase {
    id: root

    name: "SettingsPage"
    width: 1100
    height: 700
    when: windowShown
    visible: true

    SettingsPage {
        id: page

        anchors.fill: parent
        settings: fixture.shell.settings
        proxy: fixture.shell.proxy
        notices: fixture.shell.notices
        appearance: fixture.shell.appearance
        clipboard: fixture.clipboard
    }

    function all(item, fits) {
        let found = [];
        for (let i = 0; i < item.children.length; ++i)
            found = found.concat(fits(item.children[i]) ? [item.children[i]] : [], all(item.children[i], fits));
        return found;
    }

    function line(key) {
        return all(page, item => item.key === key && item.saveWanted !== undefined)[0];
    }

    function field(key) {
        return all(line(key), item => item.echoMode !== undefined && item.visible)[0];
    }

    function show(group) {
        page.current = group;
        wait(0);
    }

    function test_aValueIsCheckedAsOneTypesAndKeptWithReturn() {
        show(SettingsModel.Limits);
        const input = field("limits.connect");
        input.forceActiveFocus();
        input.selectAll();
        for (const letter of "soon")
            keyClick(letter);
        verify(line("limits.connect").problem !== "");
        keyClick(Qt.Key_Return);
        verify(!line("limits.connect").stored);
        input.selectAll();
        for (const letter of "7s")
            keyClick(letter);
        compare(line("limits.connect").problem, "");
        keyClick(Qt.Key_Return);
        verify(line("limits.connect").stored);
        compare(input.text, "7s");
        line("limits.connect").takeBackWanted();
        compare(input.text, "10s");
    }

    function test_escapeForgetsWhatWasTyped() {
        show(SettingsModel.Limits);
        const input = field("limits.heartbeat");
        const before = input.text;
        input.forceActiveFocus();
        keyClick("9");
        verify(line("limits.heartbeat").changed);
        keyClick(Qt.Key_Escape);
        compare(input.text, before);
    }

    function test_aStrongerSourceCannotBeTypedOver() {
        show(SettingsModel.Limits);
        verify(field("limits.idle").readOnly);
    }

    function test_onlyOneHeadingIsShown() {
        for (let group = 0; group < page.headings.length; ++group) {
            show(group);
            for (const each of all(page, item => item.saveWanted !== undefined && item.key !== undefined && item.visible))
                compare(each.group, group);
        }
        compare(fixture.fetches, 0);
    }

    function test_theChainIsVerified() {
        show(7);
        const evidence = fixture.shell.settings.evidence;
        fixture.shell.evidenceBroken = true;
        evidence.start();
        tryVerify(() => !evidence.running && evidence.outcome === EvidenceVerification.Broken);
        fixture.shell.evidenceBroken = false;
        evidence.start();
        tryVerify(() => !evidence.running && evidence.outcome === EvidenceVerification.Holds);
        compare(fixture.fetches, 0);
    }

    function test_aDatabaseIsTriedBeforeItIsChosen() {
        show(SettingsModel.Store);
        const trial = fixture.shell.settings.databaseTrial;
        trial.start("postgresql://u@h/d");
        tryVerify(() => !trial.running && trial.outcome === DatabaseTrial.NeedsTables);
        compare(trial.text, fixture.hostile + " answers. It has no tables of ours; the next start with it makes them, of version 9, or do it now.");
        compare(fixture.fetches, 0);
    }
}
