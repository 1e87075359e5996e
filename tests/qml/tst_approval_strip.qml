// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.Approvals

TestCase {
    id: root

    name: "ApprovalStrip"
    width: 900
    height: 500
    when: windowShown
    visible: true

    ApprovalStrip {
        id: strip

        width: parent.width
        approvals: fixture.approvals
    }

    SignalSpy {
        id: opened

        target: strip
        signalName: "allWanted"
    }

    function find(name) {
        return findChild(strip, name);
    }

    function ask(command) {
        const id = fixture.ask(command);
        tryVerify(() => fixture.approvals.waiting);
        return id;
    }

    function init() {
        fixture.withdrawAll();
        fixture.revokeAll();
        tryVerify(() => !fixture.approvals.waiting);
    }

    function test_1_standsThereOnlyWhileSomethingWaits() {
        verify(!strip.visible);
        const id = ask("rm -rf " + fixture.hostile);
        verify(strip.visible);
        verify(find("approvalWords").text.startsWith("rm -rf <img"));
        verify(find("approvalReason").text.includes("<img"));
        verify(find("timeLeft").text.startsWith("30 s left") || find("timeLeft").text.startsWith("29 s left"));
        verify(!find("denyCall").activeFocus && !find("allowCall").activeFocus);
        wait(0);
        compare(fixture.fetches, 0);
        waitForItemPolished(find("approvalReason").parent); // which puts the button in its place
        mouseClick(find("openApprovals"));
        compare(opened.count, 1);
        strip.elsewhere = true;
        verify(!strip.visible, "the page shows the same");
        strip.elsewhere = false;
        tryVerify(() => find("allowCall").enabled);
        mouseClick(find("allowCall"));
        compare(fixture.outcomeOf(id), "allow");
        verify(!strip.visible);
    }

    function test_2_isAnsweredByKeyboard() {
        const id = ask("ls");
        tryVerify(() => find("denyCall").enabled);
        strip.take();
        verify(find("denyCall").activeFocus);
        find("denyMessage").forceActiveFocus();
        for (const key of "No")
            keyClick(key);
        verify(find("timeLeft").text.startsWith("Clock stopped"), "who writes has time");
        keyClick(Qt.Key_Tab);
        verify(find("denyCall").activeFocus);
        compare(find("denyCall").text, "Deny with message");
        keyClick(Qt.Key_Return);
        compare(fixture.outcomeOf(id), "deny: No");
    }

    function test_4_reachesFurtherIfTold() {
        const first = ask("one");
        verify(!find("answerPreview").visible && !find("answerScope").visible);
        compare(find("allowCall").text, "Allow once");
        const height = strip.implicitHeight;
        mouseClick(findChild(strip, "answerDuration.5"));
        verify(find("answerMeaning").text.includes("with exactly these arguments"));
        mouseClick(findChild(strip, "answerScope.2"));
        verify(find("answerMeaning").text.includes("<img"));
        tryVerify(() => find("answerPreview").text.startsWith("Would have matched 1 of 0"));
        verify(find("answerPreview").text.includes("<img"));
        tryVerify(() => strip.implicitHeight > height);
        compare(find("allowCall").text, "Allow: 12 h");
        compare(find("denyCall").text, "Deny: 12 h");
        compare(fixture.fetches, 0);
        tryVerify(() => find("allowCall").enabled);
        compare(fixture.ruleCount(), 0);
        waitForRendering(strip);
        mouseClick(find("allowCall"));
        compare(fixture.outcomeOf(first), "allow");
        compare(fixture.ruleCount(), 1);
    }

    function test_3_aSecondClickAnswersNothing() {
        const first = ask("one");
        const second = fixture.ask("two");
        tryCompare(fixture.approvals, "count", 2);
        tryVerify(() => find("allowCall").enabled);
        find("denyMessage").text = "for the first";
        mouseClick(find("allowCall"));
        mouseClick(find("allowCall"));
        compare(fixture.outcomeOf(first), "allow");
        compare(fixture.outcomeOf(second), "");
        compare(find("approvalWords").text, "two");
        compare(find("denyMessage").text, "");
        tryVerify(() => find("denyCall").enabled);
        mouseClick(find("denyCall"));
        compare(fixture.outcomeOf(second), "deny: ");
    }
}
